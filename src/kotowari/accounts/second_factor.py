"""The second step of signing in, and the proof asked once more: what is asked of whom, and how often it may be tried.

Called at the edge, by page and API alike. Wrong codes are counted apart from wrong passwords, on the account; the
owner is told when they reach the limit, since whoever gets here has the right password.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from kotowari.accounts import factor_words, gates, limits, passkeys, services, tries
from kotowari.accounts.authentication import known_device, note, own_password_right
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Factor, FactorRecovery, Member
from kotowari.accounts.selectors.factors import is_trusted
from kotowari.accounts.selectors.standing import has_factor
from kotowari.accounts.services.sent_codes import SETUP
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import Action, Blocker, refuse
from kotowari.kernel.text import Text

TRUSTED, PASSKEY = "trusted", "passkey"


def shown_already(member: Member, *, way: str, caller: Caller) -> str | None:
    """Which second factor this sign-in brought along ("" when none is needed); None when it has to be asked for.

    A passkey that signs in by itself verified the person, so it is both; a device that its owner trusts is asked
    for none.
    """
    if not has_factor(member.pk):
        return ""
    if way == PASSKEY:
        return PASSKEY
    return TRUSTED if is_trusted(member, known_device(member.pk, caller)) else None


def by_code(member: Member, *, kind: str, typed: str, caller: Caller) -> None:
    """Take a code of a second factor (`totp`, `sms`, `recovery`). Raises `Refused` for a wrong one."""
    _shown(
        member,
        lambda: services.show_code(actor=member, kind=kind, typed=typed),
        factor_words.WRONG_RECOVERY_CODE if kind == "recovery" else factor_words.WRONG_CODE,
        kind,
        caller,
    )


def by_passkey(member: Member, *, state: Mapping[str, Any], answer: Mapping[str, Any], caller: Caller) -> None:
    """Take a passkey as second factor. Raises `Refused`."""
    _shown(
        member,
        lambda: services.show_passkey(actor=member, state=state, answer=answer),
        factor_words.NOT_THE_PASSKEY,
        PASSKEY,
        caller,
    )


def passkey_alone(*, state: Mapping[str, Any], answer: Mapping[str, Any], caller: Caller) -> Member:
    """Whose passkey the browser shows, without any login typed. Raises `Refused`, in the same words for all."""
    with tries.from_network(action=gates.SIGN_IN, caller=caller):
        factor = _factor_in(answer)
        if factor is None or not services.show_passkey(actor=factor.member, state=state, answer=answer):
            raise refuse(gates.SIGN_IN, _wrong(factor_words.NOT_THE_PASSKEY, "passkey_wrong", {}))
    tries.network_was_right(caller)
    return factor.member


def confirm(member: Member, *, factor_id: UUID, code: str) -> Factor:
    """Finish adding an app or a telephone by a code of it. Raises `Refused`, also for a wrong one."""
    with tries.code(action=gates.CONFIRM_FACTOR, member_id=member.pk) as left:
        try:
            factor: Factor = services.confirm_factor(actor=member, factor_id=factor_id, code=code)
        except InputError as problem:
            raise refuse(
                gates.CONFIRM_FACTOR, _wrong(problem.fields["code"][0], "wrong_code", {"left": left})
            ) from None
    tries.code_was_right(member.pk)
    return factor


def prove_by_code(member: Member, *, kind: str, typed: str) -> None:
    """Show once more that it is you, by a code (`totp`, `sms`, `mail`). Raises `Refused`."""
    _counted(
        member,
        gates.PROVE_AGAIN,
        lambda: services.prove_by_code(actor=member, kind=kind, typed=typed),
        factor_words.WRONG_CODE,
    )


def prove_by_passkey(member: Member, *, state: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """The same by a passkey. Raises `Refused`."""
    _counted(
        member,
        gates.PROVE_AGAIN,
        lambda: services.prove_by_passkey(actor=member, state=state, answer=answer),
        factor_words.NOT_THE_PASSKEY,
    )


def prove_by_password(member: Member, *, password: str, caller: Caller) -> None:
    """The same by the password, counted with all the other tries at it. Raises `Refused`."""
    if not own_password_right(member, password, caller=caller):
        words = Text("パスワードが違います。", "This is not your password.")
        raise refuse(gates.PROVE_AGAIN, _wrong(words, "wrong_password", {}))
    services.prove_by_password(actor=member)


def send_code(member: Member, *, factor: Factor, purpose: str, caller: Caller) -> None:
    """Send a code to a telephone of the member's, not too often. Raises `Refused`."""
    action = gates.CONFIRM_FACTOR if purpose == SETUP else gates.SEND_FACTOR_CODE
    limits.count_text(action=action, member_id=member.pk, number=factor.secret or "", network=caller.network)
    services.send_factor_code(actor=member, factor_id=factor.pk, purpose=purpose)


def state_recovery(member: Member, *, recovery_id: UUID, answers: Mapping[str, str], code: str) -> FactorRecovery:
    """Hand in what its owner knows of a lost factor. Raises `InputError`, `Refused`, also for a wrong code.

    A code from the mail is no second factor: the wrong ones before it stay counted, or whoever reads the mail could
    go on guessing at the app.
    """
    with tries.code(action=gates.STATE_RECOVERY, member_id=member.pk) as left:
        try:
            row: FactorRecovery = services.state_recovery(
                actor=member, recovery_id=recovery_id, answers=answers, code=code
            )
        except InputError as problem:
            if "code" not in problem.fields:
                raise
            wrong = _wrong(factor_words.WRONG_CODE, "wrong_code", {"left": left})
            raise refuse(gates.STATE_RECOVERY, wrong) from None
    tries.was_no_guess(member.pk)
    return row


def passkey_answer(typed: str) -> Mapping[str, Any]:
    """What a browser's script put into the form, as it was; nothing for what is none."""
    if not typed or len(typed) > passkeys.ANSWER_MAX:
        return {}
    try:
        found = json.loads(typed)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _shown(member: Member, taken: Callable[[], bool], words: Text, kind: str, caller: Caller) -> None:
    def noted() -> bool:
        is_right = taken()
        if not is_right:
            note(member, kind, "wrong_code", caller, known_device(member.pk, caller))
        return is_right

    try:
        _counted(member, gates.SHOW_FACTOR, noted, words)
    except Refused as refused:
        if any(blocker.facts.get("left") == 0 for blocker in refused.decision.blockers):
            services.warn_of_codes(actor=SYSTEM, member_id=member.pk)
        raise


def _counted(member: Member, action: Action, taken: Callable[[], bool], words: Text) -> None:
    with tries.code(action=action, member_id=member.pk) as left:
        if not taken():
            raise refuse(action, _wrong(words, "wrong_code", {"left": left}))
    tries.code_was_right(member.pk)


def _factor_in(answer: Mapping[str, Any]) -> Factor | None:
    try:
        credential_id = passkeys.credential_in(answer)
    except passkeys.NotShown:
        return None
    found = Factor.objects.select_related("member").filter(credential_id=credential_id, confirmed_at__isnull=False)
    return found.first()


def _wrong(words: Text, code: str, facts: Mapping[str, Any]) -> Blocker:
    if "left" in facts:
        words = Text("{words}あと{left}回まで試せます。", "{words} You can try {left} more times.").format(
            words=words, left=facts["left"]
        )
    return Blocker(
        code=code,
        reason=words,
        rule="A114",
        resolved_by="you",
        facts=facts,
        remedy=gates.TO_RESET if code == "wrong_password" else gates.TO_RECOVERY,
        status=422,
    )
