"""お問い合わせ: the form that knows already what it can know, and the conversation that a link opens (A008, A057–A067)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import label_of, network_of
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import ACTIONS, Blocker, Decision, explain, refuse
from kotowari.kernel.text import Text, language
from kotowari.support import finding, gates, limits, links, prefill, selectors, services
from kotowari.support.actors import LinkHolder
from kotowari.support.faq import ARTICLES
from kotowari.support.models import Ticket
from kotowari.support.topics import RESULTS, TOPICS, TRIED, topic_named, topic_of_code
from kotowari.support.transitions import TICKET
from kotowari.web import current
from kotowari.web.contact_forms import LinkForm, QuestionForm, WordsForm
from kotowari.web.forms import posted_key
from kotowari.web.gates import READ
from kotowari.web.screens import redirect, render, screen, see, tell

SENT, LINKS = "support.sent", "support.links"
LINKS_MAX = 20
NOBODYS = UUID(int=0)
MINE_SHOWN = 5
TONES = {"open": "info", "late": "wait", "answered": "done", "closed": "plain"}


@screen(
    "contact",
    path="contact/",
    title=Text("お問い合わせ", "Contact us"),
    actions=[gates.OPEN],
    methods=["GET", "POST"],
)
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """The form, begun with what is known; matching articles beside it stand in nobody's way."""
    member = current.member_of(request)
    if request.method == "GET" and "login" in request.GET:
        return _remembered(request, request.GET)
    is_member = member is not None
    if request.method == "GET":
        form = QuestionForm(initial=_initial(request), is_member=is_member)
    else:
        form = QuestionForm(request.POST, is_member=is_member)
    decision: Decision | None = None
    if form.is_bound and form.is_valid():
        try:
            ticket = _sent(request, form)
            if ticket is not None:
                return _thanks(request, ticket)
        except Refused as refused:
            decision = refused.decision
    chosen = {name: str(form[name].value() or "") for name in ("topic", "code", "body")}
    mine = selectors.tickets_visible_to(member)[:MINE_SHOWN] if is_member else []
    return render(
        request,
        "contact/form.html",
        {
            "form": form,
            "can_send": explain(gates.OPEN, member or VISITOR),
            "decision": decision,
            "about": _about(chosen["code"]),
            "articles": finding.matching(topic=chosen["topic"], code=chosen["code"], words=chosen["body"]),
            "times": selectors.answer_times(),
            "days": selectors.answer_days(topic_named(chosen["topic"])),
            "mine": [(ticket, TICKET.states[ticket.state], TONES[ticket.state]) for ticket in mine],
            "topics": TOPICS,
        },
        status=decision.status if decision else form.status,
    )


@screen(
    "contact.begin",
    path="contact/begin/",
    title=Text("お問い合わせに進む", "Go on to the form"),
    actions=[gates.OPEN],
    parent="contact",
    methods=["POST"],
)
def begin(request: HttpRequest) -> HttpResponse:
    """From a page where something was typed: it goes along to the form, and into no address (`contact/begin.html`)."""
    return _remembered(request, request.POST)


@screen(
    "contact.answers",
    path="contact/answers/",
    title=Text("近い「よくある質問」", "Matching articles"),
    actions=[READ],
    parent="contact",
    methods=["POST"],
)
def answers(request: HttpRequest) -> HttpResponse:
    """The articles that match what stands in the form at this moment: a part of its page."""
    found = finding.matching(
        topic=topic_named(request.POST.get("topic", "")),
        code=request.POST.get("code", "")[:200],
        words=request.POST.get("body", ""),
    )
    return render(request, "contact/answers.html", {"articles": found})


@screen(
    "contact.sent",
    path="contact/sent/",
    title=Text("お問い合わせを受け付けました", "We have your question"),
    actions=[READ],
    parent="contact",
)
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """For visitors: number, place and time. The conversation itself opens through the mail alone, for the address that
    was typed may be somebody else's."""
    row = Ticket.objects.filter(pk=request.session.get(SENT, NOBODYS)).first()
    if row is None:
        return redirect("contact")
    return render(
        request,
        "contact/sent.html",
        {
            "ticket": row,
            "place": selectors.place_of(row),
            "times": selectors.answer_times(),
            "articles": finding.matching(topic=row.topic, code=row.code),
        },
    )


@screen(
    "contact.link",
    path="contact/link/",
    title=Text("お問い合わせのリンクを受け取る", "Have the link mailed again"),
    actions=[gates.SEND_LINK],
    parent="contact",
    methods=["GET", "POST"],
)
def link(request: HttpRequest) -> HttpResponse:
    """Mails the link again; the page says the same whatever was typed."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        email, number = form.cleaned_data["email"], form.cleaned_data["number"]
        limits.count_link(email=email, network=network_of(request))
        services.send_link(actor=VISITOR, email=email, number=number, language=language.get())
        tell(
            request,
            Text(
                "入力したアドレスにメールを送りました。受付番号とアドレスが合っていれば、リンクが入っています。",
                "A mail is on its way to that address. If number and address belong together, the link is in it.",
            ),
        )
        return redirect("contact.link")
    context = {"form": form, "decision": explain(gates.SEND_LINK, VISITOR)}
    return render(request, "contact/link.html", context, status=form.status)


@screen(
    "contact.ticket",
    path="contact/<uuid:ticket_id>/",
    title=Text("お問い合わせのやりとり", "Your conversation"),
    actions=[gates.SEE, gates.WRITE, gates.REOPEN],
    parent="contact",
    methods=["GET", "POST"],
)
@never_cache
def ticket(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The conversation; with a key from a mail it is opened for this browser, and the key leaves the address."""
    if request.method == "GET" and "key" in request.GET:
        return _opened(request, ticket_id)
    actor, row = _customer(request, ticket_id)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        limits.count_words(row.pk)
        write = services.reopen_ticket if row.state == "closed" else services.write_to_ticket
        with form.merging():
            write(actor=actor, ticket_id=row.pk, body=form.cleaned_data["body"], idempotency_key=form.key)
            tell(request, Text("送りました。", "It is sent."))
            return redirect("contact.ticket", ticket_id=row.pk)
    return render(
        request,
        "contact/ticket.html",
        {
            "ticket": row,
            "state": TICKET.states[row.state],
            "tone": TONES[row.state],
            "said": selectors.messages_of(row),
            "place": selectors.place_of(row),
            "times": selectors.answer_times(),
            "known": known_facts(row),
            "form": form,
            "can_write": explain(gates.REOPEN if row.state == "closed" else gates.WRITE, actor, row),
            "can_settle": explain(gates.SETTLE, actor, row),
        },
        status=form.status,
    )


@screen(
    "contact.settle",
    path="contact/<uuid:ticket_id>/settle/",
    title=Text("お問い合わせを完了にする", "Close the conversation"),
    actions=[gates.SETTLE],
    parent="contact.ticket",
    methods=["POST"],
)
def settle(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The customer says that it is settled."""
    actor, row = _customer(request, ticket_id)
    limits.count_words(row.pk)
    services.settle_ticket(actor=actor, ticket_id=row.pk, idempotency_key=posted_key(request.POST))
    tell(request, Text("完了にしました。ありがとうございました。", "It is closed. Thank you."))
    return redirect("contact.ticket", ticket_id=row.pk)


def known_facts(row: Ticket) -> list[tuple[Text, Any]]:
    """What came with the question beside its words, as labels and values."""
    article = ARTICLES.get(row.article)
    tried = [TRIED[name] for name in row.tried if name in TRIED]
    pairs: list[tuple[Text, Any]] = [
        (Text("用件", "About"), TOPICS[row.topic]),
        (Text("登録アドレス", "Address"), row.email),
        (Text("入力したもの", "Typed when signing in"), row.login),
        (Text("メッセージのコード", "Code of the message"), row.code),
        (Text("ブラウザ", "Browser"), row.browser),
        (Text("直前のページ", "Came from"), row.came_from),
        (Text("読んだ記事", "Article"), article.heading if article else ""),
        (
            Text("試したこと", "Tried"),
            Text("、".join(t.ja for t in tried), ", ".join(t.en for t in tried)) if tried else "",
        ),
        (Text("その結果", "Result"), RESULTS.get(row.result, "")),
    ]
    return [(label, value) for label, value in pairs if value]


# --- Sending -------------------------------------------------------------------------------------------


def _remembered(request: HttpRequest, given: QueryDict) -> HttpResponse:
    """What was typed when signing in goes into the session, not into histories and logs; the form comes next."""
    prefill.keep(
        request.session,
        login=given.get("login", ""),
        code=given.get("code", ""),
        came_from=given.get("from", "") or _referrer(request),
    )
    query = {name: given[name] for name in ("topic", "article", "previous") if given.get(name)}
    return see(f"/contact/?{urlencode(query)}" if query else "/contact/")


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: the link, the session, the browser itself."""
    member, asked = current.member_of(request), request.GET
    kept = prefill.Prefill() if member else prefill.kept(request.session)  # whoever is in has got over it
    code = asked.get("code", kept.code)[:200]
    previous = asked.get("previous", "")[:20]
    login = kept.login
    browser = label_of(request.headers.get("User-Agent", ""))
    return {
        "topic": topic_named(asked.get("topic", "")) or topic_of_code(code),
        "email": member.email if member else login if "@" in login else "",
        "login": login,
        "code": code,
        "browser": "" if browser == "?" else browser,
        "came_from": _path_of(asked.get("from", "") or kept.came_from) or _referrer(request),
        "article": asked.get("article", "") if asked.get("article", "") in ARTICLES else "",
        "tried": ["read_articles"] if asked.get("article", "") in ARTICLES else [],
        "body": str(Text("受付番号 {n} の続きです。\n", "This goes on from {n}.\n").format(n=previous))
        if previous
        else "",
    }


def _path_of(address: str) -> str:
    """The path of an address of this site, without its query, which may hold what is private."""
    return urlsplit(address).path[:200] if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def _referrer(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    return parts.path[:200] if parts.netloc == request.get_host() and not parts.path.startswith("/contact/") else ""


def _about(code: str) -> Text | None:
    """In words what a code belongs to: 「ログインできません」."""
    action = ACTIONS.get(code.partition(",")[0].rpartition(".")[0])
    return action.no if action else None


def _sent(request: HttpRequest, form: QuestionForm) -> Ticket | None:
    """The ticket, or nothing when the room found something wrong. Raises `Refused` when there were too many."""
    member = current.member_of(request)
    question = form.question
    limits.count_ticket(actor=member or VISITOR, email=question.email, network=network_of(request))
    with form.merging():
        found: Ticket = services.open_ticket(
            actor=member or VISITOR, question=question, language=language.get(), idempotency_key=form.key
        )
        return found
    return None


def _thanks(request: HttpRequest, row: Ticket) -> HttpResponse:
    prefill.forget(request.session)
    if current.member_of(request) is not None:
        tell(request, Text("お問い合わせを受け付けました。", "We have your question."))
        return redirect("contact.ticket", ticket_id=row.pk)
    request.session[SENT] = str(row.pk)
    return redirect("contact.sent")


# --- Opening -------------------------------------------------------------------------------------------


def _opened(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Remember in this session that the link was shown. Raises `Refused` with what is wrong with it."""
    found = links.read(request.GET["key"], ticket_id)
    if found.fault is not None:
        raise refuse(
            gates.SEE,
            Blocker(
                code=f"link_{found.fault}",
                reason=links.FAULTS[found.fault],
                rule="A060",
                resolved_by="you",
                remedy=gates.TO_NEW_LINK,
                status=404,
            ),
        )
    assert found.until is not None, "a link without a fault says until when"
    kept: dict[str, str] = request.session.get(LINKS, {})
    kept[ticket_id.hex] = found.until.isoformat()
    request.session[LINKS] = dict(list(kept.items())[-LINKS_MAX:])
    return redirect("contact.ticket", ticket_id=ticket_id)


def _customer(request: HttpRequest, ticket_id: UUID) -> tuple[Any, Ticket]:
    """Who opens it, and the row. Raises `Refused` alike for somebody else's and for none at all (P012)."""
    for actor in (current.member_of(request), _link_holder(request, ticket_id)):
        row = selectors.tickets_visible_to(actor).filter(pk=ticket_id).first() if actor else None
        if row is not None:
            return actor, row
    raise refuse(gates.SEE, gates.link_needed())


def _link_holder(request: HttpRequest, ticket_id: UUID) -> LinkHolder | None:
    until = request.session.get(LINKS, {}).get(ticket_id.hex)
    return LinkHolder(ticket_id) if until and clock.now() < datetime.fromisoformat(until) else None
