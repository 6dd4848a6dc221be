"""Papers as a person may see them, found by what is known of them, and those that are still to come."""

from kotowari.papers.selectors.expecting import Expected, ExpectedPaper, expected_papers, papers_of_contract
from kotowari.papers.selectors.rows import (
    differs_from_real_name,
    kept_until,
    papers_visible_to,
    registration_of,
    registrations_told_by,
    role_of,
)
from kotowari.papers.selectors.searching import FoundPaper, PaperPage, Search, all_papers, find_papers

__all__ = [
    "Expected",
    "ExpectedPaper",
    "FoundPaper",
    "PaperPage",
    "Search",
    "all_papers",
    "differs_from_real_name",
    "expected_papers",
    "find_papers",
    "kept_until",
    "papers_of_contract",
    "papers_visible_to",
    "registration_of",
    "registrations_told_by",
    "role_of",
]
