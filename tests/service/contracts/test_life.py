"""The life of a contract on PostgreSQL: every step once, by the right side, with its clock and its money."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests import story

from kotowari.contracts import services
from kotowari.contracts.models import Contract, ContractTerms, Milestone
from kotowari.contracts.terms import digest_of
from kotowari.foundation import deadlines, outbox, policy
from kotowari.foundation.models import Notice
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.ledger import accounts
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.messaging.services import send_message

pytestmark = pytest.mark.django_db


def codes(refused: Any) -> set[str]:
    return {b.code.rsplit(".", 1)[1] for b in refused.value.decision.blockers}


def test_hiring_fixes_terms_prices_and_the_clock_for_the_money(clock: Any) -> None:
    made = story.contract((10_000, 20_000))
    first, second = story.milestones(made)
    assert made.state == "active"
    assert (first.price_yen, second.price_yen) == (10_000, 20_000)
    assert first.client_pays_yen == first.price_yen + first.tax_yen + first.client_fee_yen
    assert first.deadline_at is not None
    terms = ContractTerms.objects.get(contract=made)
    assert [item["number"] for item in terms.items] == list(range(1, 11))
    assert terms.digest == digest_of(terms.items)
    assert made.job.hires_made == 0 or Contract.objects.get(pk=made.pk).job.state == "filled"


def test_terms_deliveries_and_prices_cannot_be_changed_in_the_database(clock: Any) -> None:
    (milestone,) = story.delivered()
    for statement in (
        "UPDATE contracts_contractterms SET digest = 'x'",
        "UPDATE contracts_delivery SET message = 'x'",
        "UPDATE contracts_milestone SET price_yen = 1",
        "UPDATE contracts_milestone SET state = 'funded'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    milestone.refresh_from_db()
    assert milestone.state == "delivered"


@pytest.mark.rule("A170")
def test_work_is_delivered_only_after_the_money_is_held(clock: Any) -> None:
    (milestone,) = story.milestones(story.contract())
    worker = milestone.contract.worker
    with pytest.raises(Refused) as refused:
        services.deliver(actor=worker, milestone_id=milestone.pk, message="できました", links=[])
    assert codes(refused) == {"is_awaiting_funding"}
    story.fund(milestone)
    delivery = services.deliver(actor=worker, milestone_id=milestone.pk, message="できました", links=[])
    assert delivery.number == 1
    assert balance_of(accounts.escrow(milestone.pk)) == milestone.client_pays_yen


def test_acceptance_fixes_the_reward_takes_the_fee_and_closes_the_contract(clock: Any) -> None:
    (milestone,) = story.accepted((10_000,))
    assert milestone.state == "accepted"
    assert milestone.contract.state == "completed"
    assert balance_of(accounts.escrow(milestone.pk)) == 0
    assert balance_of(accounts.available(milestone.contract.worker_id)) == milestone.worker_receives_yen
    fees = balance_of(accounts.fee_income()) + balance_of(accounts.consumption_tax_payable())
    assert fees == milestone.client_fee_yen + milestone.system_fee_yen


def test_acceptance_is_the_clients_alone(clock: Any) -> None:
    (milestone,) = story.delivered()
    with pytest.raises(Refused) as refused:
        services.accept_delivery(actor=milestone.contract.worker, milestone_id=milestone.pk)
    assert codes(refused) == {"not_your_step"}
    assert services.accept_delivery(actor=milestone.contract.client, milestone_id=milestone.pk).state == "accepted"


@pytest.mark.parametrize("id", ["nonsense", "00000000-0000-7000-8000-000000000000"])
def test_an_unknown_milestone_is_not_visible(clock: Any, id: str) -> None:
    with pytest.raises(NotVisible):
        services.accept_delivery(actor=story.member(), milestone_id=id)


def test_silence_accepts_when_the_clock_has_run_out_and_not_before(clock: Any) -> None:
    (milestone,) = story.delivered()
    clock.move(days=6, hours=23)
    deadlines.run_all_due()
    milestone.refresh_from_db()
    assert milestone.state == "delivered"
    clock.move(days=1)
    deadlines.run_all_due()
    milestone.refresh_from_db()
    assert (milestone.state, milestone.accepted_by_clock) == ("accepted", True)


def test_chatter_does_not_stop_the_acceptance_clock_but_a_change_request_does(clock: Any) -> None:
    talked, changed = story.delivered()[0], story.delivered()[0]
    clock.move(days=3)
    send_message(actor=talked.contract.client, proposal_id=talked.contract.proposal_id, body="確認中です")
    services.request_changes(actor=changed.contract.client, milestone_id=changed.pk, points=["3行目の誤字"])
    clock.move(days=5)
    deadlines.run_all_due()
    talked.refresh_from_db()
    changed.refresh_from_db()
    assert talked.state == "accepted"
    assert changed.state == "changes_requested"


def test_changes_are_itemised_limited_and_answered_by_a_new_delivery(clock: Any) -> None:
    (milestone,) = story.delivered()
    client, worker = milestone.contract.client, milestone.contract.worker
    with pytest.raises(InputError):
        services.request_changes(actor=client, milestone_id=milestone.pk, points=["  ", ""])
    rounds = policy.value("contracts.change_rounds_max")
    for n in range(rounds):
        services.request_changes(actor=client, milestone_id=milestone.pk, points=["色を変える", "余白"])
        services.deliver(actor=worker, milestone_id=milestone.pk, message=f"修正{n}", links=[])
    with pytest.raises(Refused) as refused:
        services.request_changes(actor=client, milestone_id=milestone.pk, points=["もう一度"])
    assert codes(refused) == {"no_changes_left"}
    assert milestone.deliveries.count() == rounds + 1


def test_money_that_never_comes_cancels_and_work_that_never_comes_refunds(clock: Any) -> None:
    (unfunded,) = story.milestones(story.contract())
    (undelivered,) = story.funded()
    clock.move(days=90)
    deadlines.run_all_due()
    unfunded.refresh_from_db()
    undelivered.refresh_from_db()
    assert (unfunded.state, undelivered.state) == ("cancelled", "refunded")
    assert balance_of(accounts.refund_due(undelivered.contract.client_id)) == undelivered.client_pays_yen
    assert Contract.objects.get(pk=undelivered.contract_id).state == "ended"


@pytest.mark.rule("A078")
def test_an_early_end_by_agreement_refunds_what_is_held(clock: Any) -> None:
    first, second = story.funded((10_000, 5_000))
    client, worker = first.contract.client, first.contract.worker
    asked = services.ask_end(actor=worker, contract_id=first.contract_id, reason="cannot_do")
    with pytest.raises(Refused) as refused:
        services.agree_end(actor=worker, request_id=asked.pk)
    assert codes(refused) == {"not_your_answer"}
    services.agree_end(actor=client, request_id=asked.pk)
    assert {m.state for m in story.milestones(first.contract)} == {"refunded"}
    assert balance_of(accounts.refund_due(client.pk)) == first.client_pays_yen + second.client_pays_yen


def test_an_early_end_takes_effect_by_silence(clock: Any) -> None:
    (milestone,) = story.funded()
    services.ask_end(actor=milestone.contract.client, contract_id=milestone.contract_id, reason="no_contact")
    clock.move(days=6)
    deadlines.run_all_due()
    assert Contract.objects.get(pk=milestone.contract_id).state == "active"
    clock.move(days=2)
    deadlines.run_all_due()
    assert Contract.objects.get(pk=milestone.contract_id).state == "ended"


@pytest.mark.rule("A087")
def test_ending_is_no_way_around_paying_for_a_delivery(clock: Any) -> None:
    (milestone,) = story.delivered()
    with pytest.raises(Refused) as refused:
        services.ask_end(actor=milestone.contract.client, contract_id=milestone.contract_id, reason="no_longer_needed")
    assert codes(refused) == {"delivery_unanswered"}


def test_both_sides_are_told_of_each_step_in_the_site(clock: Any) -> None:
    (milestone,) = story.accepted()
    while outbox.deliver_waiting():
        pass
    told = lambda member: set(Notice.objects.filter(member=member).values_list("kind", flat=True))  # noqa: E731
    assert {"contracts.contract_made", "contracts.milestone_funded", "contracts.milestone_accepted"} <= told(
        milestone.contract.worker
    )
    assert {"contracts.contract_made", "contracts.milestone_delivered"} <= told(milestone.contract.client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crowd", [2, 20, 200])
def test_however_many_press_accept_at_once_there_is_one_journal(clock: Any, crowd: int) -> None:
    (milestone,) = story.delivered()
    client = milestone.contract.client
    gate = threading.Barrier(min(crowd, 40))
    outcomes: list[str] = []

    def press() -> None:
        try:
            gate.wait()
            services.accept_delivery(actor=client, milestone_id=milestone.pk)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.decision.blockers[0].code)
        finally:
            connection.close()

    waiting = [threading.Thread(target=press) for _ in range(crowd)]
    for start in range(0, crowd, 40):
        for thread in waiting[start : start + 40]:
            thread.start()
        for thread in waiting[start : start + 40]:
            thread.join()
    assert outcomes.count("done") == 1
    assert len(outcomes) == crowd
    assert set(outcomes) == {"done", "contracts.milestone.accept.contract_closed"} or set(outcomes) <= {
        "done",
        "contracts.milestone.accept.contract_closed",
        "contracts.milestone.accept.is_accepted",
    }
    assert Journal.objects.filter(milestone_id=milestone.pk, kind="milestone_accepted").count() == 1
    assert balance_of(accounts.available(milestone.contract.worker_id)) == milestone.worker_receives_yen
    assert Milestone.objects.get(pk=milestone.pk).state == "accepted"
