"""入金と仮受金: statements come in, what fits no escrow waits under a reason and a clock until staff decide."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.bank_lines import ReopenForm
from kotowari.console.pages import staff_screen
from kotowari.contracts.models import Milestone
from kotowari.contracts.selectors import milestones_visible_to
from kotowari.foundation import subjects
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.gates import Decision, decide_many, explain
from kotowari.kernel.kana import fold_digits
from kotowari.kernel.money import MAX_YEN
from kotowari.kernel.text import Text
from kotowari.ledger.catalogue import CATALOGUE
from kotowari.payments import gates, selectors, services
from kotowari.payments.models import Deposit, StatementFile
from kotowari.payments.selectors import Matching
from kotowari.payments.transitions import CANCELLATION, DEPOSIT
from kotowari.web import paging
from kotowari.web.card_payment import PROCESSORS
from kotowari.web.drawing import Tab
from kotowari.web.fields import ChoiceField, LongTextField, NumberField, UploadField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, tell

TEN = 10
TONES = {
    "in_suspense": "wait",
    "to_send_back": "loss",
    "matched": "done",
    "sent_back": "plain",
    "taken_back": "plain",
    "from_processor": "done",
    "own": "done",
}
WAITS_FOR = {"client": Text("発注者", "the client"), "operator": Text("運営", "the operator")}
VIEWS = {
    "in_suspense": Text("仮受中", "In suspense"),
    "to_send_back": Text("返送待ち", "To be sent back"),
    "cancellations": Text("銀行の取消", "Taken back"),
    "": Text("すべての入金", "All deposits"),
    "files": Text("取り込んだ明細", "Imported files"),
}


class StatementForm(KotowariForm):
    """A statement of the operator's account."""

    file = UploadField(
        Text("入出金明細のファイル", "Statement of the account"),
        hint=Text(
            "銀行からの全銀200バイト形式(01 振込入金通知、03 入出金取引明細)。同じファイルや同じ明細は二重に入りません。",
            "200-byte records of the bank (01 deposit notice, 03 statement). The same file or line never counts twice.",
        ),
        endings=["txt", "dat", "zen", "bin"],
        maximum_bytes=10 * 1024 * 1024,
    )
    years = ChoiceField(
        Text("年の書き方", "How years are written"),
        choices=(
            ("era", Text("和暦(令和8年は08)", "Japanese era (2026 is 08)")),
            ("western", Text("西暦の下2桁(2026年は26)", "Western, two digits (2026 is 26)")),
        ),
        initial="era",
        required=False,
    )


class SendBackForm(KotowariForm):
    """Why it goes back; the client reads it."""

    reason = LongTextField(
        Text("返送の理由", "Why it goes back"),
        hint=Text(
            "銀行で返送してから記録してください。送り主が分かるときは、この言葉が伝わります。",
            "Send it back at the bank first. Where the sender is known, these words are told.",
        ),
        max_length=500,
        rows=2,
    )


class ProcessorForm(KotowariForm):
    """The card processor's transfer, and the fee that it kept back."""

    processor = ChoiceField(Text("カード会社", "Processor"), choices=tuple(PROCESSORS.items()))
    fee_yen = NumberField(
        Text("差し引かれた手数料", "Fee kept back"),
        minimum=0,
        maximum=MAX_YEN,
        unit=Text("円", "yen"),
        hint=Text(
            "カード会社の明細にある手数料の合計。運営の費用になります。",
            "The fees that the processor's own statement shows; they are the operator's expense.",
        ),
    )


class OwnForm(KotowariForm):
    """What of the operator's own a deposit is."""

    kind = ChoiceField(
        Text("何の入金か", "What it was"),
        choices=[(kind.value, CATALOGUE[kind].title) for kind in services.OWN_KINDS],
    )
    note = LongTextField(
        Text("補足", "More about it"),
        hint=Text("たとえば「手数料にあてる資金」。", "“Funds for fees”, for example."),
        required=False,
        max_length=500,
        rows=2,
    )


@staff_screen(
    "console.deposits",
    path="deposits/",
    title=Text("入金と仮受金", "Deposits and suspense"),
    actions=[gates.SEE_DEPOSITS, gates.IMPORT],
    methods=["GET", "POST"],
)
def deposits(request: HttpRequest, staff: Member) -> HttpResponse:
    """What came in and what waits; with POST a statement is imported."""
    form = StatementForm(request.POST, request.FILES) if request.method == "POST" else StatementForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            sent = form.cleaned_data["file"]
            file = services.import_statement(
                actor=staff,
                data=sent.read(),
                filename=sent.name or "",
                western_years=form.cleaned_data["years"] == "western",
                idempotency_key=form.key,
            )
            tell(request, _imported(file))
            return redirect("console.deposits")
    return _list(request, staff, form)


def _imported(file: StatementFile) -> Text:
    if file.was_known:
        return Text(
            "この明細はすでに取り込まれています。何も変わっていません。",
            "This statement was imported before; nothing was added.",
        )
    return Text(
        "明細{lines}行を取り込みました。入金{deposits}件のうち{matched}件を仮払いに充て、{suspense}件は仮受金です。",
        "{lines} lines imported: of {deposits} deposits {matched} went into escrow, {suspense} wait in suspense.",
    ).format(
        lines=file.line_count, deposits=file.deposit_count, matched=file.matched_count, suspense=file.suspense_count
    )


def _list(request: HttpRequest, staff: Member, form: StatementForm) -> HttpResponse:
    shown = request.GET.get("show", "in_suspense")
    shown = shown if shown in VIEWS else "in_suspense"
    context: dict[str, object] = {"rows": None, "files": None, "cancellations": None}
    after = request.GET.get("after")
    if shown == "files":
        context["files"] = paging.newest_first(selectors.statements_visible_to(staff), after)
    elif shown == "cancellations":
        context["cancellations"] = paging.newest_first(selectors.cancellations_visible_to(staff), after)
    else:
        rows = selectors.deposits_visible_to(staff)
        context["rows"] = paging.newest_first(rows.filter(state=shown) if shown else rows, after)
    return render(
        request,
        "console/deposits.html",
        {
            **context,
            "shown": shown,
            "tabs": [
                Tab(words, paging.address(request, show=key, after=None), key == shown) for key, words in VIEWS.items()
            ],
            "totals": selectors.suspense_totals(),
            "form": form,
            "can_import": explain(gates.IMPORT, staff),
            "states": DEPOSIT.states,
            "cancellation_states": CANCELLATION.states,
            "tones": TONES,
            "waits_for": WAITS_FOR,
        },
        status=form.status,
    )


@staff_screen(
    "console.deposit",
    path="deposits/<uuid:deposit_id>/",
    title=Text("入金", "Deposit"),
    actions=[gates.SEE_DEPOSIT, gates.MATCH, gates.SEND_BACK, gates.KNOW_PROCESSOR, gates.KNOW_OWN, gates.REOPEN],
    parent="console.deposits",
)
def deposit(request: HttpRequest, staff: Member, deposit_id: UUID) -> HttpResponse:
    """One deposit: why it waits, where it could go, and the way back."""
    return _deposit(request, staff, _found(staff, deposit_id))


def _found(staff: Member, deposit_id: UUID) -> Deposit:
    row: Deposit = subjects.load("payments.deposit", str(deposit_id), actor=staff)
    return row


def _deposit(
    request: HttpRequest,
    staff: Member,
    row: Deposit,
    *,
    form: SendBackForm | None = None,
    transfer: ProcessorForm | None = None,
    own: OwnForm | None = None,
    reopening: ReopenForm | None = None,
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    return render(
        request,
        "console/deposit.html",
        {
            "deposit": row,
            "state": DEPOSIT.states[row.state],
            "tone": TONES[row.state],
            "waits_for": WAITS_FOR,
            "days": selectors.days_waiting(row),
            "matches": row.matches.select_related("milestone__contract", "matched_by").order_by("pk"),
            "words": words,
            "candidates": _candidates(staff, row, words) if row.is_waiting else [],
            "can_match": explain(gates.MATCH, staff, row),
            "can_send_back": explain(gates.SEND_BACK, staff, row),
            "form": form or SendBackForm(),
            "can_be_processors": explain(gates.KNOW_PROCESSOR, staff, row),
            "processor_form": transfer or ProcessorForm(initial={"fee_yen": 0}),
            "can_be_own": explain(gates.KNOW_OWN, staff, row),
            "own_form": own or OwnForm(auto_id="f-own-%s"),
            "can_reopen": explain(gates.REOPEN, staff, row),
            "reopen_form": reopening or ReopenForm(),
        },
        status=max(each.status if each else 200 for each in (form, transfer, own, reopening)),
    )


def _candidates(staff: Member, row: Deposit, words: str) -> Sequence[tuple[Milestone, Decision]]:
    """Milestones that await money: those asked for by reference or title, else the one named or of this amount."""
    waiting = milestones_visible_to(SYSTEM).filter(state="awaiting_funding").order_by("-pk")
    if words:
        wanted = (
            Q(reference=fold_digits(words)) | Q(title__icontains=words) | Q(contract__title__icontains=words)
        ) | Q(contract__client__display_name__icontains=words)
        found = list(waiting.filter(wanted)[:TEN])
    else:
        found = list(waiting.filter(Q(pk=row.milestone_id) | Q(client_pays_yen=row.remaining_yen))[:TEN])
    decisions = decide_many(gates.MATCH, staff, [Matching(row, milestone) for milestone in found])
    return list(zip(found, decisions, strict=True))


@staff_screen(
    "console.deposit.match",
    path="deposits/<uuid:deposit_id>/match/<uuid:milestone_id>/",
    title=Text("入金を仮払いに充てる", "Put a deposit into escrow"),
    actions=[gates.MATCH],
    parent="console.deposit",
    methods=["POST"],
)
def match(request: HttpRequest, staff: Member, deposit_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Put it into this milestone's escrow, whatever its reference says."""
    services.match_deposit(
        actor=staff, deposit_id=deposit_id, milestone_id=milestone_id, idempotency_key=posted_key(request.POST)
    )
    tell(request, Text("仮払いに充てました。", "It is in escrow now."))
    return redirect("console.deposit", deposit_id=deposit_id)


@staff_screen(
    "console.deposit.send_back",
    path="deposits/<uuid:deposit_id>/send-back/",
    title=Text("入金を返送する", "Send a deposit back"),
    actions=[gates.SEND_BACK],
    parent="console.deposit",
    methods=["POST"],
)
def send_back(request: HttpRequest, staff: Member, deposit_id: UUID) -> HttpResponse:
    """Record that it was sent back at the bank, and why."""
    form = SendBackForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.send_back_deposit(
                actor=staff, deposit_id=deposit_id, reason=form.cleaned_data["reason"], idempotency_key=form.key
            )
            tell(request, Text("返送を記録しました。", "Recorded as sent back."))
            return redirect("console.deposit", deposit_id=deposit_id)
    return _deposit(request, staff, _found(staff, deposit_id), form=form)


@staff_screen(
    "console.deposit.processor",
    path="deposits/<uuid:deposit_id>/processor/",
    title=Text("カード会社からの入金として記録する", "Record as the card processor's transfer"),
    actions=[gates.KNOW_PROCESSOR],
    parent="console.deposit",
    methods=["POST"],
)
def from_processor(request: HttpRequest, staff: Member, deposit_id: UUID) -> HttpResponse:
    """Record that it is what the card processor owed, less its fee."""
    form = ProcessorForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.know_processor_deposit(
                actor=staff,
                deposit_id=deposit_id,
                processor=form.cleaned_data["processor"],
                fee_yen=form.cleaned_data["fee_yen"],
                idempotency_key=form.key,
            )
            tell(request, Text("カード会社からの入金として記録しました。", "Recorded as the processor's transfer."))
            return redirect("console.deposit", deposit_id=deposit_id)
    return _deposit(request, staff, _found(staff, deposit_id), transfer=form)


@staff_screen(
    "console.deposit.own",
    path="deposits/<uuid:deposit_id>/own/",
    title=Text("運営のお金として記録する", "Record as the operator's own money"),
    actions=[gates.KNOW_OWN],
    parent="console.deposit",
    methods=["POST"],
)
def own(request: HttpRequest, staff: Member, deposit_id: UUID) -> HttpResponse:
    """Record that it is money which the operator put in, or the bank's interest."""
    form = OwnForm(request.POST, auto_id="f-own-%s")
    if form.is_valid():
        with form.merging():
            given = form.cleaned_data
            services.know_own_deposit(
                actor=staff, deposit_id=deposit_id, kind=given["kind"], note=given["note"], idempotency_key=form.key
            )
            tell(request, Text("運営のお金として記録しました。", "Recorded as the operator's own money."))
            return redirect("console.deposit", deposit_id=deposit_id)
    return _deposit(request, staff, _found(staff, deposit_id), own=form)


@staff_screen(
    "console.deposit.reopen",
    path="deposits/<uuid:deposit_id>/reopen/",
    title=Text("取り消して仮受金に戻す", "Take it back into suspense"),
    actions=[gates.REOPEN],
    parent="console.deposit",
    methods=["POST"],
)
def reopen(request: HttpRequest, staff: Member, deposit_id: UUID) -> HttpResponse:
    """Take back that it is the operator's own."""
    form = ReopenForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.reopen_deposit(
                actor=staff, deposit_id=deposit_id, reason=form.cleaned_data["reason"], idempotency_key=form.key
            )
            tell(request, Text("取り消しました。入金は仮受金に戻っています。", "Taken back; it is in suspense again."))
            return redirect("console.deposit", deposit_id=deposit_id)
    return _deposit(request, staff, _found(staff, deposit_id), reopening=form)
