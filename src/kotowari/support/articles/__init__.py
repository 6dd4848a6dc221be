"""The articles themselves, one module per subject; importing them fills `faq.ARTICLES`."""

from kotowari.support.articles import contact, deadlines, papers, safety, signing_in  # noqa: F401 - they register themselves
