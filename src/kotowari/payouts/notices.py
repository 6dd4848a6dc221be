"""What members and the operator's staff are told about payouts, when, and what they can do about it."""

from uuid import UUID

from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.models import Member
from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payouts import events
from kotowari.payouts.gates.members import day_in_words
from kotowari.payouts.holder_check import LET_PASS, UNDECIDED
from kotowari.payouts.transitions import HOLDER_REVIEW

WORDS = {
    "reward": Text("報酬", "reward"),
    "quick": Text("クイック出金", "quick payout"),
    "expiry": Text("報酬", "reward"),
    "refund": Text("返金", "refund"),
}
GOES = {
    False: Text("次の振込からこの口座に届きます。", "Transfers go to it from now on. "),
    True: Text(
        "名義を確認するまで、この口座には振り込みません(別のお知らせをご覧ください)。",
        "Nothing goes there before its holder was looked at (see the other notice). ",
    ),
}
TO_ACCOUNT = "/my/bank-account/"
TO_REWARDS = "/my/rewards/"
CONSOLE = "/console/payouts/"


def tell(member_id: UUID, kind: str, title: Text, body: Text, url: str, /, **values: object) -> None:
    """A notice about payouts, its words filled in."""
    notify(
        member_id=member_id, kind=f"payouts.{kind}", title=title.format(**values), body=body.format(**values), url=url
    )


def tell_staff(kind: str, title: Text, body: Text, url: str, /, **values: object) -> None:
    """The same for everybody of staff."""
    staff = Member.objects.filter(is_staff=True, is_active=True, left_at__isnull=True).values_list("pk", flat=True)
    for member_id in staff:
        tell(member_id, kind, title, body, url, **values)


@on(events.BankAccountSet)
def bank_account_set(e: events.BankAccountSet) -> None:
    redirected = Text("", "")
    if e.redirected and not e.is_waiting:
        redirected = Text(
            "銀行に依頼する前の振込{count}件も、この口座に届きます。",
            "{count} transfer(s) that were not with the bank yet go to it as well. ",
        ).format(count=e.redirected)
    revived = Text("", "")
    if e.revived:
        revived = Text(
            "期限後にお預かりしていた報酬が残高に戻りました。翌日、額にかかわらず自動でお支払いの手続きをします。",
            "Rewards that were kept since their time limit are available again; tomorrow they are paid out by "
            "themselves, whatever the amount. ",
        )
    notify(
        member_id=e.member_id,
        kind="payouts.bank_account_set",
        title=Text("振込先の口座が変わりました", "Your bank account was changed")
        if e.is_change
        else Text("振込先の口座を登録しました", "Your bank account is registered"),
        body=Text(
            "{goes}{redirected}{revived}心当たりがない場合は、すぐにパスワードを変えてお問い合わせください。",
            "{goes}{redirected}{revived}If this was not you, change your password at once and contact us.",
        ).format(goes=GOES[e.is_waiting], redirected=redirected, revived=revived),
        url=TO_ACCOUNT,
        also_to=addresses_of(Member.objects.get(pk=e.member_id)),
    )


@on(events.PayoutRequested)
def requested(e: events.PayoutRequested) -> None:
    tell(
        e.member_id,
        "requested",
        Text("{day}に{net}を振り込みます", "{net} will be transferred on {day}"),
        Text(
            "{closes_on}の締めで{kind}{gross}が確定しました。振込手数料{fee}を引いた{net}を、登録口座に振り込みます。",
            "The closing of {closes_on} gathered your {kind} of {gross}. Less a transfer fee of {fee}, {net} goes to "
            "your account.",
        ),
        TO_REWARDS,
        day=day_in_words(e.pays_on),
        closes_on=day_in_words(e.closes_on),
        kind=WORDS[e.kind],
        gross=yen(e.gross_yen),
        fee=yen(e.fee_yen),
        net=yen(e.net_yen),
    )


@on(events.NotPaid)
def not_paid(e: events.NotPaid) -> None:
    tell(
        e.member_id,
        "not_paid",
        Text("{kind}{amount}が振込を待っています", "Your {kind} of {amount} is waiting to be paid"),
        Text(
            "{closes_on}の締めでは振り込めませんでした。{reason} お金はそのままお預かりし、口座が整った次の締めで"
            "お支払いします。",
            "The closing of {closes_on} could not pay it. {reason} The money stays yours and is paid by the closing "
            "after your account is in order.",
        ),
        TO_ACCOUNT,
        kind=WORDS[e.kind],
        amount=yen(e.amount_yen),
        closes_on=day_in_words(e.closes_on),
        reason=Text(e.reason_ja, e.reason_en),
    )


@on(events.PayoutHeld)
def held(e: events.PayoutHeld) -> None:
    tell(
        e.member_id,
        "held",
        Text("{net}の振込を保留しています", "Your transfer of {net} is on hold"),
        Text(
            "{reason} {until}までに口座を登録し直すと、この振込をすぐに再開します。過ぎた場合は"
            "未払いの残高に戻り、なくなることはありません。",
            "{reason} Register the account again by {until} and the transfer goes on at once. After that the money "
            "returns to your balance; nothing is lost.",
        ),
        TO_ACCOUNT,
        net=yen(e.net_yen),
        reason=Text(e.reason_ja, e.reason_en),
        until=day_in_words(e.until),
    )


@on(events.PayoutDelayed)
def delayed(e: events.PayoutDelayed) -> None:
    tell(
        e.member_id,
        "delayed",
        Text("振込の日が{day}になりました", "Your transfer moved to {day}"),
        Text(
            "{promised}の予定でしたが、銀行への依頼が遅れたため{day}に{net}を振り込みます。お待たせして申し訳ありません。",
            "It was planned for {promised}; since the bank was asked late, {net} will be transferred on {day}. We are "
            "sorry for the wait.",
        ),
        TO_REWARDS,
        day=day_in_words(e.pays_on),
        promised=day_in_words(e.promised_on),
        net=yen(e.net_yen),
    )


@on(events.PayoutSettled)
def settled(e: events.PayoutSettled) -> None:
    tell(
        e.member_id,
        "settled",
        Text("{net}を振り込みました", "{net} was transferred"),
        Text("{day}に{kind}{net}を登録口座へ振り込みました。", "On {day} your {kind} of {net} went to your account."),
        TO_REWARDS,
        day=day_in_words(e.settled_on),
        kind=WORDS[e.kind],
        net=yen(e.net_yen),
    )


@on(events.PayoutReturned)
def returned(e: events.PayoutReturned) -> None:
    if e.is_about_account:
        what_now = Text(
            "口座の内容を通帳と見比べて、登録し直してください。登録し直した次の締めでお支払いします。",
            "Compare the account with your passbook and register it again. The closing after that pays it.",
        )
    else:
        what_now = Text(
            "お手続きは要りません。次の締めでお支払いします。", "You need do nothing: the next closing pays it."
        )
    tell(
        e.member_id,
        "returned",
        Text("{net}の振込が届かずに戻りました", "Your transfer of {net} came back"),
        Text(
            "理由:{reason}。手数料を含む{gross}は全額、残高に戻しました。{what_now}",
            "Reason: {reason}. The whole {gross}, fee included, is in your balance again. {what_now}",
        ),
        TO_ACCOUNT if e.is_about_account else TO_REWARDS,
        net=yen(e.net_yen),
        gross=yen(e.gross_yen),
        reason=Text(e.reason_ja, e.reason_en),
        what_now=what_now,
    )


@on(events.PayoutCancelled)
def cancelled(e: events.PayoutCancelled) -> None:
    tell(
        e.member_id,
        "cancelled",
        Text("{net}の振込を取りやめました", "Your transfer of {net} was called off"),
        Text(
            "理由:{reason}。手数料を含む{gross}は全額、残高に戻しました。",
            "Reason: {reason}. The whole {gross}, fee included, is in your balance again.",
        ),
        TO_REWARDS,
        net=yen(e.net_yen),
        gross=yen(e.gross_yen),
        reason=Text(e.reason_ja, e.reason_en),
    )


@on(events.RunReady)
def run_ready(e: events.RunReady) -> None:
    tell_staff(
        "run_ready",
        Text("振込ファイルを{day}までに銀行へ渡してください", "Hand the bank file over by {day}"),
        Text(
            "{pays_on}払いの振込{transfers}件、合計{total}です。",
            "{transfers} transfers, {total} in all, to be paid on {pays_on}.",
        ),
        f"{CONSOLE}{e.run_id}/",
        day=day_in_words(e.hand_over_by),
        pays_on=day_in_words(e.pays_on),
        transfers=e.transfers,
        total=yen(e.total_yen),
    )


@on(events.OperatorReminded)
def operator_reminded(e: events.OperatorReminded) -> None:
    tell_staff(
        "operator_reminded",
        Text("振込の手続きが残っています", "Payouts wait for you"),
        Text(
            "銀行に渡していない束{to_hand_over}件、結果を記録していない束{without_outcome}件、"
            "照合できていない明細{lines}件、確認の期限が過ぎた口座の名義{holders}件があります。",
            "{to_hand_over} run(s) not handed to the bank, {without_outcome} without their outcome, {lines} line(s) of "
            "the statement not explained, {holders} holder(s) of accounts not looked at in time.",
        ),
        CONSOLE,
        to_hand_over=e.runs_to_hand_over,
        without_outcome=e.runs_without_outcome,
        lines=e.lines_to_explain,
        holders=e.holders_to_check,
    )


@on(events.HolderDiffers)
def holder_differs(e: events.HolderDiffers) -> None:
    if not e.is_contested:
        tell(
            e.member_id,
            "holder_differs",
            Text("口座の名義を確認しています", "The holder of your account has to be looked at"),
            Text("{reason}", "{reason}"),
            TO_ACCOUNT,
            reason=Text(e.reason_ja, e.reason_en),
        )
    tell_staff(
        "holder_to_check",
        Text("口座の名義の確認があります({day}まで)", "The holder of an account waits for you until {day}"),
        Text(
            "登録の名前と口座の名義を見比べて、決めてください。",
            "Compare the registered name with the holder and decide.",
        ),
        f"{CONSOLE}holders/{e.review_id}/",
        day=day_in_words(e.due_on),
    )


@on(events.HolderDecided)
def holder_decided(e: events.HolderDecided) -> None:
    if e.by_clock:
        tell_staff(
            "holder_undecided",
            Text(
                "口座の名義が、誰も決めないまま期限で決まりました", "The clock decided about the holder of an account"
            ),
            Text(
                "期限までに誰も決めなかったため、「{state}」になりました。期限までに見られるよう、担当を見直してください。",
                "Nobody decided in time, so it became “{state}”. See to it that somebody looks in time.",
            ),
            f"{CONSOLE}holders/{e.review_id}/",
            state=HOLDER_REVIEW.states[e.state],
        )
    reason = (LET_PASS if e.state == "approved" else UNDECIDED.text) if e.by_clock else Text(e.reason, e.reason)
    if e.state == "approved":
        title = Text("口座に振り込めるようになりました", "Your account can be paid")
        body = Text(
            "これからの振込はこの口座に届きます。保留していた振込も再開しました。{reason}",
            "Transfers go to this account from now on; those on hold go on. {reason}",
        )
    else:
        title = Text("口座の名義を確認できませんでした", "The holder of your account could not be confirmed")
        body = Text(
            "理由:{reason} お金はそのままお預かりしています。口座か登録のお名前を直せます。{contest}",
            "Why: {reason} The money stays yours. You can correct the account or your registered name. {contest}",
        )
    contest = Text(
        "口座登録の画面から異議も申し立てられます。", "You can also contest it on the page of your bank account."
    )
    tell(
        e.member_id,
        "holder_decided",
        title,
        Text("{reason}", "{reason}") if e.by_clock and e.state == "refused" else body,
        TO_ACCOUNT,
        reason=reason,
        contest=contest if e.state == "refused" else "",
    )


@on(events.BankDiffers)
def bank_differs(e: events.BankDiffers) -> None:
    tell_staff(
        "bank_differs",
        Text("帳簿と銀行が合いません(未確認{n}件)", "Books and bank differ: {n} to be looked at"),
        Text(
            "新しい差異が{fresh}件、期限を過ぎた差異が{late}件あります。差額は合わせて{yen}です。何であるかを確かめて"
            "記録してください。未確認の差異があるあいだ、月は締められません。",
            "{fresh} difference(s) are new and {late} are late; together books and bank differ by {yen}. Find out and "
            "record what each is: no month can be closed while one is unexplained.",
        ),
        "/console/ledger/reconciliation/",
        n=e.differences,
        fresh=e.fresh,
        late=e.late,
        yen=yen(e.differs_by_yen),
    )
