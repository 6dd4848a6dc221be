"""Whose login and password these are. The same hashes are computed whoever is asked about, so time tells nothing."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password

from kotowari.accounts.hashing import OF_NOBODY
from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.names import folded
from kotowari.kernel import clock

# Written out, as what is asked at every try to come in: see `accounts.selectors.standing`.
_BY_NAME = "SELECT * FROM accounts_member WHERE username = %s"
_BY_ADDRESS = """
SELECT m.* FROM accounts_member m JOIN account_emailaddress e ON e.user_id = m.id WHERE e.email = %s AND e.verified
"""


def owner_of(login: str, password: str) -> Member | SignUp | None:
    """The member, or else the unfinished sign-up, that this address or username and password open; or nobody.

    Says nothing of whether signing in is possible: that is the gate's to answer.
    """
    candidate = candidate_of(login)
    return candidate if fits(candidate, password) else None


def candidate_of(login: str) -> Member | SignUp | None:
    """Whoever this address or username would be, password or not (A184)."""
    login = folded(login)
    member = member_of(login)
    if member is not None:
        return member
    field = "email" if "@" in login else "username"
    return SignUp.objects.filter(**{field: login}, lapses_at__gt=clock.now()).order_by("-id").first()


def member_of(login: str) -> Member | None:
    """The member with this username or one of whose proved addresses this is."""
    login = folded(login)
    return next(iter(Member.objects.raw(_BY_ADDRESS if "@" in login else _BY_NAME, [login])), None)


def logins_of(member: Member) -> list[str]:
    """What its owner may type to sign in."""
    return [member.username, *addresses_of(member)]


def addresses_of(member: Member) -> list[str]:
    """Every proved address of a member: what is told about the account's keys goes to all of them."""
    return list(EmailAddress.objects.filter(user=member, verified=True).order_by("pk").values_list("email", flat=True))


def fits(candidate: Member | SignUp | None, password: str) -> bool:
    """Whether the password is the candidate's: as typed, else without stray spaces at its ends.

    NIST SP 800-63B-4, 3.1.1.2 lets a space typed by mistake be forgiven; each form that there is to try is one hash,
    with a candidate or without.
    """
    return any([_is(candidate, each) for each in forms_of(password)])


def forms_of(password: str) -> list[str]:
    """What a typed password may have been meant as: itself, and itself without spaces at its ends."""
    return list(dict.fromkeys(form for form in (password, password.strip()) if form)) or [""]


def _is(candidate: Member | SignUp | None, password: str) -> bool:
    has_one = candidate is not None and candidate.password.startswith("argon2")
    return check_password(password, candidate.password if candidate and has_one else OF_NOBODY)
