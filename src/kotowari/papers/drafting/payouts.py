"""支払明細書: one transfer to a member, what it was made of, and the operator's fee for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kotowari.contracts.models import Milestone
from kotowari.foundation import policy
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.ledger import selectors as ledger
from kotowari.papers.arithmetic import TaxedLine, taxes_by_rate
from kotowari.papers.drafting.drafts import (
    Draft,
    Registrations,
    Wanted,
    day_of,
    day_words,
    member_block,
    operator_block,
    tax_sums,
)
from kotowari.papers.operator import OperatorIdentity
from kotowari.papers.sheets import Fact, Sheet, Sum, Table, Words
from kotowari.payouts.models import Payout

DIGITS_SHOWN = 3
KIND_WORDS = {
    "reward": Text("報酬の出金", "Payout of rewards"),
    "quick": Text("クイック出金", "Quick payout of rewards"),
    "expiry": Text("出金期限による報酬の出金", "Payout of rewards at their time limit"),
    "refund": Text("仮払いの返金", "Refund of escrow"),
}
SENT_BACK = Text(
    "この振込は届かずに戻りました。手数料を含む全額が残高に戻っています。",
    "This transfer came back. The whole amount, fee included, is in the balance again.",
)


def has_happened(payout: Payout) -> bool:
    """Whether there is a statement to make: the transfer arrived, and if it came back later, that is said on it."""
    return payout.settled_on is not None


def statement(
    payout: Payout,
    wanted: Wanted,
    made_of: Sequence[tuple[str, int]],
    registrations: Registrations,
    operator: OperatorIdentity,
) -> Draft:
    """The statement of a transfer that arrived, or, once it came back, that nothing was paid after all."""
    came_back = payout.state == "returned"
    day = payout.settled_on or day_of(payout.closed_at)
    permille = policy.value("tax.consumption_permille", on=day_of(payout.requested_at))
    fee_yen = 0 if came_back else payout.fee_yen
    taxes = taxes_by_rate([TaxedLine(permille, fee_yen, payout.fee_tax_yen)] if fee_yen else [])
    net_yen = 0 if came_back else payout.net_yen
    sums = [Sum(KIND_WORDS[payout.kind], payout.gross_yen)]
    if came_back:
        sums.append(Sum(Text("組戻し(残高へ)", "Came back to the balance"), -payout.gross_yen))
    else:
        if payout.quick_fee_yen:
            sums.append(Sum(Text("クイック出金利用料(税込)", "Quick payout fee with tax"), -payout.quick_fee_yen))
        sums.append(Sum(Text("振込手数料(税込)", "Transfer fee with tax"), payout.quick_fee_yen - payout.fee_yen))
    sums.append(Sum(Text("お振込金額", "Transferred"), net_yen, is_total=True))
    if taxes:
        sums += tax_sums(taxes)
    notes: list[Words] = [SENT_BACK] if came_back else []
    if taxes and operator.registration:
        notes.append(
            Text(
                "手数料については、この明細書が適格請求書です。",
                "For the fees this statement is a qualified invoice.",
            )
        )
    account = Text("{bank} {branch} 末尾{digits}", "{bank} {branch}, ending in {digits}").format(
        bank=payout.bank_name, branch=payout.branch_name, digits=(payout.account_number or "")[-DIGITS_SHOWN:]
    )
    sheet = Sheet(
        title=Text("支払明細書", "Payout statement"),
        issuer=operator_block(operator),
        recipient=member_block(payout.member, registrations.on(payout.member_id, day)),
        dealt_on=day.isoformat(),
        subject=f"出金 {payout.reference}",
        lead=Text("下記のとおりお支払いいたしました。", "This was paid to you."),
        total=Sum(Text("お振込金額", "Transferred"), net_yen, is_total=True),
        tables=_made_of(made_of),
        sums=tuple(sums),
        facts_title=Text("お振込", "Transfer"),
        facts=(
            Fact(Text("振込日", "Paid on"), day_words(day)),
            Fact(Text("振込先", "Account"), account),
        ),
        notes=tuple(notes),
        extra={"gross_yen": payout.gross_yen, "fee_yen": fee_yen},
    )
    return Draft(
        wanted=wanted,
        sheet=sheet,
        party_id=None,
        counterparty_id=payout.member_id,
        dealt_on=day,
        total_yen=net_yen,
        taxes=taxes if not came_back else (),
        payout_id=payout.pk,
    )


def rewards_in(payout_ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[str, int]]]:
    """Of which rewards payouts were made, by title; two queries for any number."""
    uses = ledger.lots_used_by(payout_ids)
    ids = {milestone_id for rows in uses.values() for milestone_id, _ in rows}
    titles = {
        pk: f"{contract} / {title}"
        for pk, contract, title in Milestone.objects.filter(pk__in=ids).values_list("pk", "contract__title", "title")
    }
    return {
        payout_id: [(titles.get(milestone_id, str(milestone_id)), amount_yen) for milestone_id, amount_yen in rows]
        for payout_id, rows in uses.items()
    }


def _made_of(rows: Sequence[tuple[str, int]]) -> tuple[Table, ...]:
    if not rows:
        return ()
    columns = (Text("報酬", "Reward"), Text("金額", "Amount"))
    return (Table(Text("明細", "Details"), columns, tuple((title, yen(amount)) for title, amount in rows)),)
