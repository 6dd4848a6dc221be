"""出金: closings, runs of transfers, their files for the bank, and what the bank says became of them."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.console.selectors import last_bank_day
from kotowari.foundation import subjects
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain, require
from kotowari.kernel.text import Text
from kotowari.payouts import gates, reasons, selectors, services
from kotowari.payouts.files import run_files
from kotowari.payouts.models import ExpiredReward, Payout, PayoutRun
from kotowari.payouts.schedule import due_closings
from kotowari.payouts.transitions import BANK_ENTRY, EXPIRED, PAYOUT, RUN
from kotowari.web import paging
from kotowari.web.drawing import Tab
from kotowari.web.fields import ChoiceField, DateField, LongTextField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, tell

TONES = {
    "requested": "info",
    "held": "wait",
    "in_file": "info",
    "settled": "done",
    "returned": "wait",
    "cancelled": "plain",
    "ready": "wait",
    "handed_over": "info",
    "done": "done",
    "dissolved": "plain",
    "dormant": "wait",
    "forfeited": "wait",
    "revived": "done",
    "restored": "done",
}
VIEWS = {
    "": Text("振込の束", "Runs"),
    "quick": Text("クイック出金", "Quick payouts"),
    "held": Text("保留中", "On hold"),
    "expired": Text("期限が来た報酬", "Expired rewards"),
    "lines": Text("照合できない明細", "Open lines"),
    "decided": Text("記帳した明細", "Booked lines"),
}


class SettledForm(KotowariForm):
    """The day on which it arrived."""

    settled_on = DateField(Text("振り込まれた日", "Day it was paid"), latest=clock.today)


class ReturnForm(KotowariForm):
    """Why the bank sent it back; its owner reads it."""

    reason = ChoiceField(
        Text("戻った理由", "Why it came back"),
        choices=[*((code, each.text) for code, each in reasons.RETURNS.items()), ("other", Text("その他", "Other"))],
        as_list=True,
    )
    explanation = LongTextField(Text("くわしく", "Details"), required=False, max_length=400, rows=2)


class CancelForm(KotowariForm):
    """Why it is called off; its owner reads it."""

    reason = LongTextField(Text("取りやめる理由", "Why it is called off"), max_length=500, rows=2)


class RestoreForm(KotowariForm):
    """Why a forfeiture is taken back; its owner reads it."""

    reason = LongTextField(Text("取り消す理由", "Why it is taken back"), max_length=500, rows=2)


@staff_screen(
    "console.payouts", path="payouts/", title=Text("出金", "Payouts"), actions=[gates.SEE_RUNS, gates.MAKE_RUN]
)
def payouts(request: HttpRequest, staff: Member) -> HttpResponse:
    """Closings that are due, runs, what is on hold, and lines of the statement that fit nothing."""
    require(gates.SEE_RUNS, staff)
    shown = request.GET.get("show", "")
    shown = shown if shown in VIEWS else ""
    after = request.GET.get("after")
    held = selectors.payouts_visible_to(staff).filter(state="held")
    quick = selectors.payouts_visible_to(staff).filter(kind="quick", closed_at__isnull=True)
    entries = selectors.bank_entries_visible_to(staff)
    lines = entries.filter(state="open")
    decided = entries.filter(state__in=["booked", "set_aside"])
    runs = paging.newest_first(selectors.runs_visible_to(staff), after) if not shown else None
    last = selectors.closings_visible_to(staff).filter(state="closed").first()
    return render(
        request,
        "console/payouts.html",
        {
            "tabs": [
                Tab(words, paging.address(request, show=key or None, after=None), key == shown)
                for key, words in VIEWS.items()
            ],
            "runs": runs,
            "totals": selectors.run_totals(runs.rows) if runs else {},
            "hand_over": {run.pk: clock.end_of(last_bank_day(run.pays_on)) for run in runs.rows if run.state == "ready"}
            if runs
            else {},
            "held": paging.newest_first(held, after) if shown == "held" else None,
            "quick": paging.newest_first(quick, after) if shown == "quick" else None,
            "expired": paging.newest_first(selectors.expired_visible_to(staff), after) if shown == "expired" else None,
            "payout_states": PAYOUT.states,
            "expired_states": EXPIRED.states,
            "end_of": clock.end_of,
            "lines": paging.newest_first(lines, after) if shown == "lines" else None,
            "decided": paging.newest_first(decided, after) if shown == "decided" else None,
            "entry_states": BANK_ENTRY.states,
            "closings": [
                (day, explain(gates.CLOSE, staff, day)) for day in due_closings(last.closes_on if last else None)
            ],
            "can_make_run": explain(gates.MAKE_RUN, staff),
            "states": RUN.states,
            "tones": TONES,
        },
    )


@staff_screen(
    "console.closing",
    path="payouts/close/<str:day>/",
    title=Text("締める", "Close"),
    actions=[gates.CLOSE],
    parent="console.payouts",
    methods=["POST"],
)
def close(request: HttpRequest, staff: Member, day: str) -> HttpResponse:
    """Close a day now, as the clock would."""
    try:
        closes_on = date.fromisoformat(day)
    except ValueError as error:
        raise NotVisible("payouts.closing_day", day) from error
    services.close(actor=staff, on=closes_on)
    tell(request, Text("締めました。", "It is closed."))
    return redirect("console.payouts")


@staff_screen(
    "console.run.make",
    path="payouts/make-run/",
    title=Text("振込の束を作る", "Make a payout run"),
    actions=[gates.MAKE_RUN],
    parent="console.payouts",
    methods=["POST"],
)
def make_run(request: HttpRequest, staff: Member) -> HttpResponse:
    """Put what waits without a run into one."""
    run = services.make_run(actor=staff, idempotency_key=posted_key(request.POST))
    tell(request, Text("振込の束を作りました。", "The run is made."))
    return redirect("console.run", run_id=run.pk)


@staff_screen(
    "console.run",
    path="payouts/<uuid:run_id>/",
    title=Text("振込の束", "Payout run"),
    actions=[gates.SEE_RUNS, gates.FILE, gates.SETTLE_RUN],
    parent="console.payouts",
)
def run(request: HttpRequest, staff: Member, run_id: UUID) -> HttpResponse:
    """One run: its file, its transfers, and what became of them."""
    return _run(request, staff, _found_run(staff, run_id), SettledForm(initial={"settled_on": clock.today()}))


def _found_run(staff: Member, run_id: UUID) -> PayoutRun:
    row: PayoutRun = subjects.load("payouts.payoutrun", str(run_id), actor=staff)
    return row


def _run(request: HttpRequest, staff: Member, row: PayoutRun, form: SettledForm) -> HttpResponse:
    transfers = selectors.payouts_visible_to(staff).filter(run=row)
    return render(
        request,
        "console/run.html",
        {
            "run": row,
            "state": RUN.states[row.state],
            "totals": selectors.run_totals([row])[row.pk],
            "hand_over_by": clock.end_of(last_bank_day(row.pays_on)) if row.state == "ready" else None,
            "page": paging.newest_first(transfers, request.GET.get("after")),
            "states": PAYOUT.states,
            "tones": TONES,
            "can_file": explain(gates.FILE, staff, row),
            "can_settle": explain(gates.SETTLE_RUN, staff, row),
            "form": form,
        },
        status=form.status,
    )


@staff_screen(
    "console.run.file",
    path="payouts/<uuid:run_id>/file/",
    title=Text("全銀ファイルを書き出す", "Write the bank file"),
    actions=[gates.FILE],
    parent="console.run",
    methods=["POST"],
)
def file(request: HttpRequest, staff: Member, run_id: UUID) -> HttpResponse:
    """Write the file and hand the run over; with `name`, the bytes of one file, each time recorded.

    They hold account numbers, so they are asked for by a button and never lie at an address.
    """
    row = services.write_run_file(actor=staff, run_id=run_id, idempotency_key=None)
    wanted = request.POST.get("name")
    if wanted is None:
        tell(request, _written(row), "done" if row.state == "handed_over" else "wait")
        return redirect("console.run", run_id=run_id)
    found = next((each for each in run_files(row) if each.name == wanted), None)
    if found is None:
        raise NotVisible("payouts.file", wanted)
    response = HttpResponse(found.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


def _written(row: PayoutRun) -> Text:
    if row.state == "dissolved":
        return Text("振り込める出金が残らず、束を閉じました。", "Nothing was left to transfer; the run is closed.")
    return Text(
        "全銀ファイルを書き出しました。ダウンロードして銀行に渡してください。",
        "The bank file is written: download it and give it to the bank.",
    )


@staff_screen(
    "console.run.settle",
    path="payouts/<uuid:run_id>/settle/",
    title=Text("振込の束の完了を記録する", "Record the run as paid"),
    actions=[gates.SETTLE_RUN],
    parent="console.run",
    methods=["POST"],
)
def settle_run(request: HttpRequest, staff: Member, run_id: UUID) -> HttpResponse:
    """By hand: everything in it that did not come back has arrived."""
    form = SettledForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.settle_run(
                actor=staff, run_id=run_id, settled_on=form.cleaned_data["settled_on"], idempotency_key=form.key
            )
            tell(request, Text("振込の完了を記録しました。", "The run is recorded as paid."))
            return redirect("console.run", run_id=run_id)
    return _run(request, staff, _found_run(staff, run_id), form)


@staff_screen(
    "console.payout",
    path="payouts/transfers/<uuid:payout_id>/",
    title=Text("振込", "Transfer"),
    actions=[gates.SEE, gates.SETTLE, gates.RETURN, gates.CANCEL],
    parent="console.payouts",
    methods=["GET", "POST"],
)
def payout(request: HttpRequest, staff: Member, payout_id: UUID) -> HttpResponse:
    """One transfer, and the three things that can become of it: paid, sent back, called off."""
    row: Payout = subjects.load("payouts.payout", str(payout_id), actor=staff)
    act = request.POST.get("act", "")
    forms: dict[str, KotowariForm] = {
        "settle": SettledForm(request.POST) if act == "settle" else SettledForm(initial={"settled_on": clock.today()}),
        "return": ReturnForm(request.POST) if act == "return" else ReturnForm(),
        "cancel": CancelForm(request.POST, auto_id="f-cancel-%s")
        if act == "cancel"
        else CancelForm(auto_id="f-cancel-%s"),
    }
    commands = {"settle": services.settle_payout, "return": services.return_payout, "cancel": services.cancel_payout}
    if request.method == "POST" and act not in commands:
        raise NotVisible("payouts.act", act)
    if act and forms[act].is_valid():
        form = forms[act]
        with form.merging():
            commands[act](actor=staff, payout_id=row.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("記録しました。", "Recorded."))
            return redirect("console.payout", payout_id=row.pk)
    return render(
        request,
        "console/payout.html",
        {
            "payout": row,
            "state": PAYOUT.states[row.state],
            "tone": TONES[row.state],
            "can": {
                "settle": explain(gates.SETTLE, staff, row),
                "return": explain(gates.RETURN, staff, row),
                "cancel": explain(gates.CANCEL, staff, row),
            },
            "forms": forms,
        },
        status=max(form.status for form in forms.values()),
    )


@staff_screen(
    "console.expired",
    path="payouts/expired/<uuid:expired_id>/",
    title=Text("期限が来た報酬", "Expired reward"),
    actions=[gates.RESTORE],
    parent="console.payouts",
    methods=["GET", "POST"],
)
def expired(request: HttpRequest, staff: Member, expired_id: UUID) -> HttpResponse:
    """A reward whose time limit came; a forfeiture can be taken back with a reason."""
    row: ExpiredReward = subjects.load("payouts.expiredreward", str(expired_id), actor=staff)
    form = RestoreForm(request.POST) if request.method == "POST" else RestoreForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            services.restore_reward(
                actor=staff, expired_id=row.pk, reason=form.cleaned_data["reason"], idempotency_key=form.key
            )
            tell(request, Text("失効を取り消し、残高に戻しました。", "The forfeiture is taken back."))
            return redirect("console.expired", expired_id=row.pk)
    return render(
        request,
        "console/expired.html",
        {
            "row": row,
            "state": EXPIRED.states[row.state],
            "tone": TONES[row.state],
            "form": form,
            "decision": explain(gates.RESTORE, staff, row),
        },
        status=form.status,
    )
