"""Papers of a deal: order terms, delivery, acceptance, the worker's invoice, the operator's for its fees, the receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kotowari.contracts.models import Contract, Delivery, Milestone
from kotowari.foundation import policy
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.papers.arithmetic import RateTotal, TaxedLine, taxes_by_rate
from kotowari.papers.drafting.drafts import (
    AMOUNT,
    Draft,
    Registrations,
    Wanted,
    day_of,
    day_words,
    figures,
    member_block,
    operator_block,
    percent,
    tax_sums,
)
from kotowari.papers.models import TaxRegistration
from kotowari.papers.operator import OperatorIdentity
from kotowari.papers.sheets import Fact, PartyBlock, Sheet, Sum, Table, Words
from kotowari.pricing import PricingTerms

WORK = Text("業務の内容", "Work")
RATE = Text("税率", "Rate")
DETAILS = Text("明細", "Details")
QUALIFIED = Text("適格請求書", "Qualified invoice")


@dataclass(frozen=True, slots=True)
class Deal:
    """One contract with what its papers say of its sides."""

    contract: Contract
    registrations: Registrations
    operator: OperatorIdentity | None

    def client(self) -> PartyBlock:
        """The client as the posting named it: whom the order and the receipt are made out to."""
        job, client = self.contract.job, self.contract.client
        details: tuple[Words, ...] = (
            job.poster_address,
            Text("ユーザー名 {name}", "Username {name}").format(name=client.username),
        )
        return PartyBlock(job.poster_name, "", details, is_company=client.kind == "company")

    def registration_on(self, day: date) -> TaxRegistration | None:
        """The worker's number in force on the day of the dealing."""
        return self.registrations.on(self.contract.worker_id, day)

    def worker(self, day: date, *, as_issuer: bool = False) -> PartyBlock:
        return member_block(self.contract.worker, self.registration_on(day), as_issuer=as_issuer)

    @property
    def permille(self) -> int:
        return PricingTerms.from_dict(self.contract.pricing_terms).tax_permille

    @property
    def agent(self) -> str:
        """Who hands papers over in the sides' names."""
        return self.operator.name if self.operator else "本サービスの運営者"


def order(deal: Deal, wanted: Wanted) -> Draft:
    """発注書: the ten written terms as they were fixed at the hire (Freelance Act, article 3)."""
    contract = deal.contract
    milestones = list(contract.milestones.all())
    day = day_of(contract.made_at)
    taxes = taxes_by_rate(TaxedLine(deal.permille, m.price_yen + m.tax_yen, m.tax_yen) for m in milestones)
    total_yen = sum(m.price_yen + m.tax_yen for m in milestones)
    items = contract.terms.items
    sheet = Sheet(
        title=Text("発注書(取引条件の明示)", "Order with its written terms"),
        issuer=deal.client(),
        recipient=deal.worker(day),
        dealt_on=day.isoformat(),
        subject=contract.title,
        lead=Text("次の条件で業務を委託します。", "The work is ordered under these terms."),
        total=Sum(Text("報酬の額(税込)", "Pay with tax"), total_yen, is_total=True),
        tables=(
            Table(
                Text("マイルストーン", "Milestones"),
                (WORK, Text("納期", "Due"), AMOUNT),
                tuple((m.title, day_words(m.due_on), yen(m.price_yen + m.tax_yen)) for m in milestones),
            ),
        ),
        sums=(*tax_sums(taxes), Sum(Text("合計(税込)", "Total with tax"), total_yen, is_total=True)),
        facts_title=Text("取引条件", "Terms"),
        facts=tuple(
            Fact(
                Text(f"{item['number']} {item['title']['ja']}", f"{item['number']} {item['title']['en']}"),
                Text.from_dict(item["value"]),
            )
            for item in items
        ),
        notes=(
            Text(
                "特定受託事業者に係る取引の適正化等に関する法律(フリーランス法)第3条による明示です。",
                "This is the statement of terms that article 3 of the Freelance Act asks for.",
            ),
            Text("取引条件のSHA-256: {digest}", "SHA-256 of the terms: {digest}").format(digest=contract.terms.digest),
        ),
    )
    return Draft(
        wanted=wanted,
        sheet=sheet,
        party_id=contract.client_id,
        counterparty_id=contract.worker_id,
        dealt_on=day,
        total_yen=total_yen,
        taxes=taxes,
        withholding_yen=sum(m.withholding_yen for m in milestones),
        contract_id=contract.pk,
    )


def delivery_note(deal: Deal, wanted: Wanted, delivery: Delivery) -> Draft:
    """納品書: what was handed over, each time it was."""
    m, day = delivery.milestone, day_of(delivery.delivered_at)
    taxes = _price(deal, m)
    total_yen = m.price_yen + m.tax_yen
    facts = [Fact(Text("納品の内容", "What was delivered"), delivery.message)]
    if delivery.links:
        facts.append(Fact(Text("納品物のアドレス", "Addresses of the work"), "\n".join(delivery.links)))
    sheet = Sheet(
        title=Text("納品書", "Delivery note"),
        issuer=deal.worker(day),
        recipient=deal.client(),
        dealt_on=day.isoformat(),
        subject=deal.contract.title,
        lead=Text("下記のとおり納品いたします。", "This is what is delivered."),
        tables=(_lines(deal, m, taxes),),
        sums=(*tax_sums(taxes), Sum(Text("合計(税込)", "Total with tax"), total_yen, is_total=True)),
        facts_title=Text("{n}回目の納品", "Delivery {n}").format(n=delivery.number),
        facts=tuple(facts),
    )
    return _of_milestone(deal, wanted, sheet, m, day, total_yen, taxes, by_worker=True)


def acceptance_note(deal: Deal, wanted: Wanted, m: Milestone) -> Draft:
    """検収書: the client's word, or the clock's, that the delivery passed."""
    day = day_of(m.closed_at)
    taxes = _price(deal, m)
    total_yen = m.price_yen + m.tax_yen
    by_clock = Text(
        "検収の期限までに修正の依頼がなかったため、契約の条件により検収したものとします。",
        "No changes were asked for in time: by the terms of the contract the delivery counts as accepted.",
    )
    sheet = Sheet(
        title=Text("検収書", "Acceptance note"),
        issuer=deal.client(),
        recipient=deal.worker(day),
        dealt_on=day.isoformat(),
        subject=deal.contract.title,
        lead=Text("下記のとおり検収いたしました。", "This was inspected and accepted."),
        tables=(_lines(deal, m, taxes),),
        sums=(*tax_sums(taxes), Sum(Text("合計(税込)", "Total with tax"), total_yen, is_total=True)),
        facts_title=Text("検収", "Acceptance"),
        facts=(
            Fact(Text("納品日", "Delivered on"), day_words(day_of(m.delivered_at or m.closed_at))),
            Fact(Text("検収日", "Accepted on"), day_words(day)),
        ),
        notes=(by_clock,) if m.accepted_by_clock else (),
    )
    return _of_milestone(deal, wanted, sheet, m, day, total_yen, taxes, by_worker=False)


def invoice(deal: Deal, wanted: Wanted, m: Milestone) -> Draft:
    """請求書 of the worker to the client, handed over by the operator as agent; qualified where the number is there."""
    day = day_of(m.closed_at)
    registration = deal.registration_on(day)
    taxes = _price(deal, m)
    total_yen = m.price_yen + m.tax_yen
    due_yen = total_yen - m.withholding_yen
    sums = [*tax_sums(taxes), Sum(Text("合計(税込)", "Total with tax"), total_yen)]
    if m.withholding_yen:
        sums.append(Sum(Text("源泉徴収税額", "Withholding tax"), -m.withholding_yen))
    sums.append(Sum(Text("ご請求金額", "Amount due"), due_yen, is_total=True))
    notes: list[Words] = [
        Text(
            "代金は{paid}の仮払いから支払済みです。お振込みは不要です。",
            "This was paid out of the escrow funded on {paid}; nothing is to be transferred.",
        ).format(paid=day_words(day_of(m.funded_at or m.closed_at))),
        Text(
            "{agent}が、発行者に代わって交付しています(代理交付)。", "Handed over by {agent} on the issuer's behalf."
        ).format(agent=deal.agent),
    ]
    if m.withholding_yen:
        notes.append(
            Text(
                "源泉徴収税額は、支払者である発注者が翌月10日までに税務署へ納めるものです。",
                "The client, who pays, hands the withheld tax to the tax office by the 10th of the next month.",
            )
        )
    if registration is None:
        notes.append(unregistered_note(day))
    sheet = Sheet(
        title=QUALIFIED if registration else Text("請求書", "Invoice"),
        issuer=deal.worker(day, as_issuer=True),
        recipient=deal.client(),
        dealt_on=day.isoformat(),
        subject=deal.contract.title,
        lead=Text("下記のとおりご請求申し上げます。", "This is invoiced:"),
        total=Sum(Text("ご請求金額", "Amount due"), due_yen, is_total=True),
        tables=(_lines(deal, m, taxes),),
        sums=tuple(sums),
        notes=tuple(notes),
        extra={"withholding_yen": m.withholding_yen, "due_yen": due_yen},
    )
    return _of_milestone(deal, wanted, sheet, m, day, total_yen, taxes, by_worker=True)


def unregistered_note(day: date) -> Text:
    """What a client may deduct meanwhile, and that it is no reason to pay less."""
    permille = policy.value("tax.unregistered_credit_permille", on=day)
    return Text(
        "発行者から適格請求書発行事業者の登録番号の届出がないため、適格請求書ではありません(区分記載請求書)。取引日({day})の"
        "経過措置では、消費税相当額の{rate}を仕入税額控除の対象にできます。この割合は参考であり、登録がないことを理由に"
        "合意した報酬を減らすことは、法令で禁じられている場合があります。",
        "The issuer told us no registration number, so this is not a qualified invoice. On the day of the dealing ({day}) "
        "the transitional rule lets {rate} of the tax be credited. This is for information: paying less than agreed "
        "because somebody is not registered may be against the law.",
    ).format(day=day_words(day), rate=percent(permille))


def system_fee_invoice(deal: Deal, wanted: Wanted, m: Milestone) -> Draft:
    """The operator's invoice to the worker for the system fee of one milestone."""
    day = day_of(m.closed_at)
    return _fee(
        deal,
        wanted,
        m,
        Text("システム利用料", "System fee"),
        (m.system_fee_yen, m.system_fee_tax_yen),
        deal.worker(day),
        Text("この金額は報酬から差し引き済みです。", "It was taken off the reward; nothing is to be paid."),
    )


def client_fee_invoice(deal: Deal, wanted: Wanted, m: Milestone) -> Draft:
    """The operator's invoice to the client for the fee paid on top."""
    return _fee(
        deal,
        wanted,
        m,
        Text("発注手数料", "Client fee"),
        (m.client_fee_yen, m.client_fee_tax_yen),
        deal.client(),
        Text(
            "この金額は仮払いに含めてお支払い済みです。", "It was paid together with the escrow; nothing is to be paid."
        ),
    )


BY_BANK = Text("お支払い方法: 銀行振込", "Paid by bank transfer.")
BY_CARD = Text("お支払い方法: クレジットカード", "Paid by card.")


def receipt(deal: Deal, wanted: Wanted, m: Milestone) -> Draft:
    """領収書 of the operator for what the client paid into escrow, fees included."""
    assert deal.operator is not None, "papers of the operator are only asked for when it has a name"
    day = day_of(m.funded_at)
    fee_yen = m.client_fee_yen
    sums = [
        Sum(Text("契約金額(税抜)", "Contract price without tax"), m.price_yen),
        Sum(Text("契約金額の消費税", "Consumption tax on it"), m.tax_yen),
    ]
    if fee_yen:
        sums.append(Sum(Text("発注手数料(税込)", "Client fee with tax"), fee_yen))
    if m.withholding_yen:
        sums.append(Sum(Text("源泉徴収税額(お客様が納付)", "Withholding, paid by you"), -m.withholding_yen))
    sums.append(Sum(Text("領収金額", "Received"), m.client_pays_yen, is_total=True))
    sheet = Sheet(
        title=Text("領収書", "Receipt"),
        issuer=operator_block(deal.operator),
        recipient=deal.client(),
        dealt_on=day.isoformat(),
        subject=f"{deal.contract.title} / {m.title}",
        lead=Text(
            "下記の金額を、仮払金(受注者に代わって受け取る代金と手数料)として領収いたしました。",
            "This was received into escrow: the price, taken for the worker, and our fee.",
        ),
        total=Sum(Text("領収金額", "Received"), m.client_pays_yen, is_total=True),
        sums=tuple(sums),
        notes=(
            BY_CARD if m.card_payment_id else BY_BANK,
            Text(
                "電子データで交付しているため、収入印紙は不要です。消費税の仕入税額控除には、検収のときに発行する請求書をお使いください。",
                "Handed over as data, so no revenue stamp is due. For input tax use the invoices that come on acceptance.",
            ),
        ),
    )
    return Draft(
        wanted=wanted,
        sheet=sheet,
        party_id=None,
        counterparty_id=deal.contract.client_id,
        dealt_on=day,
        total_yen=m.client_pays_yen,
        withholding_yen=m.withholding_yen,
        contract_id=deal.contract.pk,
    )


OF_MILESTONE: dict[str, Callable[[Deal, Wanted, Milestone], Draft]] = {
    "acceptance_note": acceptance_note,
    "invoice": invoice,
    "system_fee_invoice": system_fee_invoice,
    "client_fee_invoice": client_fee_invoice,
    "receipt": receipt,
}
"""Papers that are about a milestone as a whole."""


def has_happened(kind: str, m: Milestone) -> bool:
    """Whether what a milestone's paper tells of is true of it: money came in, the delivery was accepted, a fee taken."""
    if kind == "receipt":
        return m.funded_at is not None
    fees = {"system_fee_invoice": m.system_fee_yen, "client_fee_invoice": m.client_fee_yen}
    return m.state == "accepted" and fees.get(kind, 1) > 0


def _price(deal: Deal, m: Milestone) -> tuple[RateTotal, ...]:
    return taxes_by_rate([TaxedLine(deal.permille, m.price_yen + m.tax_yen, m.tax_yen)])


def _lines(deal: Deal, m: Milestone, taxes: tuple[RateTotal, ...]) -> Table:
    amounts = figures(*(each.total_yen for each in taxes))
    return Table(DETAILS, (WORK, RATE, AMOUNT), ((m.title, percent(deal.permille), *amounts),))


def _of_milestone(
    deal: Deal,
    wanted: Wanted,
    sheet: Sheet,
    m: Milestone,
    day: date,
    total_yen: int,
    taxes: tuple[RateTotal, ...],
    *,
    by_worker: bool,
) -> Draft:
    contract = deal.contract
    worker_id, client_id = contract.worker_id, contract.client_id
    return Draft(
        wanted=wanted,
        sheet=sheet,
        party_id=worker_id if by_worker else client_id,
        counterparty_id=client_id if by_worker else worker_id,
        dealt_on=day,
        total_yen=total_yen,
        taxes=taxes,
        withholding_yen=m.withholding_yen,
        contract_id=contract.pk,
    )


def _fee(
    deal: Deal,
    wanted: Wanted,
    m: Milestone,
    what: Text,
    amounts_yen: tuple[int, int],
    recipient: PartyBlock,
    paid: Text,
) -> Draft:
    assert deal.operator is not None, "papers of the operator are only asked for when it has a name"
    day = day_of(m.closed_at)
    total_yen, tax_yen = amounts_yen
    taxes = taxes_by_rate([TaxedLine(deal.permille, total_yen, tax_yen)])
    to_worker = wanted.kind == "system_fee_invoice"
    sheet = Sheet(
        title=QUALIFIED if deal.operator.registration else Text("請求書", "Invoice"),
        issuer=operator_block(deal.operator),
        recipient=recipient,
        dealt_on=day.isoformat(),
        subject=deal.contract.title,
        lead=Text("下記のとおりご請求申し上げます。", "This is invoiced:"),
        total=Sum(Text("ご請求金額(税込)", "Amount with tax"), total_yen, is_total=True),
        tables=(
            Table(
                DETAILS,
                (Text("内容", "What"), RATE, AMOUNT),
                (
                    (
                        Text("{what}({title})", "{what} ({title})").format(what=what, title=m.title),
                        percent(deal.permille),
                        yen(total_yen),
                    ),
                ),
            ),
        ),
        sums=(*tax_sums(taxes), Sum(Text("合計(税込)", "Total with tax"), total_yen, is_total=True)),
        notes=(paid,),
    )
    return Draft(
        wanted=wanted,
        sheet=sheet,
        party_id=None,
        counterparty_id=deal.contract.worker_id if to_worker else deal.contract.client_id,
        dealt_on=day,
        total_yen=total_yen,
        taxes=taxes,
        contract_id=deal.contract.pk,
    )
