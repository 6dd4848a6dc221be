"""The request being answered on this thread, so that components need not be handed it one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.http import HttpRequest

from kotowari.accounts.models import Member
from kotowari.accounts.sessions import PROVED_AT

request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def answering(answered: HttpRequest) -> Iterator[None]:
    """Make this the current request inside the block."""
    token = request.set(answered)
    try:
        yield
    finally:
        request.reset(token)


def member() -> Member | None:
    """Who is signed in, or nobody; asks the database only when a session came with the request."""
    return member_of(request.get())


def me() -> Member:
    """Who is signed in, on pages that only members open (`members_only=True`)."""
    found = member()
    if found is None:
        raise AssertionError("nobody is signed in: register the screen with members_only=True")
    return found


def member_of(answered: HttpRequest | None) -> Member | None:
    """Who is signed in on this request, or nobody."""
    user: Member | None = getattr(answered, "user", None)
    if user is None or not user.is_authenticated:
        return None
    session = getattr(answered, "session", None)
    if user.proved_at is None and session is not None and PROVED_AT in session:
        user.proved_at = datetime.fromisoformat(session[PROVED_AT])
    return user
