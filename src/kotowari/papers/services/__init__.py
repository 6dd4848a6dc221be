"""The commands of papers: issuing, correcting, registrations, the search for what is missing, and staff's looks."""

from kotowari.papers.services.correcting import correct_paper
from kotowari.papers.services.issuing import issue_papers
from kotowari.papers.services.looking import look_at_paper, look_through_papers
from kotowari.papers.services.registrations import end_registration, set_registration
from kotowari.papers.services.walking import sum_up_year, walk_on

__all__ = [
    "correct_paper",
    "end_registration",
    "issue_papers",
    "look_at_paper",
    "look_through_papers",
    "set_registration",
    "sum_up_year",
    "walk_on",
]
