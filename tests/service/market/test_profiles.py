"""Profiles: seven parts, replaced as a whole."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.service.market.conftest import MakeMember

from kotowari.accounts.models import Member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import explain
from kotowari.market.gates import EDIT_PROFILE
from kotowari.market.menus import PROFILE_PARTS
from kotowari.market.models import Profile
from kotowari.market.selectors import profile_of
from kotowari.market.services import ProfileText, update_profile

pytestmark = pytest.mark.django_db


@pytest.mark.rule("A154")
def test_the_seven_parts_of_a_profile_are_kept_and_read(clock: Any, worker: Member) -> None:
    assert len(PROFILE_PARTS) == 7
    given = {part: f"{part}について" for part in PROFILE_PARTS}
    away = kernel_clock.today() + timedelta(days=3)
    update_profile(actor=worker, profile=ProfileText(**given, skills=["翻訳", " 校正 ", "翻訳", ""], away_until=away))
    profile = profile_of(worker)
    assert {part: getattr(profile, part) for part in PROFILE_PARTS} == given
    assert profile.skills == ["翻訳", "校正"]
    assert profile.is_away
    clock.move(days=4)
    assert not profile.is_away


def test_a_profile_that_was_never_written_is_empty(worker: Member) -> None:
    profile = profile_of(worker)
    assert (profile.introduction, profile.skills, profile.is_away) == ("", [], False)
    assert not Profile.objects.exists()


def test_saving_again_replaces_everything_and_the_audit_names_the_parts_not_the_words(worker: Member) -> None:
    update_profile(actor=worker, profile=ProfileText(introduction="はじめまして", career="十年"))
    update_profile(actor=worker, profile=ProfileText(introduction="こんにちは"))
    assert profile_of(worker).career == ""
    data = [entry.data for entry in AuditEntry.objects.filter(kind="market.profile_updated").order_by("id")]
    assert data == [{"parts": "introduction, career"}] * 2
    assert Profile.objects.count() == 1


def test_what_is_too_long_too_many_or_past_is_told_at_its_field(clock: Any, worker: Member) -> None:
    with pytest.raises(InputError) as error:
        update_profile(
            actor=worker,
            profile=ProfileText(
                career="あ" * 3_001, skills=[f"技能{n}" for n in range(31)], away_until=date(2026, 11, 19)
            ),
        )
    assert set(error.value.fields) == {"career", "skills", "away_until"}
    assert not Profile.objects.exists()


def test_a_visitor_and_the_system_have_no_profile(make_member: MakeMember) -> None:
    assert explain(EDIT_PROFILE, None).status == 401
    with pytest.raises(Refused):
        update_profile(actor=SYSTEM, profile=ProfileText())
    assert explain(EDIT_PROFILE, make_member("anybody")).allowed
