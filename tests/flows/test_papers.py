"""書類 over HTTP: found by day, amount, other side and kind; opened, kept, corrected; by members, programs and staff."""

import csv
import io
import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import story
from tests.conftest import MovableClock
from tests.flows.test_api import Program
from tests.flows.test_contract_pages import as_member
from tests.service.papers.deals import NUMBER, accepted, paper, sides, told

from kotowari.accounts.models import Member
from kotowari.accounts.services import register_name
from kotowari.foundation.models import AuditEntry
from kotowari.papers.models import Paper, TaxRegistration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def seen(browser: Client, address: str, status: int = 200, **query: Any) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


@pytest.fixture
def people() -> dict[str, Member]:
    return sides()


def listed(browser: Client, **query: Any) -> list[str]:
    rows = list(csv.reader(io.StringIO(browser.get("/my/papers/table/csv/", query).content.decode("utf-8-sig"))))
    return [row[0] for row in rows[1:]]


def test_both_sides_find_what_is_theirs_and_nobody_else_anything(people: dict[str, Member]) -> None:
    accepted(**people)
    assert {r[:3] for r in listed(as_member(people["client"]))} == {"ORD", "RCP", "DLV", "ACC", "INV"}
    assert {r[:3] for r in listed(as_member(people["worker"]))} == {"ORD", "DLV", "ACC", "INV", "FEW"}
    stranger = as_member(story.member("tanin"))
    assert listed(stranger) == []
    assert "書類はまだありません" in seen(stranger, "/my/papers/")
    for address in (f"/my/papers/{paper('invoice').pk}/", f"/my/papers/{paper('invoice').pk}/pdf/"):
        seen(stranger, address, 404)
    receipt = paper("receipt")
    seen(as_member(people["worker"]), f"/my/papers/{receipt.pk}/", 404)


def test_they_are_found_by_day_amount_other_side_and_kind(people: dict[str, Member], clock: MovableClock) -> None:
    accepted((10_000,), **people)
    clock.move(days=5)
    accepted((50_000,), client=people["client"], worker=story.member("jiro"))
    client = as_member(people["client"])
    assert listed(client, kind="invoice") == ["INV-2026-000002", "INV-2026-000001"]
    assert listed(client, kind="invoice", since="2026-11-21") == ["INV-2026-000002"]
    assert listed(client, kind="invoice", until="2026年11月24日") == ["INV-2026-000001"]
    assert listed(client, kind="invoice", least_yen="11,000", most_yen="1.1万") == ["INV-2026-000001"]
    assert listed(client, kind="invoice", other="jir") == ["INV-2026-000002"]
    assert listed(client, kind="invoice", other="nobody") == []
    assert "この条件の書類はありません" in seen(client, "/my/papers/", other="nobody")


def test_what_cannot_be_read_in_a_search_is_said(people: dict[str, Member]) -> None:
    answer = seen(as_member(people["client"]), "/my/papers/", 422, since="きのう", least_yen="たくさん")
    assert "きのう" in answer
    assert "たくさん" in answer


def test_a_list_costs_the_same_however_long_it_is(people: dict[str, Member]) -> None:
    client = as_member(people["client"])
    counts = []
    for _ in range(2):
        accepted((10_000, 20_000, 30_000, 40_000), **people)
        seen(client, "/my/papers/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = seen(client, "/my/papers/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert page.count("PDF<span") == 20
    following = page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0]
    assert seen(client, following.replace("&amp;", "&")).count("PDF<span") == 14


def test_a_paper_is_shown_word_for_word_and_as_pdf(people: dict[str, Member]) -> None:
    accepted((100_000,), **people, has_withholding=True, withholding_kind="design")
    client, invoice = as_member(people["client"]), paper("invoice")
    page = seen(client, f"/my/papers/{invoice.pk}/")
    for words in ("INV-2026-000001", "株式会社みほん商事 御中", "Hanako", "99,790", "−10,210", "仮払いから支払済み"):
        assert words in page
    assert "2033年12月31日" in page
    assert "70%" in page
    assert "2028年10月1日から" in page
    assert "一方的に減らすことはできません" in page
    pdf = client.get(f"/my/papers/{invoice.pk}/pdf/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert "INV-2026-000001.pdf" in pdf["Content-Disposition"]
    order = seen(client, f"/my/papers/{paper('order').pk}/")
    for number in range(1, 11):
        assert f"<dt>{number} " in order


def test_the_rates_of_the_transition_are_shown_to_the_client_alone(people: dict[str, Member]) -> None:
    accepted(**people)
    assert "経過措置</h2>" not in seen(as_member(people["worker"]), f"/my/papers/{paper('invoice').pk}/")


def test_each_paper_of_a_contract_is_there_or_says_when_it_comes(people: dict[str, Member]) -> None:
    m = story.funded(**people)[0]
    told()
    address = f"/contracts/{m.contract_id}/papers/"
    page = seen(as_member(people["client"]), address)
    assert "まだ発行されていません。納品されると発行されます。" in page
    assert "検収されると発行されます" in page
    assert page.count("まだありません") == 3
    assert paper("receipt").reference in page
    assert address in seen(as_member(people["client"]), f"/contracts/{m.contract_id}/")
    asked = f"invoice:{m.pk}"
    why = seen(as_member(people["client"]), "/my/can/", action="papers.expected.open", subject=asked)
    assert "まだ発行されていません" in why
    seen(as_member(story.member("tanin")), "/my/can/", 404, action="papers.expected.open", subject=asked)


def test_a_number_is_told_on_its_page_and_comes_onto_the_invoice(people: dict[str, Member]) -> None:
    worker = as_member(people["worker"])
    assert "届出はありません" in seen(worker, "/my/papers/registration/")
    wrong = worker.post("/my/papers/registration/", {"number": "T123", "name": "", "effective_on": "2020-01-01"})
    assert wrong.status_code == 422
    form = {"number": "ｔ７１２３４５６７８９０１２", "name": "山田花子", "effective_on": "2026/11/1"}
    assert worker.post("/my/papers/registration/", form, follow=True).status_code == 200
    assert TaxRegistration.objects.get().number == NUMBER
    page = seen(worker, "/my/papers/registration/")
    assert NUMBER in page
    accepted(**people)
    assert "適格請求書" in seen(worker, f"/my/papers/{paper('invoice').pk}/")
    ended = worker.post("/my/papers/registration/", {"act": "end", "effective_on": "2026-12-01"}, follow=True)
    assert "登録の終わりを記録しました" in ended.content.decode()


@pytest.mark.rule("A153")
def test_another_name_than_the_registered_one_is_a_warning_and_a_variant_is_none(people: dict[str, Member]) -> None:
    worker = as_member(people["worker"])
    form = {"number": NUMBER, "name": "高橋花子", "effective_on": "2026-11-01"}
    for name, is_warned in (("", False), ("髙橋　花子", False), ("佐藤 花子", True)):
        if name:
            reason = "changed" if is_warned else ""
            register_name(actor=story.proved(people["worker"]), name=name, kana="タカハシ ハナコ", reason=reason)
        page = worker.post("/my/papers/registration/", form, follow=True).content.decode()
        assert ("名前を見比べてください" in page) == is_warned
    assert TaxRegistration.objects.count() == 3, "a warning, never a refusal"


def test_an_individuals_odd_check_digit_is_a_warning(people: dict[str, Member]) -> None:
    form = {"number": "T1123456789012", "name": "山田花子", "effective_on": "2026-11-01"}
    page = as_member(people["worker"]).post("/my/papers/registration/", form, follow=True).content.decode()
    assert "公表サイトでもう一度確かめてください" in page
    refused = as_member(people["client"]).post("/my/papers/registration/", form)
    assert refused.status_code == 422
    assert "法人の登録番号として成り立たない" in refused.content.decode()


def test_the_issuer_issues_it_again_from_its_page(people: dict[str, Member]) -> None:
    accepted(**people)
    worker, address = as_member(people["worker"]), f"/my/papers/{paper('invoice').pk}/"
    assert "いま出し直しても、書かれることは変わりません" in seen(worker, address)
    worker.post("/my/papers/registration/", {"number": NUMBER, "name": "山田花子", "effective_on": "2026-11-01"})
    page = worker.post(address, {"reason": "登録番号を載せるため"}, follow=True).content.decode()
    assert "この書類はINV-2026-000001に代わるものです。理由: 登録番号を載せるため" in page
    assert "この書類はINV-2026-000002に置き換えられています" in seen(as_member(people["client"]), address)
    assert as_member(people["client"]).post(address, {"reason": "x"}).status_code in (403, 409)


def test_the_table_for_excel_is_a_file_of_excel(people: dict[str, Member]) -> None:
    accepted(**people)
    answer = as_member(people["client"]).get("/my/papers/table/xlsx/")
    assert answer.content[:2] == b"PK"
    assert "papers-20261120.xlsx" in answer["Content-Disposition"]
    seen(as_member(people["client"]), "/my/papers/table/exe/", 404)


def test_a_program_reads_the_same(people: dict[str, Member]) -> None:
    accepted((100_000,), **people, has_withholding=True, withholding_kind="design")
    program = Program(people["client"])
    first = program.get("/me/papers?kind=invoice&limit=1").json()
    assert [(r["reference"], r["total_yen"], r["tax_yen"]) for r in first["items"]] == [
        ("INV-2026-000001", 110_000, 10_000)
    ]
    whole = program.get(f"/papers/{first['items'][0]['id']}").json()
    assert whole["taxes"] == [{"permille": 100, "total_yen": 110_000, "tax_yen": 10_000}]
    assert (whole["withholding_yen"], whole["issuer"]["registration"], whole["kept_until"]) == (
        10_210,
        "",
        "2033-12-31",
    )
    pdf = program.get(f"/papers/{whole['id']}/pdf")
    assert pdf["Content-Type"] == "application/pdf"
    pages, cursor, ids = 0, "", []
    while cursor is not None:
        page = program.get(f"/me/papers?limit=2&cursor={cursor}").json()
        ids += [row["id"] for row in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert (pages, len(ids), len(set(ids))) == (3, 5, 5)
    assert program.get("/me/papers?cursor=x").status_code == 422
    assert program.get("/me/papers?least_yen=-1").status_code == 422
    stranger = Program(story.member("tanin"))
    refused = stranger.get(f"/papers/{whole['id']}")
    assert refused.status_code == 404
    assert json.loads(refused.content)["blockers"]


def test_staff_search_a_members_papers_and_that_is_recorded(people: dict[str, Member]) -> None:
    accepted(**people)
    TaxRegistration.objects.create(
        member=people["worker"], number=NUMBER, name="山田花子", effective_on=date(2026, 11, 1), check_digit_fits=True
    )
    kanri = story.member("kanri", is_staff=True)
    staff = as_member(kanri)
    assert "INV-2026-000001" in seen(staff, "/console/papers/", member="hanako", kind="invoice")
    assert "この名前の会員はいません" in seen(staff, "/console/papers/", member="nobody")
    address = f"/console/papers/{paper('invoice').pk}/"
    assert "記録されました" in seen(staff, address)
    assert staff.get(f"{address}pdf/").content[:5] == b"%PDF-"
    page = staff.post(address, {"reason": "登録番号の反映"}, follow=True).content.decode()
    assert "INV-2026-000001に代わるものです" in page
    assert AuditEntry.objects.filter(actor_id=kanri.pk, kind="papers.seen").count() == 1
    assert AuditEntry.objects.filter(actor_id=kanri.pk, kind="papers.one_seen").count() >= 3
    assert Paper.objects.filter(kind="invoice").count() == 2
    for closed in ("/console/papers/", address):
        seen(as_member(people["client"]), closed, 403)


@pytest.mark.parametrize("odd", ["a\x00b", "\ud800", "9" * 400, "0000-00-00", "'; --", "%", "\u202e", "x" * 5000])
def test_odd_questions_find_nothing_and_break_nothing(people: dict[str, Member], odd: str) -> None:
    asked = {name: odd for name in ("since", "until", "least_yen", "most_yen", "other", "kind", "after", "member")}
    query = urlencode(asked, errors="surrogatepass")
    client = as_member(people["client"])
    staff = as_member(story.member("kanri", is_staff=True))
    for browser, address in (
        (client, "/my/papers/"),
        (client, "/my/papers/table/csv/"),
        (client, "/my/papers/table/xlsx/"),
        (staff, "/console/papers/"),
    ):
        assert browser.get(f"{address}?{query}").status_code in (200, 422), address
    program = Program(people["client"])
    only = urlencode({"other": odd, "kind": odd}, errors="surrogatepass")
    assert program.get(f"/me/papers?{only}").status_code in (200, 422)
