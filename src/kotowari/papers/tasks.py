"""What time does to papers: it finds what is missing, and in January sums up the year before."""

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.papers.services import sum_up_year, walk_on
from kotowari.papers.services.walking import WALKS

YEARS_BACK = 2
"""A market that stood still over a new year still sums up the year before that."""


@deadline("papers.find_missing")
def find_missing() -> int:
    """Issue the papers that nobody made, some rows at a time."""
    return sum(walk_on(actor=SYSTEM, name=name) for name in WALKS)


@deadline("papers.sum_up_year", Text("前年の源泉徴収の集計", "Summing up last year's withholding"))
def sum_up_last_years() -> int:
    """Issue the summaries and payment records of the years that have ended."""
    this_year = clock.today().year
    return sum(sum_up_year(actor=SYSTEM, year=this_year - back) for back in range(YEARS_BACK, 0, -1))
