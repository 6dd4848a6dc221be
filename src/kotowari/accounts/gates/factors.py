"""Second factors: adding, renaming and removing them, and showing one."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.oneself import OwnFacts, ProvedFacts, recently_proved, signed_in, still_member
from kotowari.accounts.gates.remedies import TO_FACTORS, TO_LOGIN, TO_RECOVERY
from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFactorFacts(ProvedFacts):
    """One's own second factors, and how many there may be."""

    factors: int = 0
    factors_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTelephoneFacts(NewFactorFacts):
    """The same, and whether the operator can send text messages at all."""

    is_offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupFacts(ProvedFacts):
    """A second factor that is being added."""

    setup_until: datetime
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFacts(ProvedFacts):
    """Whether somebody has a second factor."""

    has_factor: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFacts(OwnFacts):
    """Somebody who proved by another way who they are, and is about to show a second factor."""

    has_factor: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFacts(ShownFacts):
    """A code that is to be sent to a telephone."""

    is_telephone: bool = True
    is_offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseFacts:
    """A second factor whose setup was left unfinished, and who drops it."""

    is_system: bool
    now: datetime
    setup_until: datetime
    confirmed_at: datetime | None = None


def room_for_a_factor(facts: NewFactorFacts) -> Blocker | None:
    if facts.factors < facts.factors_max:
        return None
    return Blocker(
        code="too_many_factors",
        reason=Text(
            "登録できる二段階認証の方法は{max}個までです。使っていないものを外すと登録できます。",
            "At most {max} second factors can be registered. Remove one that you no longer use.",
        ).format(max=facts.factors_max),
        rule="A114",
        resolved_by="you",
        facts={"count": facts.factors, "max": facts.factors_max},
        remedy=TO_FACTORS,
    )


def text_messages_offered(facts: NewTelephoneFacts | SendFacts) -> Blocker | None:
    if facts.is_offered:
        return None
    return Blocker(
        code="no_text_messages",
        reason=Text(
            "いまはSMSを送れません。認証アプリかパスキーをお使いください。",
            "We cannot send text messages at present. Please use an app or a passkey.",
        ),
        rule="A114",
        resolved_by="operator",
        remedy=TO_FACTORS,
    )


def not_confirmed_yet(facts: SetupFacts) -> Blocker | None:
    if facts.confirmed_at is None:
        return None
    return Blocker(
        code="already_confirmed",
        reason=Text("この方法は、すでに登録されています。", "This one is registered already."),
        rule="A114",
        resolved_by="you",
        facts={"confirmed_at": facts.confirmed_at},
        remedy=TO_FACTORS,
    )


def setup_alive(facts: SetupFacts) -> Blocker | None:
    if facts.now < facts.setup_until or facts.confirmed_at is not None:
        return None
    return Blocker(
        code="setup_over",
        reason=Text(
            "登録の手続きの期限が過ぎました。はじめからやり直してください。", "The time to finish has run out."
        ),
        rule="A114",
        resolved_by="you",
        facts={"setup_until": facts.setup_until},
        remedy=TO_FACTORS,
    )


def has_factor(facts: HeldFacts) -> Blocker | None:
    if facts.has_factor:
        return None
    return Blocker(
        code="no_factor",
        reason=Text(
            "二段階認証を登録していないため、まだ必要ありません。先に認証アプリ・パスキー・電話番号のどれかを登録してください。",
            "You have no second factor, so there is nothing to fall back from. Register an app, a passkey or a telephone "
            "number first.",
        ),
        rule="A116",
        resolved_by="you",
        remedy=TO_FACTORS,
    )


def is_asked_for(facts: ShownFacts) -> Blocker | None:
    if facts.has_factor:
        return None
    return Blocker(
        code="not_needed",
        reason=Text(
            "このアカウントには二段階認証がありません。もう一度ログインしてください。",
            "This account has no second factor. Please sign in once more.",
        ),
        rule="A114",
        resolved_by="you",
        remedy=TO_LOGIN,
    )


def is_telephone(facts: SendFacts) -> Blocker | None:
    if facts.is_telephone:
        return None
    return Blocker(
        code="not_a_telephone",
        reason=Text(
            "コードを送れるのは、登録した電話番号だけです。", "Codes are sent to registered telephone numbers only."
        ),
        rule="A114",
        resolved_by="you",
        remedy=TO_RECOVERY,
    )


def setup_left_behind(facts: LapseFacts) -> Blocker | None:
    if facts.confirmed_at is None and facts.now >= facts.setup_until:
        return None
    return Blocker(
        code="not_due",
        reason=Text("登録の手続きの期限はまだ来ていません。", "The time to finish has not run out."),
        rule="A114",
        resolved_by="time",
        clears_at=None if facts.confirmed_at else facts.setup_until,
    )


ADD_FACTOR = Action(
    "accounts.factor.add",
    title=Text("二段階認証を登録する", "Add a second factor"),
    no=Text("二段階認証を登録できません", "No second factor can be added"),
    rules=(signed_in, still_member, recently_proved, room_for_a_factor),
)
ADD_TELEPHONE = Action(
    "accounts.factor.add_telephone",
    title=Text("電話番号を登録する", "Add a telephone number"),
    no=Text("電話番号を登録できません", "No telephone number can be added"),
    rules=(signed_in, still_member, recently_proved, room_for_a_factor, text_messages_offered),
)
CONFIRM_FACTOR = Action(
    "accounts.factor.confirm",
    title=Text("登録を終える", "Finish adding it"),
    no=Text("登録を終えられません", "It cannot be finished"),
    subject="accounts.factor",
    rules=(signed_in, still_member, recently_proved, not_confirmed_yet, setup_alive),
)
RENAME_FACTOR = Action(
    "accounts.factor.rename",
    title=Text("名前を変える", "Rename"),
    no=Text("名前を変えられません", "It cannot be renamed"),
    subject="accounts.factor",
    rules=(signed_in, still_member, recently_proved),
)
REMOVE_FACTOR = Action(
    "accounts.factor.remove",
    title=Text("外す", "Remove"),
    no=Text("外せません", "It cannot be removed"),
    subject="accounts.factor",
    rules=(signed_in, still_member, recently_proved),
)
MAKE_RECOVERY_CODES = Action(
    "accounts.recovery_codes.make",
    title=Text("回復コードを作る", "Make recovery codes"),
    no=Text("回復コードを作れません", "No recovery codes can be made"),
    rules=(signed_in, still_member, recently_proved, has_factor),
)
SHOW_FACTOR = Action(
    "accounts.factor.show",
    title=Text("二段階認証をする", "Show the second factor"),
    no=Text("二段階認証ができません", "The second factor cannot be taken"),
    rules=(still_member, is_asked_for),
)
SEND_FACTOR_CODE = Action(
    "accounts.factor.send_code",
    title=Text("SMSでコードを送る", "Send a code by text message"),
    no=Text("コードを送れません", "No code can be sent"),
    subject="accounts.factor",
    rules=(still_member, is_telephone, text_messages_offered),
)
TRUST_DEVICE = Action(
    "accounts.device.trust",
    title=Text("この端末を信頼する", "Trust this device"),
    no=Text("この端末を信頼する設定はできません", "This device cannot be trusted"),
    rules=(signed_in, still_member),
)
WARN_OF_CODES = Action(
    "accounts.factor.warn",
    title=Text("コードの間違いが続いたことを知らせる", "Tell of wrong codes"),
    no=Text("知らせることができません", "It cannot be told"),
    rules=(only_the_system,),
)
LAPSE_FACTOR = Action(
    "accounts.factor.lapse",
    title=Text("終わらなかった登録を取り消す", "Drop what was not finished"),
    no=Text("まだ取り消せません", "It cannot be dropped yet"),
    subject="accounts.factor",
    rules=(only_the_system, setup_left_behind),
)
