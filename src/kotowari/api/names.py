"""What I am called outside the market: the name that the holder of my bank account is compared with."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from kotowari.accounts import gates, selectors, services
from kotowari.accounts.models import RegisteredName
from kotowari.accounts.registered_names import NAME_MAX
from kotowari.api.calls import PROOF_NEEDED, Token, caller
from kotowari.kernel.gates import require

router = Router(tags=["name"])


class NameShape(Schema):
    """A real name. Every field is null until one was registered; the trade name (屋号) is a sole trader's."""

    kind: str | None
    name: str | None
    kana: str | None
    trade_name: str | None
    trade_kana: str | None
    registered_at: datetime | None


class RegisterName(Schema):
    """Kana may be hiragana or half-width. `reason` is needed where a name is replaced."""

    name: str = Field(max_length=NAME_MAX)
    kana: str = Field(max_length=NAME_MAX)
    trade_name: str = Field("", max_length=NAME_MAX)
    trade_kana: str = Field("", max_length=NAME_MAX)
    reason: str = Field("", description="`mistake`, `changed`, `trade_name` or `other`")


@router.get("/me/name", auth=Token("profile:read"), response=NameShape, summary="My real name as I registered it")
def my_name(request: HttpRequest) -> Any:
    me = caller(request)
    require(gates.SEE_OWN, me)
    return _drawn(selectors.registered_name_of(me.pk))


@router.put(
    "/me/name",
    auth=Token("profile:write"),
    response=NameShape,
    summary="Register my real name, in place of an earlier one; the bank account is compared with it again",
    description=PROOF_NEEDED,
)
def register_name(request: HttpRequest, body: RegisterName) -> Any:
    return _drawn(services.register_name(actor=caller(request), **body.model_dump()))


def _drawn(row: RegisteredName | None) -> dict[str, Any]:
    return {name: getattr(row, name, None) for name in NameShape.model_fields}
