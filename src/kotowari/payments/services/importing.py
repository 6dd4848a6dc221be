"""A statement of the bank comes in: every line once, the whole file or nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kotowari.contracts.models import Milestone
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.operator import operator_bank_account
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Entry as Journal
from kotowari.ledger.services import Line, post_many
from kotowari.payments import entries, events, reasons
from kotowari.payments.gates import IMPORT
from kotowari.payments.models import Deposit, StatementBalance, StatementFile, StatementLine
from kotowari.payments.reasons import Reason
from kotowari.payments.services.cancelling import apply_cancellation
from kotowari.payments.services.one_at_a_time import one_at_a_time
from kotowari.payments.services.reading import in_words, read
from kotowari.payments.services.waiting import bring_together, keep_waiting, last_moment
from kotowari.payments.statement import (
    REFERENCE_DIGITS,
    Direction,
    Entry,
    ReadResult,
    extract_reference,
    is_returned_transfer,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A line that no file brought before, and what it is."""

    entry: Entry
    kind: str
    natural_key: str
    pair_key: str


@command(IMPORT)
def import_statement(*, actor: Actor, data: bytes, filename: str = "", western_years: bool = False) -> StatementFile:
    """Import a deposit notice (01) or an account statement (03) of the operator's account.

    New money goes into suspense and, where a reference names a milestone whose price it covers, on into its escrow.
    A file that was imported before, and lines that another file brought, add nothing (`was_known`, `known_count`).
    Lines about our own transfers are told to the room of payouts. Raises `InputError` under `file`.
    """
    one_at_a_time()
    require(IMPORT, actor)
    digest = hashlib.sha256(data).hexdigest()
    known = StatementFile.objects.filter(digest=digest).first()
    if known is not None:
        known.was_known = True
        audit.record(actor=actor, kind=entries.STATEMENT_SEEN_AGAIN, subject=known, filename=known.filename)
        return known
    account = operator_bank_account()
    assert account is not None, "the gate asked"
    result = read(data, western_years=western_years, account=account)
    file = StatementFile.objects.create(
        digest=digest,
        filename=filename.strip().replace("\\", "/").rpartition("/")[2][:200] or digest[:12],
        kind=result.statements[0].type_code,
        imported_by_id=None if isinstance(actor, SystemActor) else actor.pk,
        line_count=len(result.entries),
        warnings=[{"line": w.line, "column": w.column, **in_words(w).as_dict()} for w in result.warnings[:100]],
    )
    fresh = _keep_lines(file, _unknown(result))
    deposits = _receive(actor, file, [f for f in fresh if f.kind == "deposit"])
    for each in fresh:
        if each.kind == "cancellation":
            apply_cancellation(actor, file, each.entry, each.natural_key)
    _tell_payouts(fresh)
    _place(actor, deposits)
    _keep_balances(file, result)
    _count(file, fresh, deposits)
    audit.record(
        actor=actor,
        kind=entries.STATEMENT_IMPORTED,
        subject=file,
        filename=file.filename,
        deposits=file.deposit_count,
        deposit_yen=file.deposit_yen,
        known=file.known_count,
    )
    return file


def _kind_of(entry: Entry) -> str:
    if not entry.amount_yen:
        return "empty"
    if entry.is_cancellation:
        return "cancellation"
    if not entry.is_incoming:
        return "outgoing"
    return "returned" if is_returned_transfer(entry) else "deposit"


def _unknown(result: ReadResult) -> list[_Fresh]:
    """The lines that no file of this kind brought before."""
    found = []
    for entry in result.entries:
        kind = _kind_of(entry)
        # A notice and a statement write the direction of a cancellation differently: it is no part of the pair.
        paired = replace(entry, direction=Direction.IN) if kind == "cancellation" else entry
        found.append(_Fresh(entry, kind, entry.natural_key(), f"{paired.deposit_key()}"))
    known = set(
        StatementLine.objects.filter(natural_key__in=[f.natural_key for f in found]).values_list(
            "natural_key", flat=True
        )
    )
    return [f for f in found if f.natural_key not in known]


def _keep_lines(file: StatementFile, unknown: Sequence[_Fresh]) -> list[_Fresh]:
    """Remember the lines; those that say what a file of the other kind said already are no longer fresh."""
    free: dict[tuple[str, str], list[StatementLine]] = defaultdict(list)
    others = StatementLine.objects.filter(
        pair_key__in={f.pair_key for f in unknown}, twin__isnull=True, seconded__isnull=True
    ).exclude(type_code=file.kind)
    for line in others.order_by("pk"):
        free[line.kind, line.pair_key].append(line)
    fresh, lines = [], []
    for each in unknown:
        waiting = free[each.kind, each.pair_key]
        twin = waiting.pop(0) if waiting else None
        if twin is None:
            fresh.append(each)
        lines.append(
            StatementLine(
                statement=file,
                natural_key=each.natural_key,
                pair_key=each.pair_key,
                type_code=file.kind,
                line=each.entry.line,
                kind=each.kind,
                amount_yen=each.entry.amount_yen,
                booked_on=each.entry.booked_on,
                twin=twin,
            )
        )
    StatementLine.objects.bulk_create(lines, batch_size=BATCH)
    return fresh


def _receive(actor: Actor, file: StatementFile, fresh: Sequence[_Fresh]) -> list[Deposit]:
    """New money goes into suspense, one account per deposit."""
    named = _milestones_named(f.entry for f in fresh)
    deposits = [_deposit(file, each, named) for each in fresh]
    Deposit.objects.bulk_create(deposits, batch_size=BATCH)
    for start in range(0, len(deposits), BATCH):
        post_many(
            [
                Journal(
                    kind=JournalKind.DEPOSIT_RECEIVED,
                    scope="deposit.receive",
                    key=d.natural_key,
                    lines=[
                        Line(accounts.bank_deposits(), -d.amount_yen),
                        Line(accounts.suspense(d.pk), d.amount_yen),
                    ],
                    deposit_id=d.pk,
                )
                for d in deposits[start : start + BATCH]
            ],
            actor=actor,
            occurred_at=clock.now(),
        )
    return deposits


def _deposit(file: StatementFile, each: _Fresh, named: dict[str, Milestone]) -> Deposit:
    entry = each.entry
    found = _references(entry)
    reference, is_certain = next(((r, sure) for r, sure in found if r in named), found[0] if found else ("", False))
    deposit = Deposit(
        statement=file,
        natural_key=each.natural_key,
        pair_key=each.pair_key,
        line=entry.line,
        amount_yen=entry.amount_yen,
        remaining_yen=entry.amount_yen,
        booked_on=entry.booked_on,
        sending_bank=entry.sending_bank,
        sending_branch=entry.sending_branch,
        has_cheques=entry.has_unpaid_checks,
        reference=reference,
        is_certain=is_certain,
        milestone=named.get(reference),
        reason=reasons.JUST_ARRIVED.as_json(),
        waits_for=reasons.JUST_ARRIVED.waits_for,
        decide_by=last_moment(),
    )
    deposit.payer_name = entry.payer_name
    return deposit


def _references(entry: Entry) -> list[tuple[str, bool]]:
    """Numbers found with a deposit, the surest first: before the name; then elsewhere, where it may be chance."""
    found: list[tuple[str, bool]] = []
    in_name = extract_reference(entry.payer_name)
    if in_name is not None:
        found.append((in_name.code, in_name.is_exact))
    for digits in (entry.payer_code.lstrip("0"), entry.edi.strip()):
        if len(digits) == REFERENCE_DIGITS and digits.isascii() and digits.isdigit():
            found.append((digits, False))
    return found


def _milestones_named(lines: Iterable[Entry]) -> dict[str, Milestone]:
    wanted = {reference for entry in lines for reference, _ in _references(entry)}
    rows = Milestone.objects.filter(reference__in=wanted).select_related("contract__client")
    return {milestone.reference: milestone for milestone in rows}


def _place(actor: Actor, deposits: Sequence[Deposit]) -> None:
    """Bring together what names a milestone, milestone by milestone in the order of their ids; say why the rest waits."""
    still_here = dict(
        Deposit.objects.filter(pk__in=[d.pk for d in deposits], state="in_suspense").values_list("pk", "milestone_id")
    )
    for deposit in deposits:
        if deposit.pk in still_here and deposit.milestone_id is None:
            keep_waiting(actor, deposit, _unplaced(deposit))
    for milestone_id in sorted({id for id in still_here.values() if id is not None}):
        bring_together(actor, lock(Milestone, milestone_id, "contract__client"))


def _unplaced(deposit: Deposit) -> Reason:
    return reasons.unknown_reference(deposit.reference) if deposit.is_certain else reasons.UNKNOWN_PAYER


def _tell_payouts(fresh: Iterable[_Fresh]) -> None:
    told: list[events.LineEvent] = []
    for each in fresh:
        entry = each.entry
        if each.kind not in ("outgoing", "returned"):
            continue
        # Of money that goes out the field holds the number of our contract with the bank: that is no name.
        name = "" if entry.payer_name.replace(" ", "").isdigit() else entry.payer_name
        is_return = each.kind == "returned"
        told.append(
            (events.ReturnSeen if is_return else events.OutgoingSeen)(
                entry_key=each.natural_key,
                amount_yen=entry.amount_yen,
                booked_on=entry.booked_on,
                name=f"{entry.summary} {name}".strip(),
            )
        )
    if told:
        emit(*told)


def _keep_balances(file: StatementFile, result: ReadResult) -> None:
    """What the bank says lies in the account. Banks that do not say it leave both fields blank, or write zeros."""
    for told in result.statements:
        opening_yen, closing_yen = told.opening_balance_yen, told.closing_balance_yen
        if opening_yen is None or closing_yen is None or opening_yen == closing_yen == 0:
            continue
        days = [entry.booked_on for entry in told.entries] or [told.created_on]
        to_on = told.to_on or max(days)
        StatementBalance.objects.create(
            statement=file,
            from_on=min(told.from_on or min(days), to_on),
            to_on=to_on,
            opening_yen=opening_yen,
            closing_yen=closing_yen,
        )
        emit(events.BalanceTold(to_on=to_on, closing_yen=closing_yen))


def _count(file: StatementFile, fresh: Sequence[_Fresh], deposits: Sequence[Deposit]) -> None:
    waiting = Deposit.objects.filter(statement=file, state="in_suspense").count()
    matched = Deposit.objects.filter(statement=file, state="matched").count()
    kinds = [f.kind for f in fresh]
    file.known_count = file.line_count - len(fresh)
    file.deposit_count, file.deposit_yen = len(deposits), sum(d.amount_yen for d in deposits)
    file.matched_count, file.suspense_count = matched, waiting
    file.outgoing_count, file.returned_count = kinds.count("outgoing"), kinds.count("returned")
    file.cancellation_count = kinds.count("cancellation")
    file.save()
