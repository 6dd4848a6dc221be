"""The 全銀 file of a run: written once, handed over with it, and made again the same."""

from collections.abc import Sequence
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock, share
from kotowari.foundation.outbox import emit
from kotowari.kernel import calendar, clock
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.payouts import entries, events, zengin
from kotowari.payouts.destinations import fault_of
from kotowari.payouts.files import RunFile, draft_files
from kotowari.payouts.gates import FILE
from kotowari.payouts.models import Payout, PayoutRun
from kotowari.payouts.reasons import Reason
from kotowari.payouts.sender import Sender, sender
from kotowari.payouts.services.holding import hold
from kotowari.payouts.services.runs import dissolve_if_empty, earliest_pay_date, held_among, move
from kotowari.payouts.transitions import PAYOUT, RUN
from kotowari.pricing import PayoutTerms


@command(FILE)
def write_run_file(*, actor: Actor, run_id: UUID) -> PayoutRun:
    """Write the bank's file for a run and hand its payouts over; `files.run_files` gives the bytes.

    A payout whose bank or branch is no more, or that the file cannot hold, is put on hold with the reason; one whose
    owner's payouts are held waits outside the run until that is over (A120). The rest goes; when nothing is left the
    run is dissolved. Writing again changes nothing: the same bytes are made, and
    that is recorded (P010).
    """
    run = lock(PayoutRun, run_id)
    require(FILE, actor, run)
    if run.state == "handed_over":
        audit.record(actor=actor, kind=entries.FILE_READ_AGAIN, subject=run, pays_on=run.pays_on)
        return run
    payouts = _locked(run)
    # The promised day, or the first on which the bank still can; never a day on which it rests.
    closed_days = PayoutTerms.in_force().closed_days
    by = sender(calendar.shift(max(run.pays_on, earliest_pay_date()), "next", closed_days))
    assert by is not None, "the gate asks for a sender"
    files = _drafted(actor, by, _payable(actor, _free(actor, payouts)))
    if files:
        _hand_over(actor, run, by, files)
    else:
        dissolve_if_empty(actor, run)
    return run


def _locked(run: PayoutRun) -> list[Payout]:
    """What a run would transfer, with accounts as they stand once nobody can hold an owner back or change them.

    Accounts are read after everything is locked: read along with a row that was waited for, they would be the old ones.
    """
    rows = Payout.objects.filter(run=run, state="requested").order_by("number")
    share(Member, rows.values_list("member_id", flat=True))
    ids = list(rows.select_for_update().values_list("pk", flat=True))
    return list(Payout.objects.select_related("account").filter(pk__in=ids).order_by("number"))


def _free(actor: Actor, payouts: Sequence[Payout]) -> list[Payout]:
    """Those whose owners are under no hold; the others leave the run and join a later one when it is over."""
    ids = {payout.pk for payout in payouts}
    held = {payout.pk: payout for payout in held_among(Payout.objects.filter(pk__in=ids))}
    Payout.objects.filter(pk__in=held).update(run=None)
    audit.record_many(actor=actor, kind=entries.KEPT_BACK, entries=[(payout, {}) for payout in held.values()])
    return [payout for payout in payouts if payout.pk not in held]


def _payable(actor: Actor, payouts: Sequence[Payout]) -> list[Payout]:
    """Those whose bank and branch are still in the directory; the others are put on hold."""
    faults = {place: fault_of(*place) for place in {(p.bank_code, p.branch_code) for p in payouts}}
    gone = [(p, fault) for p in payouts if (fault := faults[(p.bank_code, p.branch_code)]) is not None]
    hold(actor, [(payout, Reason("bank_gone", fault, is_about_account=True)) for payout, fault in gone])
    return [payout for payout in payouts if payout.state == "requested"]


def _drafted(actor: Actor, by: Sender, payouts: Sequence[Payout]) -> list[RunFile]:
    """The files; what no file can hold is put on hold."""
    try:
        return draft_files(by, payouts)
    except zengin.CannotWrite as error:
        if any(problem.index is None for problem in error.problems):
            raise
        problems = error.problems
    faults: dict[int, list[Text]] = {}
    for problem in problems:
        assert problem.index is not None
        sentence = Text(f"{problem.message.ja}{problem.remedy.ja}", f"{problem.message.en} {problem.remedy.en}")
        faults.setdefault(problem.index, []).append(sentence)
    hold(
        actor,
        [
            (
                payouts[index],
                Reason("not_writable", Text("".join(t.ja for t in found), " ".join(t.en for t in found)), True),
            )
            for index, found in sorted(faults.items())
        ],
    )
    return draft_files(by, [payout for payout in payouts if payout.state == "requested"])


def _hand_over(actor: Actor, run: PayoutRun, by: Sender, files: Sequence[RunFile]) -> None:
    payouts = [payout for file in files for payout in file.payouts]
    rows = Payout.objects.filter(pk__in=[payout.pk for payout in payouts])
    move(rows, by.header.transfer_on)
    rows.update(state=PAYOUT.require("requested", "hand_over"))
    run.state = RUN.require(run.state, "hand_over")
    run.pays_on = by.header.transfer_on
    run.handed_over_at, run.handed_over_by_id = clock.now(), actor.pk
    run.sender, run.reminded_on = by.as_json(), None
    run.files = [
        {
            "name": file.name,
            "digest": file.digest,
            "count": len(file.payouts),
            "total_yen": file.total_yen,
            "first_number": file.payouts[0].number,
            "last_number": file.payouts[-1].number,
        }
        for file in files
    ]
    run.save(update_fields=["state", "pays_on", "handed_over_at", "handed_over_by", "sender", "reminded_on", "files"])
    total_yen = sum(file.total_yen for file in files)
    audit.record(
        actor=actor,
        kind=entries.FILE_WRITTEN,
        subject=run,
        pays_on=run.pays_on,
        transfers=len(payouts),
        total_yen=total_yen,
        digests=[file.digest for file in files],
    )
    emit(events.RunHandedOver(run_id=run.pk, pays_on=run.pays_on, transfers=len(payouts), total_yen=total_yen))
