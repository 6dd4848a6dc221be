"""Papers in a real Chromium, on a phone and on a desk: found, opened, told apart, downloaded."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests import story
from tests.browser.conftest import AXE, Comes, Person
from tests.browser.test_accessible import NORMS
from tests.conftest import MovableClock
from tests.service.papers.deals import NUMBER, sides, told

from kotowari.accounts.models import Member
from kotowari.papers import services
from kotowari.papers.models import Paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def judged(person: Person, name: str) -> None:
    """As axe judges it; with `KOTOWARI_PICTURES` a picture is left there to be looked at."""
    person.page.evaluate(AXE.read_text())
    found = person.page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {NORMS}}}}})")["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], person.page.url
    folder = os.environ.get("KOTOWARI_PICTURES")
    if folder:
        person.page.screenshot(path=str(Path(folder) / f"{name}-{person.width}.png"), full_page=True)


@pytest.mark.parametrize(("width", "language"), [(360, "ja"), (1440, "ja"), (1440, "en"), (360, "en")])
def test_papers_are_found_opened_and_kept(clock: MovableClock, comes: Comes, width: int, language: str) -> None:
    people: dict[str, Any] = sides()
    people["worker"].display_name = "とても長い名前の制作事務所" * 3
    people["worker"].save()
    staff_member = story.member("kanri", is_staff=True)
    Member.objects.update(language=language)
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田花子", effective_on=date(2026, 12, 1))
    story.accepted((100_000,), **people, has_withholding=True, withholding_kind="design")
    half = story.delivered((30_000, 5_000), **people)[0]
    told()
    invoice = Paper.objects.get(kind="invoice")
    order = Paper.objects.filter(kind="order").earliest("id")
    client = comes(people["client"], width=width, language=language)
    for name, path in (
        ("list", "/my/papers/"),
        ("found", "/my/papers/?kind=invoice&least_yen=10%2C000&since=2026-11-01&other=とても"),
        ("nothing", "/my/papers/?other=nobody"),
        ("invoice", f"/my/papers/{invoice.pk}/"),
        ("order", f"/my/papers/{order.pk}/"),
        ("contract", f"/contracts/{half.contract_id}/papers/"),
    ):
        judged(client.open(path), f"{name}-{language}")
    worker = comes(people["worker"], width=width, language=language)
    judged(worker.open("/my/papers/registration/"), f"registration-{language}")
    judged(worker.open(f"/my/papers/{invoice.pk}/"), f"issuer-{language}")
    staff = comes(staff_member, width=width, language=language)
    judged(staff.open("/console/papers/?member=hanako"), f"console-{language}")
    judged(staff.open(f"/console/papers/{invoice.pk}/"), f"console-paper-{language}")


def test_the_pdf_comes_by_the_button(clock: MovableClock, comes: Comes, tmp_path: Path) -> None:
    people: dict[str, Any] = sides()
    story.accepted(**people)
    told()
    invoice = Paper.objects.get(kind="invoice")
    client = comes(people["client"])
    client.open(f"/my/papers/{invoice.pk}/")
    with client.page.expect_download() as download:
        client.page.get_by_role("link", name="PDFをダウンロードする").click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.name == "INV-2026-000001.pdf"
    assert "11,000円" in PdfReader(kept).pages[0].extract_text()
