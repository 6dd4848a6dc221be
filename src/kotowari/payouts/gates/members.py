"""What a member does about being paid, and what would keep the next payout from coming."""

from dataclasses import dataclass, field
from datetime import date, datetime

from kotowari.accounts.gates import held_blocker
from kotowari.accounts.gates.oneself import proved_for_money, signed_in
from kotowari.accounts.restrictions import InForce
from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payouts.reasons import HOLDER_FAULTS, HOLDER_REFUSED, HOLDER_SAID_NO

TO_ACCOUNT = Remedy(Text("口座を登録する", "Register a bank account"), "/my/bank-account/")
TO_CORRECT = Remedy(Text("口座を確かめて登録し直す", "Check the account and register it again"), "/my/bank-account/")
TO_HOLDER = Remedy(Text("口座と名前を見比べる", "Compare account and name"), "/my/bank-account/#chain")
TO_NAME = Remedy(Text("本名・法人名を登録する", "Register your real name"), "/my/name/")
TO_METHOD = Remedy(Text("出金方法を選び直す", "Choose another payout method"), "/my/rewards/#method")
TO_QUICK = Remedy(Text("クイック出金を申請する", "Ask to be paid at once"), "/my/rewards/#quick")
TO_JOBS = Remedy(Text("仕事を探す", "Find work"), "/jobs/")
TO_REWARDS = Remedy(Text("報酬のページを開く", "Open your rewards"), "/my/rewards/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """Who wants to say how they are paid."""

    signed_in: bool
    is_staff: bool = False
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts(OwnFacts):
    """Who wants to say where they are paid, when they proved to be the owner, and what keeps that as it is for now."""

    now: datetime
    proved_at: datetime | None = None
    proof_minutes: int
    via: str = ""
    held: InForce | None = None
    needs_name: bool = False
    has_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeFacts:
    """Whether a payout is one's own, or one looks at it for the operator."""

    may_see: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlight:
    """Money that has left the balance and is on its way."""

    net_yen: int
    pays_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFacts:
    """What decides whether money due back to a client can be sent. `fault_code` says what the account's fault is about.

    `fault_ends_at` is when the clock ends that fault by itself, if it does.
    """

    has_account: bool
    account_fault: Text | None
    fault_code: str = ""
    fault_ends_at: datetime | None = None
    held: InForce | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveFacts(RefundFacts):
    """What decides whether the next closing pays a member's rewards.

    `available_yen` is what that closing would take in; `minimum_yen` the method's; `net_yen` what would arrive.
    """

    available_yen: int
    method: str
    method_name: Text
    minimum_yen: int
    standard_minimum_yen: int
    net_yen: int
    closes_on: date
    pays_on: date
    quick_bank_days: int = 3
    in_flight: tuple[InFlight, ...] = field(default=())


def takes_part(facts: OwnFacts) -> Blocker | None:
    """Staff run the market and take no work in it, so nothing is ever paid to them here."""
    if not facts.is_staff:
        return None
    return Blocker(
        code="is_staff",
        reason=Text(
            "運営のアカウントは仕事を受けないため、支払いの受け取りもありません。",
            "Staff accounts take no work, so there is nothing to be paid to them.",
        ),
        rule="P001",
        resolved_by="you",
        remedy=Remedy(Text("会員として別に登録する", "Sign up as a member"), "/signup/"),
        status=403,
    )


def still_member(facts: OwnFacts) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="has_left",
        reason=Text("このアカウントは退会済みです。", "This account has left the market."),
        rule="A091",
        resolved_by="you",
        facts={"left_at": facts.left_at},
        remedy=Remedy(Text("お問い合わせ", "Contact us"), "/contact/"),
        status=403,
    )


def own_payout(facts: SeeFacts) -> Blocker | None:
    if facts.may_see:
        return None
    return Blocker(
        code="not_yours",
        reason=Text("この出金は表示できません。", "This payout cannot be shown."),
        rule="P012",
        resolved_by="you",
        remedy=TO_REWARDS,
        status=404,
    )


def something_there(facts: ReceiveFacts) -> Blocker | None:
    """Without a fixed reward there is nothing to pay; what is on its way already is said with its date."""
    if facts.available_yen > 0:
        return None
    if facts.in_flight:
        total_yen = sum(each.net_yen for each in facts.in_flight)
        last_on = max(each.pays_on for each in facts.in_flight)
        return Blocker(
            code="in_flight",
            reason=Text(
                "{amount}は振込の手続き中で、{day}までに口座へ届きます。ほかに確定した報酬はありません。",
                "{amount} is on its way and arrives by {day}. No other reward is fixed.",
            ).format(amount=yen(total_yen), day=day_in_words(last_on)),
            rule="A046",
            resolved_by="time",
            facts={"net_yen": total_yen, "pays_on": last_on},
            remedy=TO_REWARDS,
            clears_at=clock.end_of(last_on),
        )
    return Blocker(
        code="nothing_fixed",
        reason=Text(
            "確定した報酬がまだありません。検収された仕事の報酬から、次の締めで支払われます。",
            "No reward is fixed yet. What is accepted is paid by the closing that follows.",
        ),
        rule="A050",
        resolved_by="you",
        facts={"available_yen": 0},
        remedy=TO_JOBS,
    )


def method_pays(facts: ReceiveFacts) -> Blocker | None:
    if facts.method == "quick":
        return Blocker(
            code="paid_on_request",
            reason=Text(
                "クイック出金を選んでいる間は、締めでは支払われません。申請すると{days}営業日以内に届きます。",
                "With quick payout chosen, closings pay nothing: it arrives within {days} bank days of your asking.",
            ).format(days=facts.quick_bank_days),
            rule="A053",
            resolved_by="you",
            facts={"available_yen": facts.available_yen},
            remedy=TO_QUICK,
        )
    if facts.method != "carry_over":
        return None
    return Blocker(
        code="carry_over_chosen",
        reason=Text(
            "キャリーオーバー方式を選んでいる間は、額にかかわらず次回以降に繰り延べます。",
            "Under carry-over nothing is paid out, whatever the amount, until another method is chosen.",
        ),
        rule="A048",
        resolved_by="you",
        facts={"available_yen": facts.available_yen},
        remedy=TO_METHOD,
    )


def minimum_reached(facts: ReceiveFacts) -> Blocker | None:
    """At least the minimum, not more than it: exactly 1,000 yen is paid (K-9)."""
    missing_yen = facts.minimum_yen - facts.available_yen
    if facts.method in ("carry_over", "quick") or facts.available_yen <= 0 or missing_yen <= 0:
        return None
    another_pays = facts.method == "threshold" and facts.available_yen >= facts.standard_minimum_yen
    return Blocker(
        code="below_minimum",
        reason=Text(
            "未出金の報酬は{amount}で、{method}の最低額{minimum}まであと{missing}です。"
            "次の締め日({day})に届かないぶんは、その次に繰り越されます。なくなることはありません。",
            "You have {amount}; {method} needs {minimum}, so {missing} is missing. What does not reach it by the next "
            "closing ({day}) is carried over to the one after; nothing is lost.",
        ).format(
            amount=yen(facts.available_yen),
            method=facts.method_name,
            minimum=yen(facts.minimum_yen),
            missing=yen(missing_yen),
            day=day_in_words(facts.closes_on),
        ),
        rule="A047" if facts.method == "threshold" else "A044",
        resolved_by="you",
        facts={
            "available_yen": facts.available_yen,
            "minimum_yen": facts.minimum_yen,
            "missing_yen": missing_yen,
            "next_closes_on": facts.closes_on,
        },
        remedy=TO_METHOD if another_pays else TO_JOBS,
    )


def fee_leaves_something(facts: ReceiveFacts) -> Blocker | None:
    if facts.available_yen <= 0 or facts.net_yen > 0:
        return None
    return Blocker(
        code="fee_takes_all",
        reason=Text(
            "振込手数料を引くと残らないため、次回以降に繰り延べます。",
            "The transfer fee would leave nothing of it; it is carried over.",
        ),
        rule="A052",
        resolved_by="you",
        facts={"available_yen": facts.available_yen, "fee_yen": facts.available_yen - facts.net_yen},
        remedy=TO_JOBS,
    )


def account_registered(facts: RefundFacts) -> Blocker | None:
    if facts.has_account:
        return None
    return Blocker(
        code="no_bank_account",
        reason=Text(
            "振込先の口座が登録されていません。登録されるまで、お金は運営がお預かりしています。",
            "No bank account is registered. The money waits for you until there is one.",
        ),
        rule="A152",
        resolved_by="you",
        remedy=TO_ACCOUNT,
    )


def name_registered(facts: AccountFacts) -> Blocker | None:
    """The chain is name, account, payout: said before anything is typed (K-13, K-15)."""
    if facts.has_name or not facts.needs_name:
        return None
    return Blocker(
        code="name_missing",
        reason=Text(
            "口座の名義と照らし合わせる、本名・法人名がまだ登録されていません。",
            "Your real name, with which the holder of the account is compared, is not registered yet.",
        ),
        rule="A151",
        resolved_by="you",
        remedy=TO_NAME,
    )


def account_works(facts: RefundFacts) -> Blocker | None:
    """A holder that staff look at ends by their answer, by the clock (P020), or by another account or name.

    A refusal can be contested, the clock's as well as theirs.
    """
    if facts.account_fault is None:
        return None
    if facts.fault_code in HOLDER_FAULTS:
        return Blocker(
            code="holder_unconfirmed",
            reason=facts.account_fault,
            rule="A153",
            resolved_by="you" if facts.fault_code in HOLDER_SAID_NO else "operator",
            decided_by="staff" if facts.fault_code == HOLDER_REFUSED else "rule",
            facts={"fault": facts.account_fault},
            remedy=TO_HOLDER,
            clears_at=facts.fault_ends_at,
        )
    return Blocker(
        code="account_unusable",
        reason=Text("登録口座に振り込めません:{fault}", "The registered account cannot be paid: {fault}").format(
            fault=facts.account_fault
        ),
        rule="A153",
        resolved_by="you",
        facts={"fault": facts.account_fault},
        remedy=TO_CORRECT,
    )


def not_held(facts: AccountFacts | RefundFacts) -> Blocker | None:
    """A hold or a freeze keeps money and account where they are until it ends; nothing is lost meanwhile (A120)."""
    return held_blocker(facts.held)


def day_in_words(day: date) -> Text:
    """A day as people read it."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day:%-d %B %Y}")


SET_ACCOUNT = Action(
    "payouts.bank_account.set",
    Text("口座を登録する", "Register a bank account"),
    Text("口座を登録できません", "A bank account cannot be registered"),
    rules=(signed_in, takes_part, still_member, proved_for_money, not_held, name_registered),
)
CHOOSE_METHOD = Action(
    "payouts.method.choose",
    Text("出金方法を選ぶ", "Choose how you are paid"),
    Text("出金方法を選べません", "The payout method cannot be chosen"),
    rules=(signed_in, takes_part, still_member),
)
SEE = Action(
    "payouts.see",
    Text("出金を見る", "See the payout"),
    Text("この出金は表示できません", "This payout cannot be shown"),
    subject="payouts.payout",
    rules=(own_payout,),
)
BE_PAID = Action(
    "payouts.be_paid",
    Text("報酬を受け取れる", "Can be paid"),
    Text("いまのままでは報酬を振り込めません", "As things are you could not be paid"),
    rules=(not_held, account_registered, account_works),
)
RECEIVE = Action(
    "payouts.receive",
    Text("次の締めで報酬を受け取る", "Be paid at the next closing"),
    Text("次の締めでは支払われません", "The next closing will not pay you"),
    rules=(
        not_held,
        something_there,
        method_pays,
        minimum_reached,
        fee_leaves_something,
        account_registered,
        account_works,
    ),
)
