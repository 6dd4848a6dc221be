"""The Jinja2 environment of every page."""

from typing import Any

from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Django's entry point: makes the environment."""
    return Environment(**{**options, "undefined": StrictUndefined, "autoescape": True})
