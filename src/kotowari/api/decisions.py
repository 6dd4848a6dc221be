"""The catalogue of actions, and the caller's own decisions."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from kotowari.api.calls import Token, Visitor, caller
from kotowari.api.shapes import ActionShape, DecisionShape
from kotowari.foundation import subjects
from kotowari.kernel import gates
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.text import Text

router = Router(tags=["gates"])


@router.get("/gates", auth=Visitor(), response=list[ActionShape], summary="Every action of the product")
def catalogue(request: HttpRequest) -> Any:  # noqa: ARG001
    return [
        {"name": a.name, "title": str(a.title), "subject": a.subject, "rules": len(a.rules)}
        for a in sorted(gates.ACTIONS.values(), key=lambda a: a.name)
    ]


@router.get(
    "/me/gates",
    auth=Token("profile:read"),
    response=list[DecisionShape],
    summary="My decisions on every action that is about me alone",
)
def my_decisions(request: HttpRequest) -> Any:
    actions = [a for a in gates.ACTIONS.values() if not a.subject and a.rules]
    return [gates.explain(a, caller(request)).as_json() for a in sorted(actions, key=lambda a: a.name)]


@router.get(
    "/me/gates/{action}",
    auth=Token("profile:read"),
    response=DecisionShape,
    summary="One decision, with all its reasons; `subject` is the id of what it is about",
)
def my_decision(request: HttpRequest, action: str, subject: str = "") -> Any:
    asked = gates.ACTIONS.get(action)
    if asked is None:
        raise NotVisible("action", action)
    if asked.subject and not subject:
        raise InputError(
            {
                "subject": [
                    Text("subject に {kind} のIDを入れてください。", "Give the id of a {kind} as subject.").format(
                        kind=asked.subject
                    )
                ]
            }
        )
    row = subjects.load(asked.subject, subject, actor=caller(request)) if asked.subject else None
    return gates.explain(asked, caller(request), row).as_json()
