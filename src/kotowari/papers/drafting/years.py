"""源泉徴収 of a year: each member's own summary, and for each payee what a client needs for the 支払調書.

A year is that in which the reward was fixed: from then on the money is the payee's. No paper has a place for a My
Number; clients ask for it outside of the market.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.market.menus import WITHHOLDING_KINDS
from kotowari.papers.drafting.drafts import Draft, Registrations, Wanted, day_words, member_block, operator_block
from kotowari.papers.operator import OperatorIdentity
from kotowari.papers.sheets import Fact, Sheet, Sum, Table, Words

PAID = Text("支払金額(税抜)", "Paid without tax")
TAX = Text("消費税", "Consumption tax")
WITHHELD = Text("源泉徴収税額", "Withheld")


@dataclass(frozen=True, slots=True)
class PairYear:
    """What one client paid one payee in a year for work with withholding. Amounts in yen, kinds as the job said."""

    client_id: UUID
    worker_id: UUID
    price_yen: int
    tax_yen: int
    withholding_yen: int
    kinds: tuple[str, ...]

    @property
    def with_tax_yen(self) -> int:
        return self.price_yen + self.tax_yen


def withheld_in(year: int) -> QuerySet[Milestone]:
    """The milestones of a year from whose pay was withheld."""
    return Milestone.objects.filter(
        state="accepted",
        withholding_yen__gt=0,
        closed_at__gte=clock.start_of(date(year, 1, 1)),
        closed_at__lt=clock.start_of(date(year + 1, 1, 1)),
    )


def subjects_of(year: int, client_id: UUID, worker_ids: Iterable[UUID]) -> list[Wanted]:
    """The papers that a client's dealings of a year call for: its records and summary, and its payees' summaries."""
    workers = sorted(worker_ids)
    return [
        *(Wanted("payment_record", f"year:{year}:{client_id}:{worker_id}") for worker_id in workers),
        Wanted("withholding_summary", f"year:{year}:client:{client_id}"),
        *(Wanted("withholding_summary", f"year:{year}:worker:{worker_id}") for worker_id in workers),
    ]


def drafts_of_years(wanted: Sequence[Wanted], operator: OperatorIdentity) -> list[Draft]:
    """Summaries and payment records; a paper for which nothing was withheld is left out."""
    found = []
    for each in wanted:
        _, year, side, owner = each.subject.split(":")
        if each.kind == "payment_record":
            pairs = _pairs(int(year), client_id=UUID(side), worker_id=UUID(owner))
        elif side == "client":
            pairs = _pairs(int(year), client_id=UUID(owner))
        else:
            pairs = _pairs(int(year), worker_id=UUID(owner))
        if not pairs:
            continue
        people = Member.objects.in_bulk({p.client_id for p in pairs} | {p.worker_id for p in pairs})
        registrations = Registrations.read(people)
        if each.kind == "payment_record":
            found.append(_record(each, int(year), pairs[0], people, registrations))
        else:
            found.append(_summary(each, int(year), UUID(owner), pairs, people, registrations, operator))
    return found


def _pairs(year: int, *, client_id: UUID | None = None, worker_id: UUID | None = None) -> list[PairYear]:
    rows = withheld_in(year)
    if client_id is not None:
        rows = rows.filter(contract__client_id=client_id)
    if worker_id is not None:
        rows = rows.filter(contract__worker_id=worker_id)
    sums: dict[tuple[UUID, UUID], tuple[int, int, int]] = {}
    kinds: dict[tuple[UUID, UUID], set[str]] = {}
    for client, worker, kind, price_yen, tax_yen, withholding_yen in rows.values_list(
        "contract__client_id",
        "contract__worker_id",
        "contract__job__withholding_kind",
        "price_yen",
        "tax_yen",
        "withholding_yen",
    ).iterator():
        price, tax, withheld = sums.get((client, worker), (0, 0, 0))
        sums[(client, worker)] = (price + price_yen, tax + tax_yen, withheld + withholding_yen)
        kinds.setdefault((client, worker), set()).add(kind)
    pairs = [
        PairYear(client, worker, price, tax, withheld, tuple(sorted(kinds[(client, worker)])))
        for (client, worker), (price, tax, withheld) in sums.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.price_yen, str(pair.client_id), str(pair.worker_id)))


def _summary(
    wanted: Wanted,
    year: int,
    owner: UUID,
    pairs: Sequence[PairYear],
    people: dict[UUID, Member],
    registrations: Registrations,
    operator: OperatorIdentity,
) -> Draft:
    last = date(year, 12, 31)
    as_client = ":client:" in wanted.subject
    total = [sum(getattr(pair, name) for pair in pairs) for name in ("price_yen", "tax_yen", "withholding_yen")]
    other = Text("支払先", "Paid to") if as_client else Text("支払者", "Paid by")
    rows = [
        (
            _name(people[pair.worker_id if as_client else pair.client_id], registrations, last),
            yen(pair.price_yen),
            yen(pair.tax_yen),
            yen(pair.withholding_yen),
        )
        for pair in pairs
    ]
    about: Words = (
        Text(
            "源泉徴収した税額は、支払った月の翌月10日(納期の特例を受けているときはその期限)までに納めるものです。",
            "What was withheld is due to the tax office by the 10th of the month after each payment.",
        )
        if as_client
        else Text(
            "確定申告では、支払者から受け取る支払調書とあわせて確かめてください。この集計は、この市場での取引だけのものです。",
            "Compare it with the payment records you get; it covers dealings in this market only.",
        )
    )
    sheet = Sheet(
        title=Text("{year}年 源泉徴収の集計", "Withholding in {year}").format(year=year),
        issuer=operator_block(operator),
        recipient=member_block(people[owner], registrations.on(owner, last)),
        dealt_on=last.isoformat(),
        subject=f"{year}年分",
        lead=Text(
            "報酬が確定した日が{year}年のものを集計しました。", "Dealings whose reward was fixed in {year}."
        ).format(year=year),
        total=Sum(WITHHELD, total[2], is_total=True),
        tables=(Table(other, (other, PAID, TAX, WITHHELD), tuple(rows)),),
        sums=(Sum(PAID, total[0]), Sum(TAX, total[1]), Sum(WITHHELD, total[2], is_total=True)),
        notes=(about,),
        extra={"price_yen": total[0], "tax_yen": total[1], "withholding_yen": total[2]},
    )
    return Draft(
        wanted=wanted,
        sheet=sheet,
        party_id=None,
        counterparty_id=owner,
        dealt_on=last,
        total_yen=total[0] + total[1],
        withholding_yen=total[2],
    )


def _record(
    wanted: Wanted, year: int, pair: PairYear, people: dict[UUID, Member], registrations: Registrations
) -> Draft:
    last = date(year, 12, 31)
    limit_yen = policy.value("papers.payment_record_above_yen", on=last)
    is_due = pair.with_tax_yen > limit_yen
    kinds = Text(
        "、".join(WITHHOLDING_KINDS[kind].ja for kind in pair.kinds),
        ", ".join(WITHHOLDING_KINDS[kind].en for kind in pair.kinds),
    )
    due = (
        Text(
            "年の合計(税込{total})が{limit}を超えるため、翌年1月31日までに税務署へ提出が必要な額です。",
            "The year's total of {total} with tax is above {limit}: a record is due to the tax office by 31 January.",
        )
        if is_due
        else Text(
            "年の合計(税込{total})は{limit}以下で、提出が求められる額ではありません。",
            "The year's total of {total} with tax is not above {limit}: no record has to be filed.",
        )
    ).format(total=yen(pair.with_tax_yen), limit=yen(limit_yen))
    sheet = Sheet(
        title=Text("{year}年分 支払調書のデータ", "Payment record data for {year}").format(year=year),
        issuer=member_block(people[pair.client_id], registrations.on(pair.client_id, last)),
        recipient=member_block(people[pair.worker_id], registrations.on(pair.worker_id, last)),
        dealt_on=last.isoformat(),
        subject=f"{year}年分",
        lead=Text("報酬、料金、契約金及び賞金の支払調書に記載する金額です。", "What goes into the payment record."),
        total=Sum(PAID, pair.price_yen, is_total=True),
        sums=(
            Sum(PAID, pair.price_yen),
            Sum(TAX, pair.tax_yen),
            Sum(WITHHELD, pair.withholding_yen, is_total=True),
        ),
        facts_title=Text("区分", "Kind of pay"),
        facts=(
            Fact(Text("区分", "Kind"), kinds),
            Fact(
                Text("期間", "Period"),
                Text(
                    f"{day_words(date(year, 1, 1)).ja}〜{day_words(last).ja}",
                    f"{day_words(date(year, 1, 1)).en} to {day_words(last).en}",
                ),
            ),
        ),
        notes=(
            due,
            Text(
                "個人番号(マイナンバー)の欄はありません。提出に必要なときは、サービスの外で受け取ってください。",
                "There is no place for a My Number: where one is needed, it has to be asked for outside of this service.",
            ),
        ),
        extra={"price_yen": pair.price_yen, "tax_yen": pair.tax_yen, "is_due": is_due, "kinds": list(pair.kinds)},
    )
    return Draft(
        wanted=wanted,
        sheet=sheet,
        party_id=pair.client_id,
        counterparty_id=pair.worker_id,
        dealt_on=last,
        total_yen=pair.with_tax_yen,
        withholding_yen=pair.withholding_yen,
    )


def _name(member: Member, registrations: Registrations, day: date) -> str:
    return member_block(member, registrations.on(member.pk, day)).name
