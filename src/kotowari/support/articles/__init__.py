"""The articles themselves, one module per subject; importing them fills `faq.ARTICLES`."""

from kotowari.support.articles import contact, deadlines, safety, signing_in, when_it_is_us  # noqa: F401 - they register themselves
