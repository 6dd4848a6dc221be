"""The articles themselves, one module per subject; importing them fills `faq.ARTICLES`."""

from kotowari.support.articles import (  # noqa: F401 - they register themselves
    contact,
    deadlines,
    papers,
    safety,
    signing_in,
    when_it_is_us,
)
