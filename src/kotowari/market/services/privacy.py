"""What others see of a member."""

from collections.abc import Sequence

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.market import entries, events
from kotowari.market.gates import EDIT_PROFILE
from kotowari.market.menus import PRIVACY_ITEMS
from kotowari.market.models import Profile


@command(EDIT_PROFILE)
def set_privacy(*, actor: Actor, hides_last_login: bool, shown: Sequence[str]) -> Profile:
    """Choose what others see; it stays so until it is chosen anew (A110).

    `shown` are those of `menus.PRIVACY_ITEMS` that everybody may see (A111); the rest is hidden. Raises `InputError`.
    """
    require(EDIT_PROFILE, actor)
    if set(shown) - set(PRIVACY_ITEMS):
        raise InputError({"shown": [Text("表示された項目の中から選んでください。", "Choose among the items offered.")]})
    assert actor.pk is not None, "only members come through the gate"
    Profile.objects.get_or_create(member_id=actor.pk)
    row = Profile.objects.select_for_update().get(member_id=actor.pk)
    row.shows_last_login = not hides_last_login
    row.hidden = [item for item in PRIVACY_ITEMS if item not in shown]
    row.save(update_fields=["shows_last_login", "hidden"])
    audit.record(
        actor=actor,
        kind=entries.PRIVACY_SET,
        subject=row,
        last_login="shown" if row.shows_last_login else "hidden",
        hidden=", ".join(row.hidden) or "–",
    )
    emit(events.ProfileUpdated(member_id=row.member_id))
    return row
