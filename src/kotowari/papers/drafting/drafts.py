"""What a paper will be, before it has a number: the sheet, whose it is, and its amounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.kernel import clock
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.papers.arithmetic import RateTotal
from kotowari.papers.kinds import KINDS, PaperKind
from kotowari.papers.models import TaxRegistration
from kotowari.papers.operator import OperatorIdentity
from kotowari.papers.sheets import PartyBlock, Sheet, Sum, Words


class Wanted(NamedTuple):
    """A paper by what it is about: kind and subject (`("invoice", "milestone:018f…")`)."""

    kind: str
    subject: str

    @property
    def about(self) -> str:
        """The first part of the subject: `contract`, `delivery`, `milestone`, `payout` or `year`."""
        return self.subject.partition(":")[0]

    @property
    def id(self) -> UUID:
        """The row it is about; not for years, which are about more than one."""
        return UUID(self.subject.partition(":")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A paper that only lacks its number and its day. `party_id` is none where the operator issues it."""

    wanted: Wanted
    sheet: Sheet
    party_id: UUID | None
    counterparty_id: UUID
    dealt_on: date
    total_yen: int
    taxes: tuple[RateTotal, ...] = ()
    withholding_yen: int = 0
    contract_id: UUID | None = None
    payout_id: UUID | None = None

    @property
    def kind(self) -> PaperKind:
        return KINDS[self.wanted.kind]

    @property
    def tax_yen(self) -> int:
        return sum(each.tax_yen for each in self.taxes)


@dataclass(slots=True)
class Registrations:
    """The 登録番号 of some members, asked for together."""

    of: dict[UUID, list[TaxRegistration]] = field(default_factory=dict)

    @classmethod
    def read(cls, member_ids: Iterable[UUID]) -> "Registrations":
        """One query for any number of members."""
        found = cls()
        rows = TaxRegistration.objects.filter(member_id__in=set(member_ids)).order_by("-effective_on", "-id")
        for row in rows:
            found.of.setdefault(row.member_id, []).append(row)
        return found

    def on(self, member_id: UUID, day: date) -> TaxRegistration | None:
        """What was in force on a day; none where it had not begun or had ended."""
        row = next((row for row in self.of.get(member_id, ()) if row.effective_on <= day), None)
        return row if row is not None and row.number else None


REGISTRATION = Text("登録番号 {number}", "Registration number {number}")
AMOUNT = Text("金額(税込)", "Amount with tax")


def operator_block(operator: OperatorIdentity) -> PartyBlock:
    """The operator as issuer."""
    details: list[Words] = [operator.address] if operator.address else []
    if operator.registration:
        details.append(REGISTRATION.format(number=operator.registration))
    return PartyBlock(operator.name, operator.registration, tuple(details), is_company=True)


def member_block(member: Member, registration: TaxRegistration | None = None, *, as_issuer: bool = False) -> PartyBlock:
    """A member as a paper names them: by the registered name where one is in force, with the number as issuer."""
    number = registration.number if registration and as_issuer else ""
    details: list[Words] = [Text("ユーザー名 {name}", "Username {name}").format(name=member.username)]
    if number:
        details.append(REGISTRATION.format(number=number))
    name = registration.name if registration else member.display_name
    return PartyBlock(name, number, tuple(details), is_company=member.kind == Member.Kind.COMPANY)


def day_words(day: date) -> Text:
    """A day as papers write it."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}")


def day_of(moment: object) -> date:
    """The Tokyo day of a moment that a row must have."""
    return clock.tokyo(moment).date()  # type: ignore[arg-type]


def percent(permille: int) -> str:
    return f"{permille / 10:g}%"


def tax_sums(taxes: Sequence[RateTotal]) -> list[Sum]:
    """For each rate what bears it and the tax inside, as a qualified invoice must say."""
    lines: list[Sum] = []
    for each in taxes:
        rate = percent(each.permille)
        lines += [
            Sum(Text("{rate}対象(税抜)", "At {rate}, without tax").format(rate=rate), each.base_yen),
            Sum(Text("消費税({rate})", "Consumption tax ({rate})").format(rate=rate), each.tax_yen),
        ]
    return lines


def figures(*amounts_yen: int) -> tuple[Text, ...]:
    """Amounts as cells of a table."""
    return tuple(yen(amount) for amount in amounts_yen)
