"""Members, made as the product makes them."""

from typing import Any, Protocol

import pytest

from kotowari.accounts.models import Member
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM

PASSWORD = "correct horse battery staple"


class Join(Protocol):
    def __call__(self, username: str = ..., **more: Any) -> Member: ...


@pytest.fixture
def join(db: None) -> Join:
    """Make a member: `join("hanako_s")`."""

    def made(username: str = "hanako_s", **more: Any) -> Member:
        given = {
            "actor": SYSTEM,
            "username": username,
            "display_name": "佐藤 花子",
            "email": f"{username}@example.jp",
            "password": PASSWORD,
        }
        return register_member(**{**given, **more})

    return made


@pytest.fixture
def member(join: Join) -> Member:
    return join()
