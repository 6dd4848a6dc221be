"""Texts that a model keeps sealed: opened and sealed on the attribute, found by a blind index, renewed in chunks."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

from django.db import models, transaction

from kotowari.foundation.crypto import FORMAT, KEY_ID_BYTES, CryptoError, Keyring, keyring

SEALED: dict[str, "SealedText"] = {}
"""Every sealed value of the product, by label."""


class SealedText(property):
    """A text on a model whose column holds only the sealed bytes. Made by `sealed_text`."""

    def __init__(self, label: str, column: str, index: str | None, normalise: Callable[[str], str]) -> None:
        super().__init__()
        self.label, self.column, self.index_column = label, column, index
        self._normalise = normalise
        self.owner: type[models.Model] | None = None

    def contribute_to_class(self, owner: type[models.Model], name: str) -> None:
        """Called by Django when the model class is made."""
        if owner._meta.abstract:
            raise ValueError(f"{self.label}: a sealed value belongs to one table, not to an abstract model")
        if self.label in SEALED:
            raise ValueError(f"two sealed values are labelled {self.label}: they would open in each other's place")
        self.owner = SEALED.setdefault(self.label, self).owner = owner
        setattr(owner, name, self)

    @overload
    def __get__(self, row: None, owner: type | None = None) -> "SealedText": ...
    @overload
    def __get__(self, row: models.Model, owner: type | None = None) -> str | None: ...
    def __get__(self, row: models.Model | None, owner: type | None = None) -> "SealedText | str | None":
        return self if row is None else self._opened(row, keyring())

    def __set__(self, row: models.Model, value: str | None) -> None:
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{self.label} is a text, not {type(value).__name__}")
        if row.pk is None:
            raise ValueError(f"{self.label} is sealed for its row, which needs its key first")
        self._seal(row, value, keyring())

    def __delete__(self, row: models.Model) -> None:
        raise AttributeError(f"{self.label} cannot be deleted: set it to None")

    def matching(self, value: str) -> models.Q:
        """The condition "this text equals `value`", through the blind index, under every index key."""
        if self.index_column is None:
            raise TypeError(f"{self.label} has no blind index: it cannot be searched")
        return models.Q(**{f"{self.index_column}__in": self._digests(value, keyring())})

    def renew(self, row: models.Model, ring: Keyring) -> bool:
        """Seal again what an older key sealed or indexed; whether the row was changed. Does not save."""
        text = self._opened(row, ring)
        if text is None:
            return False
        current = ring.is_current(bytes(getattr(row, self.column)))
        if self.index_column is not None:
            stored = getattr(row, self.index_column)
            current = current and stored is not None and bytes(stored) == self._digests(text, ring)[0]
        if not current:
            self._seal(row, text, ring)
        return not current

    def columns(self) -> list[str]:
        """The columns in which it stands."""
        return [self.column] if self.index_column is None else [self.column, self.index_column]

    def _opened(self, row: models.Model, ring: Keyring) -> str | None:
        sealed = getattr(row, self.column)
        return None if sealed is None else ring.open(bytes(sealed), label=self.label, row=str(row.pk)).decode()

    def _seal(self, row: models.Model, text: str | None, ring: Keyring) -> None:
        for column in self.columns():
            row._meta.get_field(column)
        sealed = None if text is None else ring.seal(text.encode(), label=self.label, row=str(row.pk))
        setattr(row, self.column, sealed)
        if self.index_column is not None:
            setattr(row, self.index_column, None if text is None else self._digests(text, ring)[0])

    def _digests(self, text: str, ring: Keyring) -> list[bytes]:
        return ring.indexes(self._normalise(text), label=self.label)


def sealed_text(
    label: str, *, column: str, index: str | None = None, normalise: Callable[[str], str] = str
) -> SealedText:
    """A text that a model keeps sealed in its `BinaryField` named `column`, under the primary key of its row.

    `label` ("bank_account.number") is part of every seal and of the blind index: it never changes, even when
    table or column are renamed. With `index`, a second `BinaryField`, equal texts can be found through
    `Model.number.matching(text)`, compared after `normalise`. Reading and setting the attribute opens and
    seals at once; `save(update_fields=...)` names the columns. The key of the row must not change afterwards.

        number_sealed = models.BinaryField()
        number_index = models.BinaryField(max_length=32, db_index=True)
        number = sealed_text("bank_account.number", column="number_sealed", index="number_index")
    """
    return SealedText(label, column, index, normalise)


@dataclass(frozen=True, slots=True)
class Resealed:
    """How a change of keys went: rows sealed again, and each `(primary key, label)` that does not open."""

    renewed: int
    unreadable: tuple[tuple[Any, str], ...]


def reseal(model: type[models.Model], *, chunk_rows: int = 500) -> Resealed:
    """Bring every sealed value of a model under the newest keys, in chunks, while the market runs.

    Each chunk is a transaction of its own, so it can be stopped and started again at any point. A value that
    does not open is left as it is and reported; it does not keep the others from being renewed.
    """
    seals = [seal for seal in SEALED.values() if seal.owner is model]
    if not seals:
        raise ValueError(f"{model._meta.label} has no sealed values")
    columns = [column for seal in seals for column in seal.columns()]
    renewed, last = 0, None
    unreadable: list[tuple[Any, str]] = []
    while True:
        with transaction.atomic():
            rows = model._base_manager.select_for_update(no_key=True).only("pk", *columns).order_by("pk")
            chunk = list((rows if last is None else rows.filter(pk__gt=last))[:chunk_rows])
            ring = keyring()
            changed = [row for row in chunk if _renew(row, seals, ring, unreadable)]
            if changed:
                model._base_manager.bulk_update(changed, columns)
        renewed += len(changed)
        if len(chunk) < chunk_rows:
            return Resealed(renewed, tuple(unreadable))
        last = chunk[-1].pk


def _renew(row: models.Model, seals: list[SealedText], ring: Keyring, unreadable: list[tuple[Any, str]]) -> bool:
    changed = False
    for seal in seals:
        try:
            changed |= seal.renew(row, ring)
        except CryptoError:
            unreadable.append((row.pk, seal.label))
    return changed


def keys_in_use() -> Counter[str]:
    """How many stored values each seal key still opens: a key with none may leave the keyring."""
    counts: Counter[str] = Counter()
    for seal in SEALED.values():
        assert seal.owner is not None
        key_id = models.Func(
            models.F(seal.column),
            models.Value(len(FORMAT) + 1),
            models.Value(KEY_ID_BYTES),
            function="SUBSTRING",
            output_field=models.BinaryField(),
        )
        rows = seal.owner._base_manager.exclude(**{seal.column: None})
        for found, count in (
            rows.order_by().annotate(sealed_by=key_id).values_list("sealed_by").annotate(models.Count("pk"))
        ):
            counts[bytes(found).hex()] += count
    return counts
