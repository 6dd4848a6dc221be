"""What happens to papers, told to the rooms above after the fact."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("papers.corrected", Text("書類{reference}が{was}に代わりました", "Paper {reference} replaces {was}"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCorrected(Event):
    paper_id: UUID
    reference: str
    was: str
    party_id: UUID | None
    counterparty_id: UUID
    title_ja: str
    title_en: str
    reason: str


@event("papers.year_closed", Text("{year}年の源泉徴収の集計ができました", "The withholding of {year} was summed up"))
@dataclass(frozen=True, slots=True, kw_only=True)
class YearSummed(Event):
    """A member's summary of the year is there; a client's payment records come with it."""

    paper_id: UUID
    member_id: UUID
    year: int
    as_client: bool


@event("papers.registration_set", Text("登録番号が届けられました", "A registration number was told"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationSet(Event):
    """`number` is empty where the registration ends."""

    member_id: UUID
    number: str
    effective_on: date
