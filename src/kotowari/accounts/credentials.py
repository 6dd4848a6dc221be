"""Whose login and password these are. Exactly one hash is computed whoever is asked about, so time tells nothing."""

from django.contrib.auth.hashers import check_password, make_password

from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.names import folded
from kotowari.kernel import clock


def owner_of(login: str, password: str) -> Member | SignUp | None:
    """The member, or else the unfinished sign-up, that this address or username and password open; or nobody.

    Says nothing of whether signing in is possible: that is the gate's to answer.
    """
    candidate = _candidate(folded(login))
    if candidate is None or not password or not candidate.password.startswith("argon2"):
        make_password(password)
        return None
    return candidate if check_password(password, candidate.password) else None


def _candidate(login: str) -> Member | SignUp | None:
    field = "email" if "@" in login else "username"
    member = Member.objects.filter(**{field: login}).first()
    if member is not None:
        return member
    return SignUp.objects.filter(**{field: login}, lapses_at__gt=clock.now()).order_by("-id").first()
