"""Programs that sign in by password, and sign out."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from kotowari.accounts import callers, names, passwords, programs, services
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import ApiToken
from kotowari.accounts.program_sign_ins import TICKET_MAX
from kotowari.api.calls import AnyToken, Visitor

router = Router(tags=["sign-ins"])
NAME_IN_LABEL_MAX = 50
CODE_MAX = 100
Kind = Literal["totp", "sms", "recovery"]
_DEVICE = Field(
    "",
    description="The `device` of an earlier answer: then the account knows you, and a stranger's guesses lock you out no more",
    max_length=callers.DEVICE_TOKEN_MAX,
)
_KIND: Any = Field("totp", description="Of which second factor the code is")


class NewSignIn(Schema):
    """What a person would type, and what the program is to be allowed. `code` may come with it or in a second call."""

    login: str = Field(description="E-mail address or username", max_length=names.EMAIL_MAX)
    password: str = Field(max_length=passwords.MAX_LENGTH)
    name: str = Field(description="What the program is called in the list of its owner's tokens")
    scopes: list[str]
    kind: Kind = _KIND
    code: str = Field("", max_length=CODE_MAX)
    device: str = _DEVICE


class SecondFactor(Schema):
    """The second step: the ticket from the blocker `second_factor_needed`, and a code."""

    ticket: str = Field(max_length=TICKET_MAX)
    kind: Kind = _KIND
    code: str = Field(max_length=CODE_MAX)
    device: str = _DEVICE


class NewCode(Schema):
    """A code by text message for the second step; the one before is void."""

    ticket: str = Field(max_length=TICKET_MAX)
    telephone: str = Field(description="Its `id` in the blocker `second_factor_needed`", max_length=100)


class SignInShape(Schema):
    """The token is told here and never again. Keep `device` and send it when you sign in again."""

    token: str
    expires_at: datetime
    scopes: list[str]
    name: str
    username: str
    device: str


@router.post(
    "/sign-ins",
    auth=Visitor(),
    response={201: SignInShape},
    summary="Sign a program in by password; the answer to a wrong one is the same whatever was wrong",
)
def sign_in(request: HttpRequest, response: HttpResponse, body: NewSignIn) -> Any:
    caller = _caller(request, body.device, body.name)
    token = programs.sign_in(
        login=body.login,
        password=body.password,
        name=body.name,
        scopes=body.scopes,
        kind=body.kind,
        code=body.code,
        caller=caller,
    )
    return _told_once(response, token, caller)


@router.post(
    "/sign-ins/second-factor",
    auth=Visitor(),
    response={201: SignInShape},
    summary="Finish signing in with a code of the second factor; each ticket and each code works once",
)
def finish(request: HttpRequest, response: HttpResponse, body: SecondFactor) -> Any:
    caller = _caller(request, body.device)
    token = programs.finish(ticket=body.ticket, kind=body.kind, code=body.code, caller=caller)
    return _told_once(response, token, caller)


@router.post(
    "/sign-ins/code",
    auth=Visitor(),
    response={204: None},
    summary="Have a code sent by text message for the second step",
)
def send_code(request: HttpRequest, body: NewCode) -> Any:
    programs.send_code(ticket=body.ticket, telephone=body.telephone, caller=_caller(request, ""))
    return Status(204, None)


@router.delete(
    "/sign-ins/current", auth=AnyToken(), response={204: None}, summary="Sign the program out: its token ends at once"
)
def sign_out(request: HttpRequest) -> Any:
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # django-ninja puts it there
    services.revoke_api_token(actor=token.member, token_id=token.pk)
    return Status(204, None)


def _caller(request: HttpRequest, device: str, name: str = "") -> Caller:
    """From where the program calls. It has no cookies, and is called by its name rather than by its library's."""
    found = replace(callers.caller_of(request), devices=callers.devices_in(device))
    named = names.tidied(name)[:NAME_IN_LABEL_MAX]
    return replace(found, label=f"API: {named}") if named else found


def _told_once(response: HttpResponse, token: ApiToken, caller: Caller) -> Any:
    assert token.device_id is not None, "a program comes from a device"
    response["Cache-Control"] = "no-store"
    others = (each for each in caller.devices if each != token.device_id)
    return Status(
        201,
        {
            "token": token.plaintext,
            "expires_at": token.expires_at,
            "scopes": token.scopes,
            "name": token.name,
            "username": token.member.username,
            "device": callers.cookie_of((token.device_id, *others)),
        },
    )
