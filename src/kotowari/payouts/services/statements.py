"""Lines of the bank's statement about our transfers: what went out settles them, what came back returns them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.holder_names import holder_key
from kotowari.kernel.text import Text
from kotowari.payments.statement import RETURN_WORDS
from kotowari.payouts import entries
from kotowari.payouts.gates import MATCH, SET_ASIDE
from kotowari.payouts.models import BankEntry, Payout, PayoutRun
from kotowari.payouts.reasons import RETURNS, read_own_words
from kotowari.payouts.services.settling import lock_with_run, locked_in_file, settle
from kotowari.payouts.services.undoing import send_back
from kotowari.payouts.transitions import BANK_ENTRY

DAYS_AROUND = 7
"""A bank may book a transfer some days before or after its date."""

RETURN_DAYS = 60
"""How long after its date a transfer may still come back."""

TRANSFER_WORDS = ("ソウゴウフリコミ", "ソウゴウ", "フリコミ")
"""How banks mark any transfer that goes out: it says nothing of the payee."""

MOST_CANDIDATES = 200
_SENT = ("in_file", "settled")
"""States from which a transfer can come back."""
_LOOKING = Text("照合しています。", "Being looked at.")


@dataclass(frozen=True, slots=True)
class _Fit:
    """What a line is: one file of a run, one transfer, or neither, with the reason."""

    run_id: UUID | None = None
    numbers: tuple[int, int] | None = None
    payout_id: UUID | None = None
    why_not: Text | None = None


@command(MATCH)
def match_outgoing(*, actor: Actor, entry_key: str, amount_yen: int, booked_on: date, name: str = "") -> BankEntry:
    """Settle what a line of money going out paid for: a whole file (banks book it as one sum) or one transfer.

    `entry_key` is the line's identity: the same line again has no second effect. A line that fits nothing, or
    several things, is kept open with the reason, and is tried again when it is seen again. `name` is whatever the
    statement says beside the amount, perhaps nothing.
    """
    require(MATCH, actor)
    entry = _entry(entry_key, "out", amount_yen, booked_on, name)
    if entry.state != "open":
        return _seen_again(actor, entry)
    fit, payouts = _locked(lambda: _went_out(amount_yen, booked_on, name), {"in_file"})
    if fit.why_not is None:
        settle(actor, payouts, booked_on, books_may_be_closed=True)
    return _recorded(actor, entry, fit)


@command(MATCH)
def match_returned(*, actor: Actor, entry_key: str, amount_yen: int, booked_on: date, name: str = "") -> BankEntry:
    """Put back the transfer that a line of money coming in is the return of; otherwise as `match_outgoing`.

    Whether a line is a return is for the caller to say (`payments.statement.is_returned_transfer`). It never says
    why, so the owner is told just that, and asked to check the account.
    """
    require(MATCH, actor)
    entry = _entry(entry_key, "back", amount_yen, booked_on, name)
    if entry.state != "open":
        return _seen_again(actor, entry)
    fit, payouts = _locked(lambda: _came_back(amount_yen, booked_on, name), _SENT)
    for payout in payouts:
        send_back(actor, payout, RETURNS["sent_back"])
    return _recorded(actor, entry, fit)


@command(SET_ASIDE)
def set_entry_aside(*, actor: Actor, entry_id: UUID, note: str) -> BankEntry:
    """Say what an open line was if it was no payout: the bank's own fee, money moved by hand."""
    entry = lock(BankEntry, entry_id)
    require(SET_ASIDE, actor, entry)
    told = read_own_words(note, "note").text
    entry.state = BANK_ENTRY.require(entry.state, "set_aside")
    entry.note, entry.closed_at = told.as_dict(), clock.now()
    entry.save(update_fields=["state", "note", "closed_at"])
    audit.record(actor=actor, kind=entries.LINE_SET_ASIDE, subject=entry, amount_yen=entry.amount_yen, note=told.ja)
    return entry


def _entry(key: str, direction: str, amount_yen: int, booked_on: date, name: str) -> BankEntry:
    """The row of a line, locked; made when it is seen for the first time. Who brings the same line waits here."""
    wrong: dict[str, list[Text]] = {}
    if not key.strip():
        wrong["entry_key"] = [Text("明細を区別する値が要ります。", "Each line needs a key of its own.")]
    if amount_yen <= 0:
        wrong["amount_yen"] = [Text("金額は1円以上です。", "The amount is at least one yen.")]
    if booked_on > clock.today():
        wrong["booked_on"] = [Text("勘定日がまだ来ていません。", "The booking day has not come yet.")]
    if wrong:
        raise InputError(wrong)
    row = BankEntry(key=key, direction=direction, amount_yen=amount_yen, booked_on=booked_on, note=_LOOKING.as_dict())
    row.name = name.strip()
    BankEntry.objects.bulk_create([row], ignore_conflicts=True)
    entry = BankEntry.objects.select_for_update().get(key=key)
    if (entry.direction, entry.amount_yen, entry.booked_on) != (direction, amount_yen, booked_on):
        text = Text("この値の明細は、別の内容で取り込まれています。", "This key was given for another line before.")
        raise InputError({"entry_key": [text]})
    return entry


def _locked(find: Callable[[], _Fit], states: Collection[str]) -> tuple[_Fit, list[Payout]]:
    """What a line fits, and its transfers, locked; looked for again when somebody dealt with them meanwhile."""
    while True:
        fit = find()
        if fit.run_id is not None:
            run = lock(PayoutRun, fit.run_id)
            if run.state == "handed_over":
                return fit, locked_in_file(run, fit.numbers)
        elif fit.payout_id is not None:
            payout = lock_with_run(fit.payout_id)
            if payout.state in states:
                return fit, [payout]
        else:
            return fit, []


def _went_out(amount_yen: int, booked_on: date, name: str) -> _Fit:
    window = (booked_on - timedelta(days=DAYS_AROUND), booked_on + timedelta(days=DAYS_AROUND))
    runs = PayoutRun.objects.filter(state="handed_over", pays_on__range=window).order_by("pays_on", "id")
    files = [
        _Fit(run_id=run_id, numbers=(each["first_number"], each["last_number"]))
        for run_id, listed in runs.values_list("pk", "files")[:MOST_CANDIDATES]
        for each in listed
        if each["total_yen"] == amount_yen
    ]
    with_account = Payout.objects.select_related("account")
    sent = with_account.filter(state="in_file", net_yen=amount_yen, pays_on__range=window).order_by("number")
    payouts = [p for p in sent[:MOST_CANDIDATES] if not any(_stands_in(file, p) for file in files)]
    if _names_somebody(name, TRANSFER_WORDS):
        payouts = _named(payouts, name)
    return _only([*files, *(_Fit(payout_id=payout.pk) for payout in payouts)])


def _stands_in(file: _Fit, payout: Payout) -> bool:
    if file.numbers is None or file.run_id != payout.run_id:
        return False
    first, last = file.numbers
    return first <= payout.number <= last


def _came_back(amount_yen: int, booked_on: date, name: str) -> _Fit:
    window = (booked_on - timedelta(days=RETURN_DAYS), booked_on + timedelta(days=DAYS_AROUND))
    rows = Payout.objects.select_related("account").filter(state__in=_SENT, net_yen=amount_yen)
    sent = rows.filter(pays_on__range=window).order_by("-number")
    payouts = list(sent[:MOST_CANDIDATES])
    if _names_somebody(name, RETURN_WORDS):
        payouts = _named(payouts, name)
    return _only([_Fit(payout_id=payout.pk) for payout in payouts])


def _names_somebody(name: str, words: Sequence[str]) -> bool:
    """Whether a line says anything beside these words; then it must be the name of the payee."""
    key = holder_key(name)
    for word in words:
        key = key.replace(holder_key(word), "")
    return bool(key)


def _named(payouts: Sequence[Payout], name: str) -> list[Payout]:
    """Those whose holder's name stands in what the statement says."""
    key = holder_key(name)
    return [payout for payout in payouts if (holder := holder_key(payout.holder_kana)) and holder in key]


def _only(fits: Sequence[_Fit]) -> _Fit:
    if len(fits) == 1:
        return fits[0]
    if not fits:
        return _Fit(why_not=Text("金額と日付の合う振込がありません。", "No transfer has this amount around this day."))
    text = Text("金額と日付の合う振込が{count}件あり、決められません。", "{count} transfers fit, so none was chosen.")
    return _Fit(why_not=text.format(count=len(fits)))


def _recorded(actor: Actor, entry: BankEntry, fit: _Fit) -> BankEntry:
    said = {"amount_yen": entry.amount_yen, "booked_on": entry.booked_on}
    if fit.why_not is not None:
        entry.note = fit.why_not.as_dict()
        entry.save(update_fields=["note"])
        audit.record(
            actor=actor,
            kind=entries.LINE_OPEN,
            subject=entry,
            **said,
            why_ja=fit.why_not.ja,
            why_en=fit.why_not.en,
        )
        return entry
    entry.state = BANK_ENTRY.require(entry.state, "match")
    entry.run_id, entry.payout_id, entry.note, entry.closed_at = fit.run_id, fit.payout_id, None, clock.now()
    entry.save(update_fields=["state", "run", "payout", "note", "closed_at"])
    audit.record(actor=actor, kind=entries.LINE_MATCHED, subject=entry, **said)
    return entry


def _seen_again(actor: Actor, entry: BankEntry) -> BankEntry:
    audit.record(
        actor=actor,
        kind=entries.LINE_SEEN_AGAIN,
        subject=entry,
        amount_yen=entry.amount_yen,
        booked_on=entry.booked_on,
    )
    return entry
