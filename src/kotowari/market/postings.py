"""A posting as a client writes it, and everything that has to be true of it before it is shown to anybody."""

from dataclasses import dataclass
from datetime import date, timedelta

from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.market import menus
from kotowari.market.inputs import Reading

TITLE_MAX = 80
DESCRIPTION_MAX = 10_000
FACT_MAX = 200
TERMS_MAX = 2_000
HIRES_MAX = 100
WORK_AMOUNT_MAX = 100_000_000
FURTHEST_DAYS = 3 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What a client fills in; `None` or "" is what was left empty.

    Prices are yen without tax; without `budget_max_yen` the price is fixed. `apply_until_on` is the last day for
    proposals. The facts about the poster are those the law wants in an offer of work; the terms are the items of
    the written notice, so that a contract can be made from the posting without asking for anything more.
    """

    title: str = ""
    description: str = ""
    category: str = ""
    kind: str = "project"
    budget_min_yen: int | None = None
    budget_max_yen: int | None = None
    work_amount: int | None = None
    work_unit: str = ""
    hires_wanted: int | None = 1
    apply_until_on: date | None = None
    starts_on: date | None = None
    due_on: date | None = None
    stays_inside: bool = True
    poster_name: str = ""
    poster_address: str = ""
    poster_contact: str = ""
    work_place: str = ""
    rights: str = ""
    rights_note: str = ""
    delivery_place: str = ""
    inspection_days: int | None = None
    payment_due_days: int | None = None
    has_non_cash_payment: bool | None = None
    non_cash_terms: str = ""
    is_recommission: bool | None = None
    recommission_terms: str = ""
    has_withholding: bool | None = None
    withholding_kind: str = ""


def read(posting: Posting, *, categories: frozenset[str]) -> dict[str, object]:
    """The columns of the job that the posting describes (`category` still as a slug).

    Raises `InputError` with everything that is wrong, by field.
    """
    reading = Reading()
    columns: dict[str, object] = {
        "title": reading.line("title", posting.title, TITLE_MAX),
        "description": reading.text("description", posting.description, DESCRIPTION_MAX),
        "category": reading.choice("category", posting.category, categories),
        "kind": reading.choice("kind", posting.kind, menus.KINDS),
        "hires_wanted": reading.whole("hires_wanted", posting.hires_wanted, 1, HIRES_MAX),
        "stays_inside": posting.stays_inside,
        **_price(reading, posting),
        **_dates(reading, posting),
        **_facts(reading, posting),
        **_terms(reading, posting),
    }
    reading.finish()
    return columns


def _price(reading: Reading, posting: Posting) -> dict[str, object]:
    least, most = policy.value("market.project_minimum_yen"), policy.value("market.project_maximum_yen")
    lower = reading.amount("budget_min_yen", posting.budget_min_yen, least, most)
    upper = lower
    if posting.budget_max_yen is not None:
        upper = reading.amount("budget_max_yen", posting.budget_max_yen, least, most)
        if "budget_max_yen" not in reading.problems and upper < lower:
            reading.wrong(
                "budget_max_yen",
                Text("上限は下限以上の金額にしてください。", "The most must not be less than the least."),
            )
    unit = reading.choice("work_unit", posting.work_unit, menus.WORK_UNITS, needed=posting.work_amount is not None)
    amount = None
    if unit:
        amount = reading.whole("work_amount", posting.work_amount, 1, WORK_AMOUNT_MAX)
    return {"budget_min_yen": lower, "budget_max_yen": upper, "work_unit": unit, "work_amount": amount}


def _dates(reading: Reading, posting: Posting) -> dict[str, object]:
    today = clock.today()
    furthest = today + timedelta(days=FURTHEST_DAYS)
    last_apply = today + timedelta(days=policy.value("market.job_open_days_max"))
    apply_until_on = reading.day("apply_until_on", posting.apply_until_on, today, last_apply)
    due_on = reading.day("due_on", posting.due_on, apply_until_on or today, furthest)
    starts_on = posting.starts_on
    if starts_on is not None:
        starts_on = reading.day("starts_on", starts_on, today, due_on or furthest)
    until = clock.end_of(apply_until_on) if apply_until_on else None
    return {"apply_until": until, "starts_on": starts_on, "due_on": due_on}


def _facts(reading: Reading, posting: Posting) -> dict[str, object]:
    return {
        "poster_name": reading.line("poster_name", posting.poster_name, 100),
        "poster_address": reading.line("poster_address", posting.poster_address, FACT_MAX),
        "poster_contact": reading.line("poster_contact", posting.poster_contact, FACT_MAX),
        "work_place": reading.line("work_place", posting.work_place, FACT_MAX),
    }


def _terms(reading: Reading, posting: Posting) -> dict[str, object]:
    inspection = reading.whole(
        "inspection_days", posting.inspection_days, 1, policy.value("contracts.acceptance_days_max")
    )
    payment = reading.whole("payment_due_days", posting.payment_due_days, 1, policy.value("contracts.pay_within_days"))
    if inspection and payment and payment < inspection:
        reading.wrong(
            "payment_due_days",
            Text(
                "支払期日は、検査を終える日({days}日)より前にはできません。",
                "The pay cannot be due before inspection ends ({days} days).",
            ).format(days=inspection),
        )
    has_withholding = reading.yes_or_no("has_withholding", posting.has_withholding)
    return {
        "rights": reading.choice("rights", posting.rights, menus.RIGHTS),
        "rights_note": reading.text("rights_note", posting.rights_note, TERMS_MAX, needed=False),
        "delivery_place": reading.line("delivery_place", posting.delivery_place, FACT_MAX),
        "inspection_days": inspection,
        "payment_due_days": payment,
        **_optional_term(reading, "has_non_cash_payment", posting.has_non_cash_payment, posting, "non_cash_terms"),
        **_optional_term(reading, "is_recommission", posting.is_recommission, posting, "recommission_terms"),
        "has_withholding": has_withholding,
        "withholding_kind": reading.choice("withholding_kind", posting.withholding_kind, menus.WITHHOLDING_KINDS)
        if has_withholding
        else "",
    }


def _optional_term(
    reading: Reading, question: str, answer: bool | None, posting: Posting, field: str
) -> dict[str, object]:
    """An item of the written terms that either applies, in words, or is marked as not applicable."""
    applies = reading.yes_or_no(question, answer)
    words = reading.text(field, getattr(posting, field), TERMS_MAX) if applies else ""
    return {question: applies, field: words}
