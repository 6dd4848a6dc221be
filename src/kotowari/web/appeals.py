"""異議申立て: why somebody is restricted, until when, and how to contest it; also for who cannot sign in (A126, A127)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import mails
from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.restrictions import CAUSES, SCOPES
from kotowari.enforcement import gates, services
from kotowari.enforcement.case_file import case_file
from kotowari.enforcement.models import Appeal
from kotowari.enforcement.selectors import appeal_against
from kotowari.enforcement.transitions import APPEAL
from kotowari.kernel import clock
from kotowari.kernel.gates import explain, require
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.drawing import Step
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import render, screen, see, tell


class AppealForm(KotowariForm):
    """What is not so, and what shows it."""

    statement = LongTextField(
        Text("事実と違うところ・事情", "What is not so, or how it came about"),
        hint=Text(
            "どの事実がどう違うのか、誤解があればどのような事情だったのかを書いてください。",
            "Which of the facts is wrong, and how; or, where there is a misunderstanding, what happened.",
        ),
        max_length=services.WORDS_MAX,
        rows=7,
    )
    evidence = LongTextField(
        Text("証拠・資料", "Evidence"),
        hint=Text(
            "日時、契約やメッセージの題名、公開されているページのアドレスなど、確かめる手がかりを書いてください。",
            "What we can check: dates, titles of contracts or messages, addresses of public pages.",
        ),
        max_length=services.WORDS_MAX,
        rows=4,
        required=False,
    )


@screen(
    "appeal",
    path="appeals/<uuid:restriction_id>/",
    title=Text("制限の理由と異議申立て", "A restriction, and contesting it"),
    actions=[gates.SEE_APPEAL, gates.MAKE_APPEAL],
    methods=["GET", "POST"],
)
@never_cache
def appeal(request: HttpRequest, restriction_id: UUID) -> HttpResponse:
    """The reason, the rule, the facts and the clock; the form, then how it goes."""
    row, member = _recognised(request, restriction_id)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.merging():
            services.make_appeal(actor=member, restriction_id=row.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("異議申立てを受け付けました。", "Your appeal has come in."))
            return see(_address(request, row))
    found = appeal_against(row)
    return render(
        request,
        "appeals/page.html",
        {
            "row": row,
            "cause": CAUSES[row.cause],
            "scope": [SCOPES[each] for each in row.scope],
            "is_over": row.lifted_at is not None or row.until <= clock.now(),
            "form": form,
            "decision": explain(gates.MAKE_APPEAL, member, row),
            "appeal": found,
            "state": APPEAL.states[found.state] if found else None,
            "steps": _steps(found) if found else [],
            "key": _key(request),
        },
        status=form.status,
    )


@screen(
    "appeal.file",
    path="appeals/<uuid:restriction_id>/file/",
    title=Text("記録の一式をダウンロードする", "Download the whole record"),
    actions=[gates.SEE_APPEAL],
    parent="appeal",
)
@never_cache
def file(request: HttpRequest, restriction_id: UUID) -> HttpResponse:
    """Everything decided, said and told, as plain text to take to a lawyer or to an ADR body (A128)."""
    row, _ = _recognised(request, restriction_id)
    response = HttpResponse(case_file(row), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kotowari-record-{row.pk.hex[-8:]}.txt"'
    return response


def _recognised(request: HttpRequest, restriction_id: UUID) -> tuple[Restriction, Member]:
    """The restriction, and its member: signed in, or by the key of the mail. Raises `Refused`, in the same words
    for a restriction of somebody else and for one that is not there."""
    row = Restriction.objects.select_related("member").filter(pk=restriction_id).first()
    by_key = mails.appeal_key_fits(restriction_id, _key(request))
    actor = row.member if row is not None and by_key else current.member_of(request)
    mine = row if row is not None and actor is not None and row.member_id == actor.pk else None
    require(gates.SEE_APPEAL, actor, mine)
    assert mine is not None, "the gate lets nobody to what is not there or not theirs"
    return mine, mine.member


def _key(request: HttpRequest) -> str:
    return request.POST.get("key") or request.GET.get("key") or ""


def _address(request: HttpRequest, row: Restriction) -> str:
    """This page again, with the key when it was opened by one."""
    return mails.appeal_path(row.pk) if _key(request) else f"/appeals/{row.pk}/"


def _steps(found: Appeal) -> list[Step]:
    """Received, looked at, answered."""
    is_open = found.state == "open"
    return [
        Step(Text("受付", "Received"), "done", at=found.made_at),
        Step(
            Text("別の担当者が確認", "Looked at by somebody else"),
            "now" if is_open else "done",
            until=found.due_at if is_open else None,
            then=Text(
                "過ぎても決まらないときは、担当者全員に知らせます。",
                "After that, all of staff are told that it is late.",
            )
            if is_open
            else None,
            mover=Text("運営の回答を待っています", "Waits for the operator") if is_open else None,
        ),
        Step(
            APPEAL.states[found.state] if not is_open else Text("結果", "Answer"),
            "todo" if is_open else "done",
            at=found.decided_at,
        ),
    ]
