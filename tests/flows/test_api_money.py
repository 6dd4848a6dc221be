"""Money through the API: rewards with their decision, method, account, payouts, and how to fund a milestone."""

import json
from datetime import date
from typing import Any

import pytest
from tests import story
from tests.flows.test_api import Program
from tests.service.payouts.market import ACCOUNT, Market

from kotowari.contracts.models import Milestone
from kotowari.foundation.actors import SYSTEM
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.services import import_statement

pytestmark = pytest.mark.django_db


class Money(Program):
    """A program that also puts."""

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self.http.put(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


def test_rewards_tell_the_next_closing_and_what_stops_it(market: Market) -> None:
    program = Money(market.worker("hanako", reward_yen=48_620, has_account=False))
    seen = program.get("/me/rewards").json()
    assert (seen["available_yen"], seen["method"], seen["bank_account"]) == (48_620, "standard", None)
    assert seen["receive"]["allowed"] is False
    assert seen["receive"]["blockers"][0]["code"] == "payouts.receive.no_bank_account"
    assert [lot["remaining_yen"] for lot in seen["lots"]] == [48_620]
    put = program.signs_in().put("/me/bank-account", ACCOUNT)
    assert put.status_code == 200, put.content
    assert put.json()["number_ends_in"] == "011"
    assert "9000011" not in put.content.decode()
    seen = program.get("/me/rewards").json()
    assert seen["receive"]["allowed"] is True
    assert seen["closings"][0] == {
        "closes_on": "2026-11-30",
        "pays_on": "2026-12-15",
        "gross_yen": 48_620,
        "fee_yen": 0,
        "net_yen": 48_620,
    }


def test_the_method_is_chosen_and_wrong_ones_are_explained(market: Market) -> None:
    program = Money(market.worker("hanako", reward_yen=48_620))
    assert program.put("/me/payout-method", {"method": "carry_over"}).json()["method"] == "carry_over"
    wrong = program.put("/me/payout-method", {"method": "gold"})
    assert wrong.status_code == 422
    assert "method" in wrong.json()["errors"]


def test_every_fault_of_an_account_is_named(market: Market) -> None:
    program = Money(market.member("hanako")).signs_in()
    wrong = program.put("/me/bank-account", {**ACCOUNT, "bank_code": "0000", "account_number": "12a"})
    assert wrong.status_code == 422
    assert {"bank_code", "account_number"} <= set(wrong.json()["errors"])


def test_payouts_are_listed_to_their_owner_alone(market: Market) -> None:
    worker, other = market.worker("hanako", reward_yen=48_620), market.worker("taro", reward_yen=9_000)
    market.after(date(2026, 11, 30))
    market.close()
    (mine,) = Money(worker).get("/me/payouts").json()["items"]
    assert (mine["net_yen"], mine["state"], mine["pays_on"]) == (48_620, "requested", "2026-12-15")
    assert [p["net_yen"] for p in Money(other).get("/me/payouts").json()["items"]] == [9_000]
    assert Money(worker).get("/me/rewards").json()["in_flight"][0]["id"] == mine["id"]


def test_funding_tells_where_to_send_the_money_and_the_bank_fills_the_escrow(market: Market) -> None:
    milestone = story.milestones(story.contract())[0]
    client, worker = Money(milestone.contract.client), Money(milestone.contract.worker)
    told = client.post(f"/milestones/{milestone.pk}/fund")
    assert told.status_code == 200, told.content
    how = told.json()
    assert (how["amount_yen"], how["missing_yen"]) == (milestone.client_pays_yen, milestone.client_pays_yen)
    assert (how["bank_code"], how["reference"]) == ("9999", milestone.reference)
    assert how["deadline_at"]
    refused = worker.post(f"/milestones/{milestone.pk}/fund")
    assert refused.status_code == 403
    assert Money(market.member("tanin")).post(f"/milestones/{milestone.pk}/fund").status_code == 404
    import_statement(actor=SYSTEM, data=write_statement([Transfer(how["amount_yen"], how["reference"], "ミホン")]))
    assert Milestone.objects.get(pk=milestone.pk).state == "funded"
    late = client.post(f"/milestones/{milestone.pk}/fund")
    assert late.status_code == 409


def test_money_needs_its_own_scopes(market: Market) -> None:
    member = market.worker("hanako")
    reader = Money(member, scopes=["money:read"])
    assert reader.get("/me/rewards").status_code == 200
    assert reader.put("/me/payout-method", {"method": "standard"}).status_code == 403
    assert Money(member, scopes=["jobs:read"]).get("/me/payouts").status_code == 403


def test_the_calls_stand_in_the_document(market: Market) -> None:
    document = Money(market.member("hanako")).http.get("/api/v1/openapi.json").json()
    paths = {path.removeprefix("/api/v1") for path in document["paths"]}
    assert {"/me/rewards", "/me/payout-method", "/me/payouts", "/me/bank-account", "/milestones/{id}/fund"} <= paths


@pytest.mark.rule("A053")
def test_a_program_asks_for_a_quick_payout_once(market: Market) -> None:
    program = Money(market.worker("hanako", reward_yen=10_000))
    offer = program.get("/me/rewards").json()["quick"]
    assert (offer["amount_yen"], offer["quick_fee_yen"], offer["net_yen"]) == (10_000, 350, 9_650)
    made = program.post("/me/quick-payouts", {"amount_yen": 4_000}, key="k")
    assert made.status_code == 201, made.content
    assert (made.json()["net_yen"], made.json()["promised_on"]) == (3_860, "2026-11-26")
    again = program.post("/me/quick-payouts", {"amount_yen": 4_000}, key="k")
    assert again.json()["id"] == made.json()["id"]
    refused = program.post("/me/quick-payouts", {})
    assert refused.status_code == 409
    assert refused.json()["blockers"][0]["code"] == "payouts.quick.quick_in_flight"
    assert program.get("/me/rewards").json()["fees_so_far_yen"] == 140
