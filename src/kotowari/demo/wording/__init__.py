"""What the demo's clients ask for, in the words in which people ask: one module for each group of categories."""

from kotowari.demo.wording import design, it, media, office, writing
from kotowari.demo.wording.work import Work

WORKS: tuple[Work, ...] = (*it.WORKS, *design.WORKS, *writing.WORKS, *media.WORKS, *office.WORKS)

__all__ = ["WORKS", "Work"]
