"""Papers as PDF: PDF/A-2a and PDF/UA-1, tagged, with the font inside, the same bytes whenever they are asked for."""

import hashlib
import json
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path

import typst

from kotowari.kernel import clock
from kotowari.kernel.errors import KotowariError
from kotowari.papers.models import Paper, PaperFile
from kotowari.papers.printing import FONTS, printable

FOLDER = Path(__file__).parent / "typst"
TEMPLATE = FOLDER / "paper.typ"
_one_at_a_time = threading.Lock()


class PaperFileChanged(KotowariError):  # noqa: N818 - said to programmers; a fault of ours, never of whoever asks
    """The same paper, drawn by the same version of the drawing, came out otherwise than before."""


def pdf_of(paper: Paper) -> bytes:
    """The paper as PDF. Its digest is kept the first time and must come out again. Raises `PaperFileChanged`."""
    content = draw(paper)
    digest = hashlib.sha256(content).hexdigest()
    kept, _ = PaperFile.objects.get_or_create(paper=paper, renderer=renderer(), defaults={"digest": digest})
    if kept.digest != digest:
        raise PaperFileChanged(f"{paper.reference} by {kept.renderer}: {digest} instead of {kept.digest}")
    return content


def draw(paper: Paper) -> bytes:
    """The bytes; one paper at a time in a process, since the compiler is one and costs memory."""
    data = json.dumps(printable(paper.sheet, paper.digest), ensure_ascii=False)
    made_at = int(clock.start_of(paper.issued_on).timestamp())
    with _one_at_a_time:
        drawn = _compiler().compile(
            format="pdf", sys_inputs={"paper": data}, pdf_standards=["a-2a", "ua-1"], timestamp=made_at
        )
    assert isinstance(drawn, bytes), "without a file name the compiler returns the bytes"
    return drawn


@cache
def renderer() -> str:
    """The version of the drawing: of template, font and compiler. Another one may come to other bytes."""
    parts = [version("typst").encode(), TEMPLATE.read_bytes(), *(f.read_bytes() for f in sorted(FONTS.iterdir()))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(str(TEMPLATE), root=str(FOLDER), font_paths=fonts, ignore_system_fonts=True)
