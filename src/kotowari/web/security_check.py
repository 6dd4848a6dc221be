"""セキュリティ点検: what happened lately on one screen, what of it is not mine, and what protects the account.

The same page is the checklist after 「これは私ではありません」 (A121, A130, A131) and the check-up from time to time (A133).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, selectors, services
from kotowari.accounts.callers import label_in_words, network_in_words
from kotowari.accounts.check_up import ANSWERS, AREAS
from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.restrictions import CAUSES, SCOPES
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.calendar import months_later
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import Decision, decide_many, explain
from kotowari.kernel.text import Text
from kotowari.ledger import selectors as ledger
from kotowari.messaging.selectors import sent_lately
from kotowari.payouts import selectors as payouts
from kotowari.web import current
from kotowari.web.devices import in_words
from kotowari.web.fields import ChoiceField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.login_settings import SECTIONS
from kotowari.web.screens import redirect, render, screen, tell

SHOWN = 5
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that happened, or that opens the account; `amount_yen` is what it moved."""

    words: Text | str
    at: datetime | None = None
    note: Text | None = None
    amount_yen: int | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the check, with the latest of it and where all of it is."""

    name: str
    title: Text
    seen: Sequence[Seen]
    url: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A restriction in force, as its owner reads it. `decision` is about lifting it, where that is theirs to do."""

    row: Restriction
    title: Text
    reason: Text
    stopped: Sequence[Text]
    decision: Decision | None
    password_is_new: bool


class CheckForm(KotowariForm):
    """What the owner says of each area."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for area, title in AREAS.items():
            self.fields[area] = ChoiceField(title, choices=list(ANSWERS.items()))


@screen(
    "security_check",
    path="my/security-check/",
    title=Text("セキュリティ点検", "Security check"),
    actions=[gates.SEE_OWN, gates.COMPLETE_CHECK],
    methods=["GET", "POST"],
    parent="my",
    members_only=True,
)
@never_cache
def security_check(request: HttpRequest) -> HttpResponse:
    """Everything that somebody else could have touched, each to be called right or not mine."""
    me = current.me()
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.merging():
            done = services.complete_check(actor=me, answers=form.cleaned_data, idempotency_key=form.key)
            return _finished(request, done.doubtful)
    months = policy.value("accounts.security_check_months")
    holds = holds_on(me)
    return render(
        request,
        "account/security_check.html",
        {
            "form": form,
            "areas": areas_of(me, request),
            "holds": holds,
            "last": selectors.last_check(me),
            "next_on": months_later(clock.tokyo(me.check_asked_at).date(), months) if months else None,
            "password_is_new": any(hold.password_is_new for hold in holds if hold.decision),
            "has_factors": "factors" in SECTIONS,
            "can_finish": explain(gates.COMPLETE_CHECK, me),
            "can_report": explain(gates.REPORT_NOT_ME, me),
        },
        status=form.status,
    )


def _finished(request: HttpRequest, doubtful: Sequence[str]) -> HttpResponse:
    if doubtful:
        names = Text("・".join(AREAS[a].ja for a in doubtful), ", ".join(AREAS[a].en for a in doubtful))
        words = Text(
            "点検を記録し、運営に知らせました。心当たりがないもの: {areas}。ほかの人がアカウントに入っているかもしれない"
            "ときは、下の「これは私ではありません」を押してください。",
            "The check is recorded, and staff are told. Not yours: {areas}. If somebody else may be in your account, press "
            "“This was not me” below.",
        )
        tell(request, words.format(areas=names), "wait")
        return redirect("security_check")
    tell(request, Text("点検を記録しました。問題は見つかりませんでした。", "The check is recorded: all is well."))
    return redirect("security_check")


@screen(
    "security_check.lift",
    path="my/security-check/holds/<uuid:hold_id>/lift/",
    title=Text("保護措置を解除する", "Lift the hold"),
    actions=[gates.LIFT],
    methods=["POST"],
    parent="security_check",
    members_only=True,
)
def lift(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """End the hold that I asked for; the gate wants a new password first."""
    me = current.me()
    if not Restriction.objects.filter(pk=hold_id, member=me).exists():
        raise NotVisible("accounts.restriction", hold_id)
    services.lift(actor=me, restriction_id=hold_id, idempotency_key=posted_key(request.POST))
    tell(
        request,
        Text(
            "解除しました。止めていたものは、またお使いいただけます。",
            "It is lifted; what it stopped is possible again.",
        ),
    )
    return redirect("security_check")


@screen(
    "security_check.report",
    path="my/security-check/not-me/",
    title=Text("これは私ではありません", "This was not me"),
    actions=[gates.REPORT_NOT_ME],
    methods=["POST"],
    parent="security_check",
    members_only=True,
)
def report(request: HttpRequest) -> HttpResponse:
    """Protect my account at once: this browser is signed out with all others."""
    services.report_not_me(actor=current.me())
    logout(request)
    return redirect("security_check.protected")


def holds_on(me: Member) -> list[Hold]:
    """What is restricted now, the newest first."""
    rows = list(selectors.restrictions_in_force().filter(member=me).select_related("member").order_by("-since"))
    return [
        Hold(
            row=row,
            title=CAUSES[row.cause].title,
            reason=CAUSES[row.cause].reason,
            stopped=[SCOPES[scope] for scope in row.scope],
            decision=decision if CAUSES[row.cause].decided_by == "owner" else None,
            password_is_new=me.password_set_at is not None and me.password_set_at > row.since,
        )
        for row, decision in zip(rows, decide_many(gates.LIFT, me, rows), strict=True)
    ]


def areas_of(me: Member, request: HttpRequest) -> list[Area]:
    """The latest of each area, in the order of the page."""
    found: dict[str, tuple[Iterable[Seen], str]] = {
        "money": (
            (
                Seen(row.sentence, row.occurred_at, amount_yen=row.amount_yen)
                for row in ledger.statement_for(me.pk, limit=SHOWN).rows
            ),
            "/my/rewards/#history",
        ),
        "bank_account": (_bank_accounts(me), "/my/bank-account/"),
        "messages": (_messages(me), "/threads/"),
        "sign_ins": (_sign_ins(me), "/my/settings/login/history/"),
        "devices": (_devices(me, request), "/my/settings/login/devices/"),
        "tokens": (_tokens(me), "/my/settings/api/"),
        "ways_in": (_ways_in(me), "/my/settings/login/"),
    }
    return [Area(name, title, list(found[name][0]), found[name][1]) for name, title in AREAS.items()]


def _bank_accounts(me: Member) -> Iterable[Seen]:
    for account in payouts.account_history(me.pk, SHOWN):
        words = Text("{bank} {branch} 末尾{ending}", "{bank} {branch}, ending in {ending}")
        replaced = Text("いまの振込先", "in use") if account.replaced_at is None else Text("以前の振込先", "replaced")
        yield Seen(
            words.format(bank=account.bank_name, branch=account.branch_name, ending=(account.number or "")[-3:]),
            account.registered_at,
            replaced,
        )


def _messages(me: Member) -> Iterable[Seen]:
    for message in sent_lately(me, SHOWN):
        thread = message.thread
        other = thread.worker if thread.client_id == me.pk else thread.client
        excerpt = message.body if len(message.body) <= EXCERPT else f"{message.body[:EXCERPT]}…"
        yield Seen(excerpt, message.sent_at, Text("{name}さんへ", "to {name}").format(name=other.display_name))


def _sign_ins(me: Member) -> Iterable[Seen]:
    for record in selectors.records_visible_to(me)[:SHOWN]:
        label, network, way, outcome = in_words(record)
        note = Text("{network}・{way}・{outcome}", "{network}, {way}, {outcome}")
        yield Seen(label, record.at, note.format(network=network, way=way, outcome=outcome))


def _devices(me: Member, request: HttpRequest) -> Iterable[Seen]:
    for session in selectors.open_sessions(me, request.session.session_key)[:SHOWN]:
        here = Text("いまお使いの端末・{network}", "this device, {network}")
        there = Text("ログイン中・{network}", "signed in, {network}")
        yield Seen(
            session.label, session.last_used_at, (here if session.is_this else there).format(network=session.network)
        )
    for device in selectors.devices_visible_to(me).filter(sessions__isnull=True)[:SHOWN]:
        known = Text("覚えている端末・{network}", "known, {network}")
        yield Seen(
            label_in_words(device.label), device.last_seen_at, known.format(network=network_in_words(device.network))
        )


def _tokens(me: Member) -> Iterable[Seen]:
    for token in selectors.tokens_visible_to(me).filter(revoked_at__isnull=True, expires_at__gt=clock.now())[:SHOWN]:
        yield Seen(token.name, token.created_at)


def _ways_in(me: Member) -> Iterable[Seen]:
    ways = selectors.ways_in(me)
    for address in ways.addresses:
        yield Seen(address, note=Text("メールアドレス", "e-mail address"))
    if ways.has_password:
        yield Seen(Text("パスワード", "Password"), me.password_set_at)
