"""The OpenAPI document is true: whatever fits it is answered as it says, and nothing ends in a fault (schemathesis)."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.conftest import MovableClock
from tests.security.test_api_matrix import NAMED, token_of
from tests.security.test_route_matrix import put_back, state_of_affairs
from tests.security.world import World

from kotowari.accounts.scopes import SCOPES
from kotowari.api.calls import describe_problems
from kotowari.api.urls import api
from kotowari.config.wsgi import application
from kotowari.kernel.ids import new_id

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
document = schemathesis.openapi.from_dict(describe_problems(api))
document.app = application
document.config.phases.coverage.enabled = False
document.config.phases.examples.enabled = False


@pytest.fixture
def world(clock: MovableClock) -> Iterator[World]:
    made = World(clock)
    before = state_of_affairs()
    # As Django's own test client does: a request's end must not close the connection that holds the test's transaction.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield made
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)
    assert state_of_affairs() == before


@document.parametrize()
@settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_call_answers_as_the_document_says(case: Any, world: World) -> None:
    kind = case.path.removeprefix("/api/v1/").split("/")[0]
    if "id" in case.path_parameters and kind in NAMED:
        case.path_parameters["id"] = str(getattr(world, NAMED[kind]).pk)
    if "action" in case.path_parameters:
        case.path_parameters["action"] = "market.job.post"
    for side in (world.client, world.worker):

        def call(side: Any = side) -> Any:
            token = token_of(side, set(SCOPES))
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id())}
            return case.call(headers=headers, base_url="http://testserver")

        case.validate_response(put_back(call), checks=CHECKS)
