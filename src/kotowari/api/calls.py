"""What every call has in common: who calls, what the token allows, one effect per key, problems as one object."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from kotowari.accounts.models import ApiToken, Member
from kotowari.accounts.services import authenticate_token, require_scope, shown_token
from kotowari.api.actions import action_of
from kotowari.api.gates import FIND, SEND
from kotowari.api.shapes import Problem
from kotowari.kernel import clock
from kotowari.kernel.errors import IdempotencyConflict, InputError, NotVisible, Refused
from kotowari.kernel.gates import Blocker, Decision, refuse
from kotowari.kernel.text import Text

PROBLEM = "application/problem+json"
RETRY_AFTER_SECONDS = 5
PROOF_NEEDED = (
    "Decides where money goes, so it needs a token that was got by signing in with the password "
    "(and second factor, POST /api/v1/sign-ins) within the minutes of the policy accounts.proof_minutes. "
    "Later it is refused with proof_needed: sign in again. A token made in the settings is refused with "
    "token_proves_nothing, however new."
)
"""What is told of a call behind `accounts.gates.proved_for_money`."""


class Token:
    """A personal access token that may do what the call needs, as `Authorization: Bearer TOKEN`."""

    openapi_type = "http"

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> Member:
        member, given = authenticate_token(request.headers.get("Authorization", ""))
        require_scope(given, self.scope)
        request.user = member
        return member


class AnyToken:
    """A personal access token, whatever it may do: what ends the token needs no scope of it."""

    openapi_type = "http"
    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> ApiToken:
        return shown_token(request.headers.get("Authorization", ""))


class Visitor:
    """Anybody; but a token that is sent may not be wrong."""

    def __call__(self, request: HttpRequest) -> Member | bool:
        if "Authorization" not in request.headers:
            return True
        request.user, _ = authenticate_token(request.headers["Authorization"])
        return True


class Body(Parser):
    """Reads what was sent without what no text of the database can hold: NUL, and halves of a letter."""

    def parse_body(self, request: HttpRequest) -> Any:
        return _holdable(super().parse_body(request))


def _holdable(sent: Any) -> Any:
    if isinstance(sent, str):
        return _UNHOLDABLE.sub("", sent)
    if isinstance(sent, list):
        return [_holdable(each) for each in sent]
    if isinstance(sent, dict):
        return {_holdable(name): _holdable(each) for name, each in sent.items()}
    return sent


_UNHOLDABLE = re.compile("[\\0\\ud800-\\udfff]")


def caller(request: HttpRequest) -> Member:
    """Who calls; only for calls behind a token."""
    member = request.user
    assert isinstance(member, Member)
    return member


def caller_or_none(request: HttpRequest) -> Member | None:
    """Who calls, or nobody."""
    return request.user if isinstance(request.user, Member) else None


def key_of(request: HttpRequest) -> str:
    """The `Idempotency-Key` of a call that moves something. Raises `InputError` without one."""
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= 64 or not key.isprintable():
        raise InputError(
            {
                "Idempotency-Key": [
                    Text(
                        "ヘッダー Idempotency-Key に、この依頼だけの文字列(1〜64文字)を入れてください。"
                        "通信が切れても、同じ値で送り直せば二重になりません。",
                        "Send a header Idempotency-Key of 1 to 64 characters that is this request's own. Repeating "
                        "the call with the same key never does it twice.",
                    )
                ]
            }
        )
    return key


def uuid_of(kind: str, id: str) -> UUID:
    """An id from an address. Raises `NotVisible` when it is none: what cannot exist is not found."""
    try:
        return UUID(id)
    except ValueError as error:
        raise NotVisible(kind, id) from error


def answer_problems(api: NinjaAPI) -> None:
    """Answer everything the product says no with as `application/problem+json` (RFC 9457)."""

    def on(kind: type[Exception]) -> Callable[[Callable[[HttpRequest, Any], HttpResponse]], None]:
        return lambda handler: api.add_exception_handler(kind, handler)

    @on(Refused)
    def refused(_: HttpRequest, error: Refused) -> HttpResponse:
        return problem(error.decision)

    @on(NotVisible)
    def not_found(_: HttpRequest, error: NotVisible) -> HttpResponse:
        return problem(refuse(FIND, _nothing_there(error)).decision)

    @on(InputError)
    def unusable(_: HttpRequest, error: InputError) -> HttpResponse:
        fields = {name: [str(text) for text in texts] for name, texts in error.fields.items()}
        return problem(refuse(SEND, _unusable()).decision, errors=fields)

    @on(ValidationError)
    def misshapen(_: HttpRequest, error: ValidationError) -> HttpResponse:
        fields: dict[str, list[str]] = {}
        for each in error.errors:
            place = ".".join(str(part) for part in each["loc"] if part not in ("body", "query", "path", "data"))
            fields.setdefault(place, []).append(each["msg"])
        return problem(refuse(SEND, _unusable()).decision, errors=fields)

    @on(IdempotencyConflict)
    def other_request(_: HttpRequest, error: IdempotencyConflict) -> HttpResponse:
        return problem(refuse(SEND, _key_used(error.key)).decision)

    @on(OperationalError)
    def busy(_: HttpRequest, __: OperationalError) -> HttpResponse:
        return problem(refuse(SEND, _busy()).decision)

    @on(HttpError)
    def unreadable(_: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(refuse(SEND, _unusable()).decision, errors={"": [str(error)]})


def problem(decision: Decision, **more: Any) -> HttpResponse:
    """A decision as the answer to a call."""
    response = JsonResponse(
        {**decision.as_json(), **more}, status=decision.status, json_dumps_params={"ensure_ascii": False}
    )
    response["Content-Type"] = PROBLEM
    if decision.status in (429, 503):
        wait = (decision.clears_at - clock.now()).total_seconds() if decision.clears_at else RETRY_AFTER_SECONDS
        response["Retry-After"] = str(max(1, int(wait)))
    if decision.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def describe_problems(api: NinjaAPI) -> OpenAPISchema:
    """The OpenAPI document: each call with its action, and the refusal as the answer where it may be refused."""
    document = api.get_openapi_schema()
    scopes = _scopes(api)
    refusal = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**refusal.pop("$defs"), "Problem": refusal}
    shown = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["x-action"] = action_of(operation["operationId"]).name
            operation["x-scope"] = scopes[operation["operationId"]]
            operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
            for status, words in _PROBLEMS.items():
                operation["responses"].setdefault(status, {"description": words, "content": {PROBLEM: shown}})
    return document


def _scopes(api: NinjaAPI) -> dict[str, str | None]:
    """What a token must allow for each call, by the call's id; None where anybody may call."""
    return {
        api.get_openapi_operation_id(operation): getattr(operation.auth_callbacks[0], "scope", None)
        for _, router in api._routers
        for path in router.path_operations.values()
        for operation in path.operations
    }


_PROBLEMS = {
    "401": "No token, or one that opens nothing",
    "403": "Not allowed to",
    "404": "Not there, or not for you",
    "409": "Not in this state, or the key was used for another request",
    "422": "The input cannot be used",
    "429": "Too often; see Retry-After",
    "503": "Busy; nothing was done, see Retry-After",
}


def _nothing_there(error: NotVisible) -> Blocker:
    return Blocker(
        code="not_found",
        reason=Text(
            "指定された {kind} はないか、あなたには見えません。", "There is no such {kind}, or it is not for you."
        ).format(kind=error.kind),
        rule="P012",
        resolved_by="you",
        facts={"kind": error.kind, "id": str(error.id)[:64]},
        status=404,
    )


def _unusable() -> Blocker:
    return Blocker(
        code="input",
        reason=Text("送られた内容に使えない値があります。", "Some of what was sent cannot be used."),
        rule="A058",
        resolved_by="you",
        status=422,
    )


def _busy() -> Blocker:
    return Blocker(
        code="busy",
        reason=Text(
            "いまサービスに繋がりにくくなっています。何も行っていません。少しあとに、同じ内容をもう一度送ってください。",
            "We are hard to reach right now; nothing was done. Send the same request again in a moment.",
        ),
        rule="A038",
        resolved_by="operator",
        clears_at=clock.now() + timedelta(seconds=RETRY_AFTER_SECONDS),
        status=503,
    )


def _key_used(key: str) -> Blocker:
    return Blocker(
        code="key_used",
        reason=Text(
            "Idempotency-Key「{key}」は、別の内容の依頼に使われています。何も行っていません。",
            "The Idempotency-Key “{key}” was used for another request. Nothing was done.",
        ).format(key=key),
        rule="P002",
        resolved_by="you",
        facts={"key": key},
        status=409,
    )
