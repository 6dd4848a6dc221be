"""Becoming a member: 仮登録, the code by mail, 本登録."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from kotowari.accounts import codes, consents, entries, gates, mails, names
from kotowari.accounts.external.identity import Identity
from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.passwords import password_problems
from kotowari.accounts.selectors.login_information import is_registered, is_taken
from kotowari.accounts.services.joining import join
from kotowari.accounts.services.usernames import taken_words
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import Blocker, refuse, require
from kotowari.kernel.text import Language, Text


@command(gates.SIGN_UP)
def start_sign_up(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    email: str,
    password: str | None,
    kind: str = Member.Kind.INDIVIDUAL,
    language: Language = "ja",
    agreed: Sequence[str] = (),
    identity: Identity | None = None,
) -> SignUp:
    """Begin to sign up: the code goes to the address, and nobody is a member before it comes back.

    `agreed` names the consents given (`accounts.consents`). Through an external account (`identity`) there is no
    password, and the provider has not said that the address is proved. When the address belongs to a member, everything goes
    the same way, except that the mail says so to its owner and holds no code (A010).
    Raises `InputError` for what cannot be used, `Refused` for whoever is a member already.
    """
    require(gates.SIGN_UP, actor)
    check_sign_up(
        username=username, display_name=display_name, email=email, password=password, kind=kind, agreed=agreed
    )
    username, display_name, email = names.folded(username), names.tidied(display_name), names.folded(email)
    now = clock.now()
    sign_up = SignUp(
        username=username,
        display_name=display_name,
        email=email,
        password=make_password(password),
        kind=kind,
        language=language,
        consents={consent.kind: consent.version for consent in consents.ALL},
        asked_at=now,
        lapses_at=now + timedelta(hours=policy.value("accounts.sign_up_lapse_hours")),
        codes_sent=0,
        provider=identity.provider if identity else "",
        provider_subject=identity.subject if identity else "",
    )
    _send_code(sign_up)
    audit.record(actor=actor, kind=entries.SIGN_UP_STARTED, subject=sign_up)
    return sign_up


def check_sign_up(
    *, username: str, display_name: str, email: str, password: str | None, kind: str, agreed: Sequence[str]
) -> None:
    """Raise `InputError` for whatever could not be used: before a try is counted, and again when it counts.

    Without a password (None) somebody signs up through an external account.
    """
    problems = _problems(
        username=names.folded(username),
        display_name=names.tidied(display_name),
        email=names.folded(email),
        password=password,
        kind=kind,
    )
    for consent in consents.ALL:
        if consent.kind not in agreed:
            problems[consent.kind] = [consents.consent_missing(consent)]
    if problems:
        raise InputError(problems)


@command(gates.RESEND_CODE)
def resend_code(*, actor: Actor, sign_up_id: UUID) -> SignUp:
    """Send a new code; the one before is void. Raises `Refused` when the sign-up has lapsed."""
    sign_up = lock(SignUp, sign_up_id)
    require(gates.RESEND_CODE, actor, sign_up)
    _send_code(sign_up)
    audit.record(actor=actor, kind=entries.CODE_SENT, subject=sign_up, number=sign_up.codes_sent)
    return sign_up


@command(gates.CONFIRM_SIGN_UP)
def confirm_sign_up(
    *, actor: Actor, sign_up_id: UUID, code: str, password: str | None = None, username: str | None = None
) -> Member:
    """Finish signing up with the code from the mail.

    `password` is asked for where the sign-up was not begun in the same browser, so that nobody can be made to
    finish somebody else's. `username` replaces the name when somebody else has taken it meanwhile.
    Raises `InputError` for a wrong code or password or a taken name, `Refused` when time has run out.
    """
    sign_up = lock(SignUp, sign_up_id)
    require(gates.CONFIRM_SIGN_UP, actor, sign_up)
    problems: dict[str, list[Text]] = {}
    if not codes.matches(code, sign_up.code_digest, row_id=sign_up.id):
        problems["code"] = [
            Text(
                "確認コードが違います。いちばん新しいメールの8文字を入力してください。",
                "This is not the code. Please enter the eight letters of the newest mail.",
            )
        ]
    if password is not None and not check_password(password, sign_up.password):
        problems["password"] = [
            Text("登録を始めたときに決めたパスワードと違います。", "This is not the password you chose when you began.")
        ]
    if problems:
        raise InputError(problems)
    if is_registered(sign_up.email):
        raise refuse(gates.CONFIRM_SIGN_UP, address_in_use())
    if username is not None:
        sign_up.username = names.folded(username)
    taken = names.username_problems(sign_up.username) or _taken(sign_up.username)
    if taken:
        raise InputError({"username": taken})
    member = join(sign_up=sign_up, agreed_at=sign_up.asked_at, versions=sign_up.consents)
    audit.record(actor=member, kind=entries.MEMBER_JOINED, subject=member, username=member.username)
    return member


@command(gates.ADD_MEMBER)
def register_member(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    email: str,
    password: str,
    kind: str = Member.Kind.INDIVIDUAL,
    language: Language = "ja",
) -> Member:
    """A member whose address counts as proved: for the system itself, which fills a demo or moves people in.

    Visitors come by `start_sign_up` and `confirm_sign_up`. Raises `InputError` when something cannot be used.
    """
    require(gates.ADD_MEMBER, actor)
    username, display_name, email = names.folded(username), names.tidied(display_name), names.folded(email)
    problems = _problems(username=username, display_name=display_name, email=email, password=password, kind=kind)
    if "email" not in problems and is_registered(email):
        problems["email"] = [Text("このアドレスの会員はすでにいます。", "There is a member with this address already.")]
    if problems:
        raise InputError(problems)
    now = clock.now()
    sign_up = SignUp(
        username=username,
        display_name=display_name,
        email=email,
        password=make_password(password),
        kind=kind,
        language=language,
    )
    member = join(sign_up=sign_up, agreed_at=now, versions={c.kind: c.version for c in consents.ALL})
    audit.record(actor=actor, kind=entries.MEMBER_JOINED, subject=member, username=member.username)
    return member


@command(gates.LAPSE_SIGN_UP)
def lapse_sign_up(*, actor: Actor, sign_up_id: UUID) -> None:
    """Forget a sign-up whose time has run out, with everything that was typed. Raises `Refused` before that."""
    sign_up = lock(SignUp, sign_up_id)
    require(gates.LAPSE_SIGN_UP, actor, sign_up)
    audit.record(actor=actor, kind=entries.SIGN_UP_LAPSED, subject=sign_up)
    sign_up.delete()


def _problems(
    *, username: str, display_name: str, email: str, password: str | None, kind: str
) -> dict[str, list[Text]]:
    """Per field what is wrong with it, all at once. Never says that an address has an account."""
    found = {
        "username": names.username_problems(username) or _taken(username),
        "display_name": names.display_name_problems(display_name),
        "email": names.email_problems(email),
        "password": [] if password is None else password_problems(password, names=(username, display_name, email)),
        "kind": []
        if kind in Member.Kind.values
        else [Text("個人か法人のどちらかを選んでください。", "Please choose an individual or a company.")],
    }
    return {field: texts for field, texts in found.items() if texts}


def _taken(username: str) -> list[Text]:
    return [taken_words(username)] if is_taken(username) else []


def _send_code(sign_up: SignUp) -> None:
    """Give the sign-up a fresh code and mail it; to a member's address goes a mail without one.

    The row is saved and a mail is queued either way, so that time tells nothing.
    """
    minutes = policy.value("accounts.sign_up_code_minutes")
    code = codes.new_code()
    sign_up.code_digest = codes.digest_of(code, row_id=sign_up.id)
    sign_up.code_expires_at = clock.now() + timedelta(minutes=minutes)
    sign_up.codes_sent += 1
    sign_up.save()
    if is_registered(sign_up.email):
        mails.send_already_member(to=sign_up.email, language=sign_up.language)
    else:
        mails.send_code(
            to=sign_up.email,
            language=sign_up.language,
            code=code,
            sign_up_id=sign_up.id,
            minutes=minutes,
        )


def address_in_use() -> Blocker:
    """Told only to whoever has just proved to read the mail of this address."""
    return Blocker(
        code="address_in_use",
        reason=Text(
            "このメールアドレスの会員登録は、すでに終わっています。",
            "Somebody has finished signing up with this address already.",
        ),
        rule="A125",
        resolved_by="you",
        remedy=gates.TO_LOGIN,
    )
