"""二段階認証の復旧: for whoever has lost every second factor. Without signing in, by the password or by mail."""

from typing import Any
from uuid import UUID

from allauth.account.internal.stagekit import clear_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kotowari.accounts import gates, limits, names, recovery_words, second_factor, selectors, services, stages
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.authentication import require_entry
from kotowari.accounts.callers import caller_of, network_of
from kotowari.accounts.links import Fate
from kotowari.accounts.models import FactorRecovery, Member
from kotowari.accounts.recovery_questions import ANSWER_MAX, QUESTIONS
from kotowari.accounts.services.recoveries import WORDS_MAX
from kotowari.accounts.transitions import FACTOR_RECOVERY
from kotowari.foundation import policy
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Action, Blocker, Decision, Remedy, explain
from kotowari.kernel.text import Text, language
from kotowari.web import fields
from kotowari.web.drawing import Step
from kotowari.web.factor_forms import code_field
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.password_fields import PLAIN_TYPING
from kotowari.web.refusals import refuse_on_page, told_when
from kotowari.web.screens import render, screen, see, tell

CASE = "/login/recovery/case/"
SESSION_KEY = "recovery"
ON_THE_WAY = ("asked", "proving", "first_approval", "cooling", "done")


class AskForm(KotowariForm):
    """Whose account it is."""

    login = fields.TextField(
        Text("メールアドレスまたはユーザー名", "E-mail address or username"),
        max_length=names.EMAIL_MAX,
        fold=True,
        autocomplete="username",
        attrs=PLAIN_TYPING,
    )


class StatementForm(KotowariForm):
    """The code from the mail where the address is not proved yet, and the answers to the questions."""

    def __init__(self, *args: Any, asks_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_code:
            self.fields["code"] = code_field(Text("メールで届いた確認コード", "The code from the mail"))
        for each in QUESTIONS:
            self.fields[each.key] = fields.LongTextField(
                each.label, hint=each.hint, max_length=ANSWER_MAX, rows=3, required=each.required
            )


class WordsForm(KotowariForm):
    """An answer to staff."""

    words = fields.LongTextField(Text("返事", "Your answer"), max_length=WORDS_MAX, rows=4)


@screen(
    "account_recovery",
    path="login/recovery/",
    title=Text("二段階認証が使えないとき", "When you lost your second factor"),
    actions=[gates.ASK_RECOVERY, gates.START_RECOVERY],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def recovery(request: HttpRequest) -> HttpResponse:
    """After the password, one button; otherwise a link goes to the registered address, whoever was typed.

    The password alone leads nobody into a recovery that is under way: what was said in it may be somebody else's.
    """
    stage = stages.waiting(request)
    member: Member | None = stage.login.user if stage else None
    can_start = explain(gates.START_RECOVERY, member) if member else None
    by_mail = member is None or selectors.open_recovery_of(member.pk) is not None
    form = AskForm(request.POST if request.method == "POST" and by_mail else None, initial=_whose(member))
    decision: Decision | None = None
    try:
        if request.method == "POST" and member is not None and not by_mail:
            return _start(request, member, has_password=True)
        if form.is_bound and form.is_valid():
            with form.merging():
                services.check_login(form.cleaned_data["login"])
                limits.count_recovery(login=form.cleaned_data["login"], network=network_of(request))
                services.ask_recovery(actor=VISITOR, login=form.cleaned_data["login"], language=language.get())
                return see("/login/recovery/sent/")
    except Refused as refused:
        decision = refused.decision
    response = render(
        request,
        "account/recovery/begin.html",
        {
            "form": form,
            "knows_password": not by_mail,
            "can_start": can_start,
            "decision": decision or (can_start if by_mail else None),
            "hours": policy.value("accounts.recovery_cooling_hours"),
        },
        status=decision.status if decision else form.status,
    )
    return told_when(response, decision)


@screen(
    "account_recovery_sent",
    path="login/recovery/sent/",
    title=Text("メールをご確認ください", "Please look into your mail"),
    actions=[gates.ASK_RECOVERY],
    parent="account_recovery",
)
def sent(request: HttpRequest) -> HttpResponse:
    """The same for every address."""
    return render(request, "account/recovery/sent.html", {"minutes": policy.value("accounts.reset_link_minutes")})


@screen(
    "account_recovery_start",
    path="login/recovery/start/<str:key>/",
    title=Text("二段階認証の復旧を始める", "Begin to recover"),
    actions=[gates.START_RECOVERY],
    methods=["GET", "POST"],
    parent="account_recovery",
)
@never_cache
def start(request: HttpRequest, key: str) -> HttpResponse:
    """What the link in the mail opens; nothing begins before the button."""
    member, fate = recovery_words.starter_in(key)
    if member is None or fate is not Fate.GOOD:
        return _dead_link(request, fate, gates.START_RECOVERY)
    if request.method == "POST":
        return _start(request, member, has_password=False)
    context = {
        "form": None,
        "knows_password": True,
        "can_start": explain(gates.START_RECOVERY, member),
        "decision": None,
        "hours": policy.value("accounts.recovery_cooling_hours"),
    }
    return render(request, "account/recovery/begin.html", context)


@screen(
    "account_recovery_link",
    path="login/recovery/case/<str:key>/",
    title=Text("二段階認証の復旧", "Your recovery"),
    actions=[gates.STATE_RECOVERY],
    parent="account_recovery",
)
@never_cache
def by_link(request: HttpRequest, key: str) -> HttpResponse:
    """Open the recovery that a mail leads to; the secret part moves to the session, so no address bar keeps it."""
    recovery_id = recovery_words.recovery_in(key)
    if recovery_id is None or not FactorRecovery.objects.filter(pk=recovery_id).exists():
        return _dead_link(request, Fate.BROKEN)
    request.session[SESSION_KEY] = str(recovery_id)
    return see(CASE)


@screen(
    "account_recovery_case",
    path="login/recovery/case/",
    title=Text("二段階認証の復旧", "Your recovery"),
    actions=[gates.STATE_RECOVERY, gates.ANSWER_RECOVERY, gates.CANCEL_RECOVERY],
    methods=["GET", "POST"],
    parent="account_recovery",
)
@sensitive_post_parameters()
@never_cache
def case(request: HttpRequest) -> HttpResponse:
    """How far it is, what is asked next, and until when; with POST what the member has to say."""
    row = _mine(request)
    if row is None:
        return _dead_link(request, None)
    if row.state == "asked":
        return _state(request, row)
    form = WordsForm(request.POST if request.method == "POST" else None)
    decision = explain(gates.ANSWER_RECOVERY, row.member, row)
    if decision.allowed and form.is_bound and form.is_valid():
        with form.merging():
            services.answer_recovery(
                actor=row.member, recovery_id=row.pk, **form.cleaned_data, idempotency_key=form.key
            )
            tell(request, Text("返事を送りました。", "Your answer was sent."))
            return see(CASE)
    return _page(request, row, form, decision if form.is_bound and not decision.allowed else None)


@screen(
    "account_recovery_code",
    path="login/recovery/code/",
    title=Text("新しい確認コードを送る", "Send a new code"),
    actions=[gates.SEND_RECOVERY_CODE],
    methods=["POST"],
    parent="account_recovery_case",
)
@never_cache
def resend(request: HttpRequest) -> HttpResponse:
    """A fresh code to the registered address."""
    row = _mine(request)
    if row is None:
        return _dead_link(request, None)
    limits.count_recovery_code(recovery_id=row.pk)
    services.send_recovery_code(actor=row.member, recovery_id=row.pk)
    tell(request, Text("新しいコードを送りました。前のコードは使えません。", "A new code is on its way."))
    return see(CASE)


@screen(
    "account_recovery_cancel",
    path="login/recovery/cancel/<str:key>/",
    title=Text("二段階認証の復旧を取りやめる", "Stop the recovery"),
    actions=[gates.CANCEL_RECOVERY],
    methods=["GET", "POST"],
    parent="account_recovery",
)
@never_cache
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """What the link in every notice opens: one button, no signing in. Programs that open links stop nothing."""
    row = _row(recovery_words.recovery_in(key, cancel=True))
    if row is None:
        return _dead_link(request, Fate.BROKEN, gates.CANCEL_RECOVERY)
    decision = explain(gates.CANCEL_RECOVERY, row.member, row)
    if request.method == "POST":
        services.cancel_recovery(actor=row.member, recovery_id=row.pk, idempotency_key=posted_key(request.POST))
        words = Text(
            "復旧を取りやめました。二段階認証はそのままです。", "The recovery is stopped; your second factors stay."
        )
        tell(request, words)
        return see("/login/")
    context = {"row": row, "decision": decision, "state": FACTOR_RECOVERY.states[row.state], "address": request.path}
    return render(request, "account/recovery/cancel.html", context)


def _start(request: HttpRequest, member: Member, *, has_password: bool) -> HttpResponse:
    """Ask whether the account can be entered at all, count it, and begin. Raises `Refused`."""
    require_entry(member, way="password" if has_password else "mail", caller=caller_of(request))
    limits.count_recovery_begun(member_id=member.pk)
    row = services.start_recovery(actor=member, has_password=has_password)
    clear_login(request)
    request.session[SESSION_KEY] = str(row.pk)
    return see(CASE)


def _state(request: HttpRequest, row: FactorRecovery) -> HttpResponse:
    form = StatementForm(request.POST if request.method == "POST" else None, asks_code=row.address_proved_at is None)
    decision: Decision | None = None
    if form.is_bound and form.is_valid():
        answers = dict(form.cleaned_data)
        code = answers.pop("code", "")
        try:
            with form.merging():
                second_factor.state_recovery(row.member, recovery_id=row.pk, answers=answers, code=code)
                tell(request, Text("説明を送りました。運営が確認します。", "It was sent; staff look at it."))
                return see(CASE)
        except Refused as refused:
            decision = refused.decision
    return _page(request, row, form, decision)


def _page(request: HttpRequest, row: FactorRecovery, form: KotowariForm, decision: Decision | None) -> HttpResponse:
    response = render(
        request,
        "account/recovery/case.html",
        {
            "row": row,
            "form": form,
            "decision": decision,
            "steps": steps_of(row),
            "state": FACTOR_RECOVERY.states[row.state],
            "words": list(row.words.order_by("id")),
            "can_answer": explain(gates.ANSWER_RECOVERY, row.member, row),
            "can_cancel": explain(gates.CANCEL_RECOVERY, row.member, row),
            "cancel_url": recovery_words.cancel_path(row),
            "codes_left": selectors.codes_left(row.member_id),
        },
        status=decision.status if decision else form.status,
    )
    return told_when(response, decision)


def steps_of(row: FactorRecovery) -> list[Step]:
    """A recovery as a rail, with its clock and what happens then."""
    clocks = {"cooling": row.cooling_until, "done": row.ended_at}
    reached = ON_THE_WAY.index(row.state) if row.state in ON_THE_WAY else -1
    thens = {t.source: t.deadline for t in FACTOR_RECOVERY.transitions if t.deadline is not None}
    if reached < 0:
        return [Step(FACTOR_RECOVERY.states[row.state], "stopped", at=row.ended_at)]
    return [
        Step(
            FACTOR_RECOVERY.states[state],
            "done" if number < reached or state == row.state == "done" else "now" if number == reached else "todo",
            until=clocks.get(state, row.lapses_at) if number == reached and row.is_open else None,
            then=thens.get(state) if number == reached else None,
        )
        for number, state in enumerate(ON_THE_WAY)
    ]


def _mine(request: HttpRequest) -> FactorRecovery | None:
    """The recovery that this session was led to."""
    try:
        return _row(UUID(request.session.get(SESSION_KEY, "")))
    except ValueError:
        return None


def _row(recovery_id: UUID | None) -> FactorRecovery | None:
    return FactorRecovery.objects.select_related("member").filter(pk=recovery_id).first() if recovery_id else None


def _whose(member: Member | None) -> dict[str, str]:
    """Whoever showed the password need not type again whose account it is."""
    return {"login": member.username} if member else {}


def _dead_link(request: HttpRequest, fate: Fate | None, action: Action = gates.STATE_RECOVERY) -> HttpResponse:
    """Each link says what became of it, and offers a new one; None where a page was opened without its link."""
    minutes = policy.value("accounts.reset_link_minutes")
    return refuse_on_page(
        request,
        action,
        Blocker(
            code=f"link_{fate.value if fate else 'missing'}",
            reason=_DEAD[fate].format(minutes=minutes),
            rule="P013",
            resolved_by="you",
            remedy=Remedy(Text("新しいリンクを送る", "Send a new link"), "/login/recovery/"),
        ),
    )


_DEAD = {
    Fate.EXPIRED: Text(
        "このリンクの期限({minutes}分)が過ぎました。新しいリンクをお送りします。",
        "This link has expired: it works for {minutes} minutes. A new one can be sent.",
    ),
    Fate.USED: Text(
        "このリンクは、すでに使われました。進んでいる手続きがあれば、続きのリンクをお送りします。",
        "This link was used already. If a recovery is under way, the link to go on with it can be sent.",
    ),
    Fate.BROKEN: Text(
        "このリンクは途中で切れているか、このサイトのものではありません。メールのリンクの全体をお使いください。",
        "This link was cut off or is not one of ours. Please use all of the link in the mail.",
    ),
    None: Text(
        "この画面は、メールのリンクから開きます。このブラウザでは、まだ開かれていません。",
        "This page is opened by the link in the mail, which was not done in this browser yet.",
    ),
}
