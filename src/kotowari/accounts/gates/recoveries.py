"""Recovering an account whose second factors are lost: by its owner, two of staff, and the clock."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.oneself import OwnFacts, still_member
from kotowari.accounts.gates.remedies import TO_GO_ON_RECOVERING, TO_LOGIN, TO_RECOVERIES, TO_RECOVERY
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text

WITH_STAFF = ("proving", "first_approval")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecoveryFacts(OwnFacts):
    """Whether somebody has a second factor to recover, and no recovery under way."""

    has_factor: bool = True
    is_under_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryFacts:
    """One recovery, and who acts on it: its owner, staff, the market itself; `approved_before` by this very person."""

    state: str
    now: datetime
    lapses_at: datetime
    is_owner: bool = False
    is_staff: bool = False
    is_system: bool = False
    approved_before: bool = False
    cooling_until: datetime | None = None
    next_notice_at: datetime | None = None
    left_at: datetime | None = None


def something_to_recover(facts: NewRecoveryFacts) -> Blocker | None:
    if facts.has_factor:
        return None
    return Blocker(
        code="no_factor",
        reason=Text(
            "このアカウントには二段階認証がありません。そのままログインできます。",
            "This account has no second factor. You can sign in as it is.",
        ),
        rule="A114",
        resolved_by="you",
        remedy=TO_LOGIN,
    )


def none_under_way(facts: NewRecoveryFacts) -> Blocker | None:
    if not facts.is_under_way:
        return None
    return Blocker(
        code="under_way",
        reason=Text(
            "復旧の手続きは、すでに始まっています。登録されたメールアドレスに送るリンクから続けられます。",
            "A recovery is under way already. Go on by the link that is mailed to the registered address.",
        ),
        rule="P013",
        resolved_by="you",
        remedy=TO_GO_ON_RECOVERING,
    )


def only_its_owner(facts: RecoveryFacts) -> Blocker | None:
    if facts.is_owner:
        return None
    return Blocker(
        code="not_yours",
        reason=Text("この手続きができるのは、アカウントの本人だけです。", "Only the owner of the account can do this."),
        rule="P013",
        resolved_by="counterparty",
        status=403,
    )


def its_owner_or_the_market(facts: RecoveryFacts) -> Blocker | None:
    return None if facts.is_system else only_its_owner(facts)


def only_staff(facts: RecoveryFacts) -> Blocker | None:
    if facts.is_staff:
        return None
    return Blocker(
        code="staff_only",
        reason=Text("この判断ができるのは、運営の担当者だけです。", "Only the operator's staff decides about it."),
        rule="P013",
        resolved_by="operator",
        status=403,
    )


def not_ones_own(facts: RecoveryFacts) -> Blocker | None:
    if not facts.is_owner:
        return None
    return Blocker(
        code="oneself",
        reason=Text(
            "自分自身の復旧は、ほかの担当者2人が決めます。", "Two others of staff decide about your own account."
        ),
        rule="P013",
        resolved_by="operator",
        status=403,
    )


def another_than_before(facts: RecoveryFacts) -> Blocker | None:
    if not facts.approved_before:
        return None
    return Blocker(
        code="another_needed",
        reason=Text(
            "1人目として確認済みです。もう1人、別の担当者が確認します。",
            "You approved it first already. Somebody else of staff has to look at it.",
        ),
        rule="P013",
        resolved_by="operator",
        status=403,
    )


def the_market_alone(facts: RecoveryFacts) -> Blocker | None:
    if facts.is_system:
        return None
    return Blocker(
        code="system_only",
        reason=Text("この操作は、マーケット自身だけが行います。", "Only the market itself does this."),
        rule="P013",
        resolved_by="operator",
        status=403,
    )


def waits_for_its_owner(facts: RecoveryFacts) -> Blocker | None:
    if facts.state == "asked" and facts.now < facts.lapses_at:
        return None
    return _not_now("説明を受け付ける段階は終わっています。", "The time to tell about it is over.", facts)


def is_with_staff(facts: RecoveryFacts) -> Blocker | None:
    if facts.state in WITH_STAFF and facts.now < facts.lapses_at:
        return None
    return _not_now("いまは、運営の確認を待つ段階ではありません。", "It does not wait for staff now.", facts)


def can_be_refused(facts: RecoveryFacts) -> Blocker | None:
    if facts.state in (*WITH_STAFF, "cooling"):
        return None
    return _not_now("いまは、お断りできる段階ではありません。", "It cannot be refused at this point.", facts)


def still_open(facts: RecoveryFacts) -> Blocker | None:
    if facts.state in ("asked", *WITH_STAFF, "cooling"):
        return None
    return _not_now("この手続きは、すでに終わっています。", "This recovery is over already.", facts)


def is_time_to_tell(facts: RecoveryFacts) -> Blocker | None:
    if facts.state == "cooling" and facts.next_notice_at is not None and facts.now >= facts.next_notice_at:
        return None
    return _not_due(facts.next_notice_at)


def has_cooled(facts: RecoveryFacts) -> Blocker | None:
    """Only when everybody concerned was told to the last does the end of the time count."""
    told = facts.state == "cooling" and facts.next_notice_at is None
    if told and facts.cooling_until is not None and facts.now >= facts.cooling_until:
        return None
    return _not_due(facts.cooling_until)


def owner_still_here(facts: RecoveryFacts) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="member_has_left",
        reason=Text("退会した会員の復旧はできません。", "Somebody who has left is not recovered."),
        rule="A091",
        resolved_by="counterparty",
        facts={"left_at": facts.left_at},
    )


def has_lapsed(facts: RecoveryFacts) -> Blocker | None:
    over = facts.state in ("asked", *WITH_STAFF) and facts.now >= facts.lapses_at
    gone = facts.left_at is not None and still_open(facts) is None
    return None if over or gone else _not_due(facts.lapses_at)


def _not_now(ja: str, en: str, facts: RecoveryFacts) -> Blocker:
    return Blocker(
        code="not_in_this_state",
        reason=Text(ja, en),
        rule="P013",
        resolved_by="you",
        facts={"state": facts.state},
        remedy=TO_RECOVERIES if facts.is_staff and not facts.is_owner else TO_RECOVERY,
    )


def _not_due(clears_at: datetime | None) -> Blocker:
    return Blocker(
        code="not_due",
        reason=Text("その時期はまだ来ていません。", "It is not time yet."),
        rule="P003",
        resolved_by="time",
        clears_at=clears_at,
    )


ASK_RECOVERY = Action(
    "accounts.recovery.ask",
    title=Text("復旧のリンクをメールで受け取る", "Have the link for a recovery mailed"),
    no=Text("復旧のメールを送れません", "The mail cannot be sent"),
)
START_RECOVERY = Action(
    "accounts.recovery.start",
    title=Text("二段階認証の復旧を始める", "Begin to recover"),
    no=Text("復旧を始められません", "The recovery cannot begin"),
    rules=(still_member, something_to_recover, none_under_way),
)
SEND_RECOVERY_CODE = Action(
    "accounts.recovery.send_code",
    title=Text("新しい確認コードを送る", "Send a new code"),
    no=Text("確認コードを送れません", "No code can be sent"),
    subject="accounts.factorrecovery",
    rules=(only_its_owner, waits_for_its_owner),
)
STATE_RECOVERY = Action(
    "accounts.recovery.state",
    title=Text("説明を送る", "Send what you know"),
    no=Text("説明を送れません", "It cannot be sent"),
    subject="accounts.factorrecovery",
    rules=(only_its_owner, waits_for_its_owner),
)
ASK_IN_RECOVERY = Action(
    "accounts.recovery.question",
    title=Text("本人にたずねる", "Ask the member"),
    no=Text("たずねられません", "No question can be asked"),
    subject="accounts.factorrecovery",
    rules=(only_staff, not_ones_own, is_with_staff),
)
ANSWER_RECOVERY = Action(
    "accounts.recovery.answer",
    title=Text("返事を送る", "Answer"),
    no=Text("返事を送れません", "No answer can be sent"),
    subject="accounts.factorrecovery",
    rules=(only_its_owner, is_with_staff),
)
APPROVE_RECOVERY = Action(
    "accounts.recovery.approve",
    title=Text("本人と認める", "Approve: this is the owner"),
    no=Text("承認できません", "It cannot be approved"),
    subject="accounts.factorrecovery",
    rules=(only_staff, not_ones_own, another_than_before, is_with_staff, owner_still_here),
)
REFUSE_RECOVERY = Action(
    "accounts.recovery.refuse",
    title=Text("お断りする", "Refuse"),
    no=Text("お断りできません", "It cannot be refused"),
    subject="accounts.factorrecovery",
    rules=(only_staff, not_ones_own, can_be_refused),
)
CANCEL_RECOVERY = Action(
    "accounts.recovery.cancel",
    title=Text("復旧を取りやめる", "Cancel the recovery"),
    no=Text("取りやめられません", "It cannot be cancelled"),
    subject="accounts.factorrecovery",
    rules=(its_owner_or_the_market, still_open),
)
TELL_RECOVERY = Action(
    "accounts.recovery.tell",
    title=Text("確認期間を知らせる", "Tell of the cooling-off"),
    no=Text("まだ知らせる時期ではありません", "It is not time to tell"),
    subject="accounts.factorrecovery",
    rules=(the_market_alone, is_time_to_tell),
)
FINISH_RECOVERY = Action(
    "accounts.recovery.finish",
    title=Text("二段階認証を外す", "Remove the second factors"),
    no=Text("まだ外せません", "They cannot be removed yet"),
    subject="accounts.factorrecovery",
    rules=(the_market_alone, has_cooled, owner_still_here),
)
LAPSE_RECOVERY = Action(
    "accounts.recovery.lapse",
    title=Text("期限の過ぎた復旧を終える", "End a recovery whose time has run out"),
    no=Text("まだ終えられません", "It cannot be ended yet"),
    subject="accounts.factorrecovery",
    rules=(the_market_alone, has_lapsed),
)
