"""What every command has in common: one transaction, one effect per idempotency key, an entry in the audit."""

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.apps import apps
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from kotowari.foundation import audit
from kotowari.foundation.actors import name_of
from kotowari.foundation.models import IdempotencyKey
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.gates import Action

Result = TypeVar("Result")
NOT_COMPARED = frozenset({"actor", "password"})
"""Arguments that two requests with one key are not compared by: a secret leaves no trace, not even in a digest."""

COMMANDS: dict[str, Action] = {}
"""Every command of the product, by dotted name, with the action whose gate it asks."""


def command(action: Action) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a function a command of `action`.

    The function takes keywords only, among them `actor`; it locks, asks the gate, changes, audits and emits.
    Callers may add `idempotency_key`: the same key with the same arguments returns the first result and does
    nothing; with other arguments raises `IdempotencyConflict`. A command called with keys returns one model
    row, or nothing.
    """

    def wrap(function: Callable[..., Result]) -> Callable[..., Result]:
        name = f"{function.__module__.removeprefix('kotowari.')}.{function.__name__}"
        COMMANDS[name] = action

        @functools.wraps(function)
        def run(*, idempotency_key: str | None = None, **arguments: Any) -> Result:
            with transaction.atomic():
                if idempotency_key is None:
                    return _audited(name, function, arguments)
                return cast(Result, _once(name, idempotency_key, function, arguments))

        return run

    return wrap


def _audited(name: str, function: Callable[..., Result], arguments: dict[str, Any]) -> Result:
    before = audit.written.get()
    result = function(**arguments)
    if result != 0 and audit.written.get() == before:  # 0: a round that found nothing to do
        raise AssertionError(f"command {name} left no audit entry")
    return result


def _once(name: str, key: str, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    actor = name_of(arguments["actor"])
    digest = _digest(arguments)
    mine = IdempotencyKey(actor=actor, command=name, key=key, request_hash=digest)
    # Waits here while another request with this key is under way, and sees its row when that has committed.
    IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
    row = IdempotencyKey.objects.get(actor=actor, command=name, key=key)
    if row.request_hash != digest:
        raise IdempotencyConflict(key)
    if row.id != mine.id:
        return _load(row)
    result = _audited(name, function, arguments)
    if result is not None:
        IdempotencyKey.objects.filter(id=row.id).update(result_model=result._meta.label, result_id=str(result.pk))
    return result


def _load(row: IdempotencyKey) -> Any:
    if not row.result_model:
        return None
    return apps.get_model(row.result_model)._default_manager.get(pk=row.result_id)


def _digest(arguments: dict[str, Any]) -> str:
    """Keyed, for among the arguments are account numbers: who has only the database cannot try them out."""
    plain = {k: v for k, v in arguments.items() if k not in NOT_COMPARED}
    written = json.dumps(plain, sort_keys=True, default=_described)
    return salted_hmac("kotowari.foundation.commands", written, algorithm="sha256").hexdigest()


def _described(value: Any) -> str:
    """Stands for a value in the digest; files count by their content."""
    if isinstance(value, models.Model):
        return f"{value._meta.label}:{value.pk}"
    if isinstance(value, (bytes, bytearray)):
        return hashlib.sha256(value).hexdigest()
    return repr(value)
