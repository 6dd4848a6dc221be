"""What members say of themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.market import entries, events, menus
from kotowari.market.gates import EDIT_PROFILE
from kotowari.market.inputs import Reading
from kotowari.market.models import Profile

PART_MAX = 3_000
SKILLS_MAX = 30
SKILL_MAX = 30
AWAY_DAYS_MAX = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileText:
    """A whole profile as its owner writes it; what is empty is empty afterwards (A154)."""

    introduction: str = ""
    career: str = ""
    qualifications: str = ""
    achievements: str = ""
    work_offered: str = ""
    active_hours: str = ""
    motivation: str = ""
    skills: Sequence[str] = ()
    away_until: date | None = None


@command(EDIT_PROFILE)
def update_profile(*, actor: Actor, profile: ProfileText) -> Profile:
    """Put this profile in the place of the member's present one. Raises `InputError`."""
    require(EDIT_PROFILE, actor)
    columns = _read(profile)
    assert actor.pk is not None, "only members come through the gate"
    Profile.objects.get_or_create(member_id=actor.pk)
    row = Profile.objects.select_for_update().get(member_id=actor.pk)
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    row.updated_at = clock.now()
    row.save(update_fields=[*changed, "updated_at"])
    audit.record(actor=actor, kind=entries.PROFILE_UPDATED, subject=row, parts=", ".join(changed) or "–")
    emit(events.ProfileUpdated(member_id=row.member_id))
    return row


def _read(profile: ProfileText) -> dict[str, object]:
    reading = Reading()
    columns: dict[str, object] = {
        part: reading.text(part, getattr(profile, part), PART_MAX, needed=False) for part in menus.PROFILE_PARTS
    }
    skills = dict.fromkeys(reading.line("skills", skill, SKILL_MAX, needed=False) for skill in profile.skills)
    columns["skills"] = [skill for skill in skills if skill]
    if len(skills) > SKILLS_MAX:
        reading.wrong("skills", Text("{most}個以内にしてください。", "At most {most}, please.").format(most=SKILLS_MAX))
    today = clock.today()
    columns["away_until"] = profile.away_until and reading.day(
        "away_until", profile.away_until, today, today + timedelta(days=AWAY_DAYS_MAX)
    )
    reading.finish()
    return columns
