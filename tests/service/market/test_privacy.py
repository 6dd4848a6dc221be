"""What others see of a member: chosen piece by piece, kept, and enforced where profiles are read."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.service.market.conftest import MakeMember

from kotowari.accounts.models import Member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.market.menus import PRIVACY_ITEMS, PROFILE_PARTS
from kotowari.market.models import Profile
from kotowari.market.selectors import away_among, members_found, public_profile, public_profiles
from kotowari.market.services import ProfileText, set_privacy, update_profile

pytestmark = pytest.mark.django_db
ALL = list(PRIVACY_ITEMS)
WRITTEN = {part: f"{part}の秘密" for part in PROFILE_PARTS}


def written(member: Member, **more: Any) -> None:
    update_profile(actor=member, profile=ProfileText(**WRITTEN, skills=["翻訳"], **more))


def without(*items: str) -> list[str]:
    return [item for item in ALL if item not in items]


@pytest.mark.rule("A106", "A107", "K-1")
def test_to_begin_with_the_profile_is_open_and_the_last_sign_in_is_not(worker: Member) -> None:
    Member.objects.filter(pk=worker.pk).update(last_login=kernel_clock.now())
    seen = public_profile(worker)
    assert (seen.last_here, seen.shows_works_done, seen.joined_at) == (None, True, worker.joined_at)
    written(worker)
    seen = public_profile(worker)
    assert seen.parts == WRITTEN
    assert list(seen.skills) == ["翻訳"]
    assert seen.last_here is None


@pytest.mark.rule("A111")
@pytest.mark.parametrize("item", ALL)
def test_each_piece_is_hidden_by_its_own_choice_and_nothing_else_is(worker: Member, item: str) -> None:
    written(worker)
    set_privacy(actor=worker, hides_last_login=True, shown=without(item))
    seen = public_profile(worker)
    assert set(seen.parts) == set(PROFILE_PARTS) - {item}
    assert bool(seen.skills) is (item != "skills")
    assert (seen.joined_at is None) is (item == "joined_at")
    assert seen.shows_works_done is (item != "works_done")
    if item in PROFILE_PARTS:
        assert f"{item}の秘密" not in repr(seen)


@pytest.mark.rule("A111")
@pytest.mark.parametrize(("item", "word"), [("work_offered", "work_offeredの秘密"), ("skills", "翻訳")])
def test_no_search_finds_what_is_hidden(worker: Member, item: str, word: str) -> None:
    written(worker)
    assert list(members_found(word)) == [worker]
    set_privacy(actor=worker, hides_last_login=True, shown=without(item))
    assert not list(members_found(word))
    assert list(members_found("introductionの秘密")) == [worker]


@pytest.mark.rule("A106", "A110", "A196")
def test_who_shows_the_last_sign_in_shows_it_coarsely_until_they_choose_otherwise(clock: Any, worker: Member) -> None:
    Member.objects.filter(pk=worker.pk).update(last_login=kernel_clock.now())
    set_privacy(actor=worker, hides_last_login=False, shown=ALL)
    clock.move(days=5)
    written(worker)
    seen = public_profile(worker)
    assert seen.last_here
    assert seen.last_here.ja == "1週間以内"
    clock.move(days=400)
    seen = public_profile(worker)
    assert seen.last_here
    assert seen.last_here.ja == "1か月より前"
    set_privacy(actor=worker, hides_last_login=True, shown=ALL)
    assert public_profile(worker).last_here is None


def test_choosing_what_others_see_lists_nobody_who_wrote_nothing(worker: Member) -> None:
    set_privacy(actor=worker, hides_last_login=True, shown=[])
    assert Profile.objects.get().hidden == ALL
    assert not members_found("").exists()


def test_what_is_no_item_and_who_is_no_member_is_refused(worker: Member, make_member: MakeMember) -> None:
    with pytest.raises(InputError) as wrong:
        set_privacy(actor=worker, hides_last_login=True, shown=["email"])
    assert list(wrong.value.fields) == ["shown"]
    for actor in (SYSTEM, make_member("unei_one", is_staff=True)):
        with pytest.raises(Refused):
            set_privacy(actor=actor, hides_last_login=True, shown=ALL)
    assert not AuditEntry.objects.filter(kind="market.privacy_set").exists()


@pytest.mark.rule("A112")
def test_who_is_away_is_known_until_the_last_day(clock: Any, worker: Member) -> None:
    written(worker, away_until=date(2026, 11, 30))
    words = away_among([worker.pk])[worker.pk]
    assert words.ja == "11月30日まで不在"
    assert public_profile(worker).away == words
    clock.set(kernel_clock.end_of(date(2026, 11, 30)) - timedelta(seconds=1))
    assert away_among([worker.pk])
    clock.move(seconds=1)
    assert away_among([worker.pk]) == {}
    assert public_profile(worker).away is None


def test_many_profiles_ask_as_many_questions_as_one(
    worker: Member, make_member: MakeMember, django_assert_num_queries: Any
) -> None:
    people = [worker, *(make_member(f"member_{n}") for n in range(4))]
    for person in people:
        set_privacy(actor=person, hides_last_login=False, shown=ALL)
    with django_assert_num_queries(2):
        assert len(public_profiles(people)) == 5
