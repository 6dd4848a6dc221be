"""The PDF says what the row says, is PDF/A with tags, and is the same bytes every time."""

import hashlib
import io
import re
import threading
import unicodedata

import pytest
from pypdf import PdfReader
from tests import story
from tests.service.papers.deals import accepted, paper, sides, told

from kotowari.contracts import services as contracts
from kotowari.papers import pdf
from kotowari.papers.models import Paper, PaperFile
from kotowari.papers.pdf import PaperFileChanged, draw, pdf_of

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages)))


def test_every_kind_can_be_drawn_with_its_amounts() -> None:
    accepted((100_000,), **sides(), has_withholding=True, withholding_kind="design")
    papers = list(Paper.objects.all())
    assert len(papers) == 6
    for row in papers:
        text = text_of(pdf_of(row))
        assert row.reference in text, row.kind
        assert re.sub(r"\s", "", row.party_name) in text, row.kind
        for each in row.sheet.sums:
            assert f"{abs(each.amount_yen):,}円" in text, (row.kind, each)
        for rate in row.taxes:
            assert f"{rate['tax_yen']:,}円" in text, row.kind


def test_it_is_pdf_a_2a_and_ua_1_with_tags_language_and_title() -> None:
    accepted()
    reader = PdfReader(io.BytesIO(pdf_of(paper("invoice"))))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja-JP"
    assert "/StructTreeRoot" in root
    assert reader.xmp_metadata is not None
    metadata = reader.xmp_metadata.stream.get_data().decode()
    for claim in (
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert claim in metadata
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("NotoSansJP" in font for font in fonts)


def test_the_bytes_are_the_same_and_their_digest_is_kept() -> None:
    accepted()
    row = paper("invoice")
    first = pdf_of(row)
    assert pdf_of(Paper.objects.get(pk=row.pk)) == first
    kept = PaperFile.objects.get(paper=row)
    assert kept.digest == hashlib.sha256(first).hexdigest()


def test_other_bytes_for_the_same_paper_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted()
    row = paper("invoice")
    pdf_of(row)
    monkeypatch.setattr(pdf, "draw", lambda _: b"%PDF-other")
    with pytest.raises(PaperFileChanged):
        pdf_of(row)


@pytest.mark.parametrize(
    "hostile",
    [
        "#evil *x* _y_ $z$ @ref <label> // /* ] ) } \\",
        '#import "/etc/passwd"',
        "`raw` ```typ #x``` = heading - list + enum",
        '"]}, "title": "x',
    ],
)
def test_what_people_write_is_never_markup(hostile: str) -> None:
    accepted(**sides(), title=hostile)
    sheet = paper("invoice").sheet
    assert sheet.subject == hostile
    assert re.sub(r"\s", "", hostile) in text_of(pdf_of(paper("invoice")))


def test_letters_without_type_are_replaced_and_said_so() -> None:
    accepted(**sides(), title="😀の似顔絵と𠮷野さん")
    text = text_of(pdf_of(paper("invoice")))
    assert "〓の似顔絵と𠮷野さん" in text
    assert "U+1F600" in text


def test_a_text_of_ten_thousand_letters_flows_over_pages() -> None:
    m = story.funded(**sides())[0]
    long = "あいうえお、漢字とABC。" * 400
    contracts.deliver(
        actor=m.contract.worker, milestone_id=m.pk, message=long[:5_000], links=["https://example.jp/" + "x" * 400]
    )
    told()
    accepted(description=("長い説明。" * 2_000)[:9_990], **{"client": m.contract.client, "worker": m.contract.worker})
    order = Paper.objects.filter(kind="order").latest("id")
    reader = PdfReader(io.BytesIO(pdf_of(order)))
    assert len(reader.pages) > 4
    assert text_of(pdf_of(order)).count("長い説明。") >= 1_990
    note = Paper.objects.filter(kind="delivery_note").earliest("id")
    assert text_of(pdf_of(note)).count("漢字とABC") > 300


def test_many_threads_draw_with_one_compiler() -> None:
    accepted()
    row = paper("invoice")
    expected, drawn = draw(row), []
    threads = [threading.Thread(target=lambda: drawn.append(draw(row))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [expected] * 8
    assert pdf._compiler.cache_info().currsize == 1
