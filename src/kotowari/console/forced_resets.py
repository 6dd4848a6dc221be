"""まとめて再設定: new passwords required of chosen members, or by two of staff of everybody (A130)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts import gates, mails, services
from kotowari.accounts.models import ForcedReset, Member
from kotowari.accounts.selectors import forced_resets_visible_to, members_named, members_visible_to
from kotowari.accounts.transitions import FORCED_RESET
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.web import paging
from kotowari.web.fields import ChoiceField, LongTextField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, tell

TONES = {"waiting": "wait", "approved": "done", "declined": "plain", "lapsed": "plain"}
NAMES_MAX = 100_000
"""Characters of pasted names: some thousands of members; for more there is "everybody"."""
AUDIENCES = {
    "chosen": Text("選んだ会員", "Chosen members"),
    "everybody": Text("全員(2人で決めます)", "Everybody (by two)"),
}


def names_field(*, required: bool = False) -> LongTextField:
    """Where usernames or addresses are pasted."""
    return LongTextField(
        Text("会員", "Members"),
        hint=Text(
            "ユーザー名かメールアドレスを、改行・空白・コンマで区切って貼り付けます。",
            "Paste usernames or addresses with lines, spaces or commas between.",
        ),
        max_length=NAMES_MAX,
        rows=5,
        required=required,
    )


class ForcedResetForm(KotowariForm):
    """Of whom, and why."""

    audience = ChoiceField(Text("だれに", "Of whom"), choices=list(AUDIENCES.items()))
    names = names_field()
    reason_ja = LongTextField(
        Text("理由(日本語)", "Why, in Japanese"),
        hint=Text("会員がこのまま読みます。", "Members read this as it is."),
        max_length=500,
        rows=3,
    )
    reason_en = LongTextField(
        Text("理由(英語)", "Why, in English"),
        hint=Text("空ならば、日本語がそのまま使われます。", "Without it, the Japanese words stand in its place."),
        max_length=500,
        rows=3,
        required=False,
    )

    @property
    def reason(self) -> Text:
        given = self.cleaned_data
        return Text(given["reason_ja"], given["reason_en"] or given["reason_ja"])

    @property
    def is_for_everybody(self) -> bool:
        return bool(self.cleaned_data["audience"] == "everybody")


@staff_screen(
    "console.forced_resets",
    path="forced-resets/",
    title=Text("まとめて再設定", "Passwords of many"),
    actions=[gates.ASK_FORCED_RESET],
)
def forced_resets(request: HttpRequest, staff: Member) -> HttpResponse:
    """All of them, with how far each is."""
    page = paging.newest_first(forced_resets_visible_to(staff), request.GET.get("after"))
    return render(
        request,
        "console/forced_resets.html",
        {
            "page": page,
            "states": FORCED_RESET.states,
            "tones": TONES,
            "decision": explain(gates.ASK_FORCED_RESET, staff),
        },
    )


@staff_screen(
    "console.forced_reset.new",
    path="forced-resets/new/",
    title=Text("まとめて新しいパスワードを求める", "Require new passwords of many"),
    actions=[gates.ASK_FORCED_RESET],
    parent="console.forced_resets",
    methods=["GET", "POST"],
)
def new(request: HttpRequest, staff: Member) -> HttpResponse:
    """Of whom and why, then what they will read, then the act itself."""
    if request.method == "POST":
        form = ForcedResetForm(request.POST)
    else:
        form = ForcedResetForm(initial={"audience": "chosen", "names": _named_in_case(request, staff)})
    preview: tuple[Text, Text] | None = None
    chosen: list[Member] = []
    if form.is_bound and form.is_valid():
        with form.merging():
            chosen = [] if form.is_for_everybody else members_named(form.cleaned_data["names"])
            if "confirmed" in request.POST:
                reset = services.ask_forced_reset(
                    actor=staff,
                    reason=form.reason,
                    everybody=form.is_for_everybody,
                    member_ids=[member.pk for member in chosen],
                    idempotency_key=form.key,
                )
                tell(request, _said(reset))
                return redirect("console.forced_reset", reset_id=reset.pk)
            if "edit" not in request.POST:
                services.check_forced_reset(staff, form.reason, form.is_for_everybody, [each.pk for each in chosen])
                preview = mails.password_required(form.reason)
    context = {"form": form, "preview": preview, "chosen": chosen, "decision": explain(gates.ASK_FORCED_RESET, staff)}
    return render(request, "console/forced_reset_new.html", context, status=form.status)


@staff_screen(
    "console.forced_reset",
    path="forced-resets/<uuid:reset_id>/",
    title=Text("まとめて再設定", "Passwords of many"),
    actions=[gates.APPROVE_FORCED_RESET, gates.DECLINE_FORCED_RESET],
    parent="console.forced_resets",
    methods=["GET", "POST"],
)
def forced_reset(request: HttpRequest, staff: Member, reset_id: UUID) -> HttpResponse:
    """How far it is; while it waits, the second approval or its end."""
    row: ForcedReset = subjects.load("accounts.forcedreset", str(reset_id), actor=staff)
    acts = {"approve": services.approve_forced_reset, "decline": services.decline_forced_reset}
    if request.method == "POST":
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise NotVisible("accounts.forcedreset.act", request.POST.get("act", ""))
        tell(request, _said(act(actor=staff, reset_id=row.pk, idempotency_key=posted_key(request.POST))))
        return redirect("console.forced_reset", reset_id=row.pk)
    return render(
        request,
        "console/forced_reset.html",
        {
            "reset": row,
            "state": FORCED_RESET.states[row.state],
            "tone": TONES[row.state],
            "can_approve": explain(gates.APPROVE_FORCED_RESET, staff, row),
            "can_decline": explain(gates.DECLINE_FORCED_RESET, staff, row),
        },
    )


def _said(reset: ForcedReset) -> Text:
    return {
        "waiting": Text("依頼しました。別の担当者の承認を待ちます。", "Asked for; it waits for another of staff."),
        "approved": Text("始めました。数秒ごとに少しずつ進みます。", "It has begun and goes on every few seconds."),
        "declined": Text("取りやめました。", "Called off."),
    }[reset.state]


def _named_in_case(request: HttpRequest, staff: Member) -> str:
    """The members whom a matter of risk names, if one led here; never oneself."""
    try:
        case = subjects.load("accounts.riskcase", request.GET.get("case", ""), actor=staff)
    except NotVisible:
        return ""
    ids = [each["member"] for each in case.facts.get("opened", ())]
    rows = members_visible_to(staff).filter(pk__in=ids, left_at__isnull=True).exclude(pk=staff.pk)
    return "\n".join(rows.order_by("username").values_list("username", flat=True))
