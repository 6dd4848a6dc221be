"""What a member decides about the own account."""

from kotowari.accounts import entries, gates, names
from kotowari.accounts.events import MemberRenamed
from kotowari.accounts.models import Member
from kotowari.accounts.services.own import locked
from kotowari.foundation import audit, outbox
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import LANGUAGES, Text


@command(gates.CHANGE_SETTINGS)
def change_settings(*, actor: Actor, display_name: str, language: str) -> Member:
    """Change the name that others see (A094) and the language of pages and mails. Raises `InputError`."""
    member = locked(actor)
    require(gates.CHANGE_SETTINGS, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    display_name = names.tidied(display_name)
    problems = {"display_name": names.display_name_problems(display_name), "language": _language_problems(language)}
    if any(problems.values()):
        raise InputError({field: texts for field, texts in problems.items() if texts})
    before = {"display_name": member.display_name, "language": member.language}
    member.display_name, member.language = display_name, language
    changed = [field for field, value in before.items() if getattr(member, field) != value]
    member.save(update_fields=["display_name", "language"])
    old_name = before["display_name"]
    audit.record(
        actor=actor,
        kind=entries.SETTINGS_CHANGED,
        subject=member,
        fields=", ".join(changed) or "–",
        old_name=old_name,
        new_name=display_name,
    )
    if "display_name" in changed:
        outbox.emit(MemberRenamed(member_id=member.pk, old_name=old_name, new_name=display_name))
    return member


def _language_problems(language: str) -> list[Text]:
    if language in LANGUAGES:
        return []
    return [Text("日本語か英語を選んでください。", "Please choose Japanese or English.")]
