"""Proposals do not lapse against a client who cannot answer, nor count against them."""

from datetime import timedelta

import pytest
from tests import story
from tests.conftest import MovableClock
from tests.service.clocks.conftest import Freeze, settle, thaw

from kotowari.accounts.models import Member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel.errors import Refused
from kotowari.market.models import Proposal
from kotowari.market.selectors import client_records
from kotowari.market.services import move_proposal_clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def answered(client: Member) -> tuple[int, int]:
    record = client_records([client.pk], with_answers=True)[client.pk]
    return record.answered, record.unanswered


@pytest.mark.rule("A185")
def test_a_proposal_waits_for_a_frozen_client_and_goes_on_afterwards(
    clock: MovableClock, staff: Member, freeze: Freeze
) -> None:
    client, worker = story.member(), story.member()
    made = story.proposal(story.job(client), worker)
    row = freeze(client, 25)
    settle()
    assert Proposal.objects.get().lapses_at == made.lapses_at + 25 * DAY
    notice = Notice.objects.get(member=worker, kind="market.proposal_clock_moved")
    assert "お相手の方がいまサイトを使えないため" in notice.body.ja
    assert AuditEntry.objects.filter(kind="market.proposal_clock_moved").count() == 1
    clock.move(days=3)
    thaw(staff, row)
    settle()
    assert Proposal.objects.get().lapses_at == made.lapses_at + 3 * DAY
    clock.set(made.lapses_at + 3 * DAY)
    settle()
    assert Proposal.objects.get().state == "lapsed"
    assert answered(client) == (0, 1)  # they had all the time they were promised


@pytest.mark.rule("A185")
def test_one_that_lapses_after_the_longest_stop_counts_against_nobody_who_is_still_out(
    clock: MovableClock, freeze: Freeze
) -> None:
    client = story.member()
    made = story.proposal(story.job(client), story.member())
    freeze(client, 80)
    settle()
    clock.set(made.lapses_at + 30 * DAY)
    settle()
    lapsed = Proposal.objects.get()
    assert (lapsed.state, lapsed.excused) == ("lapsed", True)
    assert answered(client) == (0, 0)
    assert "数えません" in Notice.objects.get(member=client, kind="market.proposal_lapsed").body.ja


@pytest.mark.rule("A185")
def test_one_sent_to_a_frozen_client_begins_stopped(clock: MovableClock, freeze: Freeze) -> None:
    client = story.member()
    job = story.job(client)
    plain = story.proposal(job, story.member())
    freeze(client, 5)
    assert story.proposal(job, story.member()).lapses_at == plain.lapses_at + 5 * DAY


def test_moving_what_is_right_already_changes_nothing_and_is_for_nobody_else(clock: MovableClock) -> None:
    client = story.member()
    made = story.proposal(story.job(client), story.member())
    assert move_proposal_clock(actor=SYSTEM, proposal_id=made.pk) == 0
    with pytest.raises(Refused):
        move_proposal_clock(actor=client, proposal_id=made.pk)
