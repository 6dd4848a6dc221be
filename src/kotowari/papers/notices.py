"""What members are told about papers, when, and what they can do about it."""

from uuid import UUID

from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel.text import Text
from kotowari.papers import events


def _tell(member_id: UUID, kind: str, title: Text, body: Text, url: str) -> None:
    notify(member_id=member_id, kind=f"papers.{kind}", title=title, body=body, url=url)


@on(events.PaperCorrected)
def corrected(e: events.PaperCorrected) -> None:
    """Both sides hear which paper counts now."""
    paper = Text(e.title_ja, e.title_en)
    for member_id in {e.party_id, e.counterparty_id} - {None}:
        assert member_id is not None
        _tell(
            member_id,
            "corrected",
            Text("{paper}が出し直されました", "{paper} was issued again").format(paper=paper),
            Text(
                "{was}に代わって、{reference}を発行しました。理由: {reason}\n前の書類も、置き換えられたものとして残ります。",
                "{reference} replaces {was}. Reason: {reason}\nThe earlier one stays, marked as replaced.",
            ).format(was=e.was, reference=e.reference, reason=e.reason),
            f"/my/papers/{e.paper_id}/",
        )


@on(events.YearSummed)
def year_summed(e: events.YearSummed) -> None:
    """In January: what was withheld last year."""
    body = Text(
        "{year}年に報酬が確定した取引の集計ができました。確定申告のときにお使いください。",
        "Your dealings of {year} are summed up, for your tax return.",
    )
    if e.as_client:
        body = Text(
            "{year}年に源泉徴収した報酬の集計と、支払先ごとの支払調書のデータができました。提出の期限は1月31日です。",
            "What you withheld in {year} is summed up, with the data of a payment record for each payee, due by 31 January.",
        )
    _tell(
        e.member_id,
        "year_summed",
        Text("{year}年の源泉徴収の集計", "Withholding in {year}").format(year=e.year),
        body.format(year=e.year),
        f"/my/papers/{e.paper_id}/",
    )


@on(events.RegistrationSet)
def registration_set(e: events.RegistrationSet) -> None:
    """Whoever did not do this reads how to undo it."""
    body = Text(
        "{day}以後の取引の請求書に、登録番号{number}が載ります。心当たりがない場合は、お問い合わせください。",
        "Invoices of dealings from {day} on carry {number}. If this was not you, contact us.",
    )
    if not e.number:
        body = Text(
            "{day}以後の取引の請求書には、登録番号が載りません。心当たりがない場合は、お問い合わせください。",
            "Invoices of dealings from {day} on carry no number. If this was not you, contact us.",
        )
    _tell(
        e.member_id,
        "registration_set",
        Text("登録番号の届出を受け付けました", "Your registration number was noted"),
        body.format(day=e.effective_on.isoformat(), number=e.number),
        "/my/papers/registration/",
    )
