"""What staff and the clock do: closings, runs, bank files, and what the bank says became of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from kotowari.kernel.gates import Action, Blocker, Remedy, Rule
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payouts.gates.members import TO_REWARDS, day_in_words
from kotowari.payouts.transitions import BANK_ENTRY, PAYOUT, RUN

Role = Literal["owner", "staff", "system", "other"]
TO_RUNS = Remedy(Text("出金の一覧を開く", "Open the payout runs"), "/console/payouts/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """Who acts."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFacts(OperatorFacts):
    """A day that is to be closed. `near` are the closings before and after a day that is none."""

    now: datetime
    closes_on: date
    ends_at: datetime
    is_closing_day: bool
    near: tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeRunFacts(OperatorFacts):
    """How many payouts wait for a run."""

    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts(OperatorFacts):
    """A run and what the bank would say to its file.

    `sender_problems` is what is wrong with the operator's own account as it would stand in the file.
    """

    run_id: UUID
    state: str
    transfers: int
    total_yen: int
    daily_limit_yen: int | None
    has_sender: bool
    sender_problems: tuple[Text, ...]

    @property
    def url(self) -> str:
        return f"/console/payouts/{self.run_id}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutFacts(OperatorFacts):
    """One payout."""

    now: datetime
    state: str
    lapses_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts(OperatorFacts):
    """One line of the bank's statement."""

    state: str


def for_roles(*roles: Role) -> Rule:
    """Money leaves the house by staff's hand or by the clock, never by a member's (P008)."""

    def rule(facts: OperatorFacts) -> Blocker | None:
        if facts.role in roles:
            return None
        if roles == ("owner",):
            return _not_the_owner(facts)
        only_clock = roles == ("system",)
        return Blocker(
            code="not_your_step",
            reason=Text("この操作は期限が来ると自動で行われます。", "This happens by itself when its time has come.")
            if only_clock
            else Text("この操作は運営のスタッフが行います。", "This is done by the operator's staff."),
            rule="P003" if only_clock else "P008",
            resolved_by="time" if only_clock else "operator",
            remedy=TO_RUNS if facts.role == "staff" else TO_REWARDS,
            status=403,
        )

    return rule


def _not_the_owner(facts: OperatorFacts) -> Blocker:
    return Blocker(
        code="not_yours",
        reason=Text("持ち主本人だけができます。", "Only its owner can do this."),
        rule="P012",
        resolved_by="you",
        remedy=TO_RUNS if facts.role == "staff" else TO_REWARDS,
        status=403,
    )


def is_a_closing(facts: CloseFacts) -> Blocker | None:
    if facts.is_closing_day:
        return None
    before, after = facts.near
    return Blocker(
        code="no_closing_day",
        reason=Text(
            "{day}は締め日ではありません。前後の締め日は{before}と{after}です。",
            "{day} is no closing day; the nearest are {before} and {after}.",
        ).format(day=day_in_words(facts.closes_on), before=day_in_words(before), after=day_in_words(after)),
        rule="A046",
        resolved_by="operator",
        facts={"closes_on": facts.closes_on, "before": before, "after": after},
        remedy=TO_RUNS,
    )


def day_is_over(facts: CloseFacts) -> Blocker | None:
    if facts.ends_at <= facts.now:
        return None
    return Blocker(
        code="not_due",
        reason=Text("締めは{day}の終わりに行われます。", "It closes at the end of {day}.").format(
            day=day_in_words(facts.closes_on)
        ),
        rule="P003",
        resolved_by="time",
        facts={"closes_on": facts.closes_on},
        clears_at=facts.ends_at,
    )


def payouts_wait(facts: MakeRunFacts) -> Blocker | None:
    if facts.waiting > 0:
        return None
    return Blocker(
        code="nothing_waits",
        reason=Text("ファイルに入れる出金はありません。", "No payout waits for a file."),
        rule="A050",
        resolved_by="time",
        facts={"waiting": 0},
        remedy=TO_RUNS,
    )


def _run_in(*states: str) -> Rule:
    def rule(facts: RunFacts) -> Blocker | None:
        if facts.state in states:
            return None
        return Blocker(
            code=f"is_{facts.state}",
            reason=Text("この振込の束はいま「{state}」です。", "This run is now “{state}”.").format(
                state=RUN.states[facts.state]
            ),
            rule="P010" if facts.state in ("handed_over", "done") else "P002",
            resolved_by="operator",
            facts={"state": facts.state},
            remedy=Remedy(Text("振込の束を見る", "See the run"), facts.url),
        )

    return rule


def has_transfers(facts: RunFacts) -> Blocker | None:
    if facts.transfers > 0:
        return None
    return Blocker(
        code="no_transfers",
        reason=Text("振り込む出金が残っていません。", "No transfer is left in it."),
        rule="P002",
        resolved_by="operator",
        facts={"transfers": 0},
        remedy=TO_RUNS,
    )


def sender_known(facts: RunFacts) -> Blocker | None:
    if facts.has_sender:
        return None
    return Blocker(
        code="no_sending_account",
        reason=Text(
            "振込元の口座が設定されていません。環境変数 KOTOWARI_BANK_CLIENT_CODE、KOTOWARI_BANK_CLIENT_NAME、"
            "KOTOWARI_BANK_CODE、KOTOWARI_BANK_BRANCH、KOTOWARI_BANK_ACCOUNT を設定して起動し直してください。",
            "The account that transfers are sent from is not set. Set KOTOWARI_BANK_CLIENT_CODE, "
            "KOTOWARI_BANK_CLIENT_NAME, KOTOWARI_BANK_CODE, KOTOWARI_BANK_BRANCH and KOTOWARI_BANK_ACCOUNT and restart.",
        ),
        rule="P008",
        resolved_by="operator",
        remedy=TO_RUNS,
    )


def sender_fits(facts: RunFacts) -> Blocker | None:
    if not facts.sender_problems:
        return None
    return Blocker(
        code="sending_account_wrong",
        reason=Text(
            "振込元の口座の設定が銀行のファイルに合いません:{problems}",
            "The settings of the sending account do not fit a bank's file: {problems}",
        ).format(
            problems=Text(" ".join(p.ja for p in facts.sender_problems), " ".join(p.en for p in facts.sender_problems))
        ),
        rule="P008",
        resolved_by="operator",
        facts={"problems": list(facts.sender_problems)},
        remedy=TO_RUNS,
    )


def within_daily_limit(facts: RunFacts) -> Blocker | None:
    limit_yen = facts.daily_limit_yen
    if limit_yen is None or facts.total_yen <= limit_yen:
        return None
    return Blocker(
        code="over_daily_limit",
        reason=Text(
            "合計{total}は、銀行との契約の1日の上限{limit}を超えます。上限の変更を銀行に申し込んでください。",
            "{total} in all is over the bank's daily limit of {limit}. Have the bank raise it.",
        ).format(total=yen(facts.total_yen), limit=yen(limit_yen)),
        rule="P008",
        resolved_by="operator",
        facts={"total_yen": facts.total_yen, "daily_limit_yen": limit_yen},
        remedy=Remedy(Text("振込の束を見る", "See the run"), facts.url),
    )


def _from_states(event: str) -> Rule:
    sources = frozenset(PAYOUT.sources_of(event))

    def rule(facts: PayoutFacts) -> Blocker | None:
        if facts.state in sources:
            return None
        return Blocker(
            code=f"is_{facts.state}",
            reason=Text("この出金はいま「{state}」です。", "This payout is now “{state}”.").format(
                state=PAYOUT.states[facts.state]
            ),
            rule="P010" if facts.state in ("in_file", "settled", "returned") else "P002",
            resolved_by="operator",
            facts={"state": facts.state},
            remedy=TO_RUNS if facts.role == "staff" else TO_REWARDS,
        )

    return rule


def clock_has_come(facts: PayoutFacts) -> Blocker | None:
    if facts.lapses_at is None or facts.lapses_at <= facts.now:
        return None
    return Blocker(
        code="not_due",
        reason=Text("期限はまだ来ていません。", "The deadline has not come."),
        rule="P003",
        resolved_by="time",
        clears_at=facts.lapses_at,
    )


def entry_open(facts: EntryFacts) -> Blocker | None:
    if facts.state == "open":
        return None
    return Blocker(
        code=f"is_{facts.state}",
        reason=Text("この明細は「{state}」です。", "This line is “{state}”.").format(
            state=BANK_ENTRY.states[facts.state]
        ),
        rule="P002",
        resolved_by="operator",
        facts={"state": facts.state},
        remedy=TO_RUNS,
    )


def _action(name: str, title: Text, no: Text, subject: str, *rules: Callable[..., Blocker | None]) -> Action:
    return Action(name=f"payouts.{name}", title=title, no=no, subject=subject, rules=rules)


CLOSE = _action(
    "close",
    Text("締める", "Close"),
    Text("まだ締められません", "It cannot be closed now"),
    "payouts.closing_day",
    for_roles("staff", "system"),
    is_a_closing,
    day_is_over,
)
SEE_RUNS = _action(
    "runs.see",
    Text("振込の束を見る", "See the payout runs"),
    Text("振込の束は見られません", "The payout runs cannot be seen"),
    "",
    for_roles("staff", "system"),
)
MAKE_RUN = _action(
    "run.make",
    Text("振込の束を作る", "Make a payout run"),
    Text("いまは作れません", "No run can be made now"),
    "",
    for_roles("staff", "system"),
    payouts_wait,
)
MAKE_QUICK_RUN = _action(
    "run.make_quick",
    Text("クイック出金の束を作る", "Make a run of quick payouts"),
    Text("いまは作れません", "No run can be made now"),
    "",
    for_roles("staff", "system"),
    payouts_wait,
)
FILE = _action(
    "run.file",
    Text("全銀ファイルを書き出す", "Write the bank file"),
    Text("いまはファイルを書き出せません", "The file cannot be written now"),
    "payouts.payoutrun",
    for_roles("staff", "system"),
    _run_in("ready", "handed_over"),
    has_transfers,
    sender_known,
    sender_fits,
    within_daily_limit,
)
SETTLE_RUN = _action(
    "run.settle",
    Text("振込の束の完了を記録する", "Record the run as paid"),
    Text("いまは完了を記録できません", "It cannot be recorded as paid now"),
    "payouts.payoutrun",
    for_roles("staff", "system"),
    _run_in("handed_over"),
)
SETTLE = _action(
    "payout.settle",
    Text("振込の完了を記録する", "Record the transfer as paid"),
    Text("いまは完了を記録できません", "It cannot be recorded as paid now"),
    "payouts.payout",
    for_roles("staff", "system"),
    _from_states("settle"),
)
RETURN = _action(
    "payout.return",
    Text("組戻しを記録する", "Record the transfer as sent back"),
    Text("いまは組戻しを記録できません", "It cannot be recorded as sent back now"),
    "payouts.payout",
    for_roles("staff", "system"),
    _from_states("return"),
)
CANCEL = _action(
    "payout.cancel",
    Text("出金を取りやめる", "Cancel the payout"),
    Text("いまは取りやめられません", "It cannot be cancelled now"),
    "payouts.payout",
    for_roles("staff"),
    _from_states("cancel"),
)
LAPSE = _action(
    "payout.lapse",
    Text("保留を期限により終える", "End the hold by its deadline"),
    Text("期限では終わりません", "It does not end by a deadline"),
    "payouts.payout",
    for_roles("system"),
    _from_states("lapse"),
    clock_has_come,
)
MATCH = _action(
    "statement.match",
    Text("銀行の明細と照合する", "Match the bank's statement"),
    Text("明細を照合できません", "The statement cannot be matched"),
    "",
    for_roles("staff", "system"),
)
SET_ASIDE = _action(
    "entry.set_aside",
    Text("明細を対象外にする", "Say that a line is no payout"),
    Text("いまは対象外にできません", "It cannot be set aside now"),
    "payouts.bankentry",
    for_roles("staff"),
    entry_open,
)
REMIND = _action(
    "remind",
    Text("運営に催促する", "Remind the operator"),
    Text("催促は自動で行われます", "Reminders are sent by the clock"),
    "",
    for_roles("system"),
)
