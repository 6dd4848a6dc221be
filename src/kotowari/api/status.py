"""Whether the market works: for programs that would rather wait than fail (A039)."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from kotowari.api.calls import Visitor
from kotowari.api.status_shapes import StatusShape
from kotowari.incidents.models import Incident
from kotowari.incidents.selectors import functions_now, past_incidents, public_incidents
from kotowari.kernel import clock

router = Router(tags=["status"])
PAST_SHOWN = 50


@router.get("/status", auth=Visitor(), response=StatusShape, summary="What works now, and what was said about the rest")
def see_status(request: HttpRequest) -> Any:  # noqa: ARG001
    going_on = list(public_incidents().filter(state__in=["open", "watching"]))
    return {
        "at": clock.now(),
        "functions": [
            {
                "name": each.name,
                "title": str(each.title),
                "works": each.incident is None,
                "incident": each.incident.pk if each.incident else None,
            }
            for each in functions_now(going_on)
        ],
        "going_on": [_drawn(row) for row in going_on],
        "past": [_drawn(row) for row in past_incidents()[:PAST_SHOWN]],
    }


def _drawn(row: Incident) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "title": str(row.title),
        "functions": row.functions,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "further_word_at": row.update_due_at if row.state == "open" else None,
        "updates": [{"at": each.at, "state": each.state, "words": str(each.words)} for each in row.updates.all()],
    }
