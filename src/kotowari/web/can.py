"""できること・できないこと: every action that concerns me, allowed or not, with reasons, remedies and clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from kotowari.accounts import gates as accounts
from kotowari.accounts.callers import label_in_words
from kotowari.accounts.gates import SEE_OWN
from kotowari.accounts.models import Device, Member, Restriction
from kotowari.accounts.restrictions import CAUSES
from kotowari.accounts.selectors import OpenSession, devices_visible_to, restrictions_in_force
from kotowari.contracts import gates as contracts
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.contracts.selectors import contracts_visible_to
from kotowari.foundation import subjects
from kotowari.kernel import gates
from kotowari.kernel.gates import Action, Decision, decide_many
from kotowari.kernel.text import Text
from kotowari.market import gates as market
from kotowari.market.models import Job, Proposal
from kotowari.messaging.gates import SEND_MESSAGE
from kotowari.papers import gates as papers
from kotowari.payouts import gates as payouts
from kotowari.web import current
from kotowari.web.screens import render, screen

AT_MOST = 30
"""Rows of one kind that are asked about; the newest matter."""

LIVE = ("awaiting_funding", "funded", "delivered", "changes_requested")
"""Milestones on which something is still to be done: what is over is no question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One action on one thing."""

    decision: Decision
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """What somebody may want to do, with every answer."""

    title: Text
    answers: list[Answer]


def groups_for(member: Member) -> list[Group]:
    """Every action that concerns a member, grouped by what they want to do: a bounded number of queries."""
    jobs = list(Job.objects.filter(client=member, state__in=["open", "lapsed"]).order_by("-number")[:AT_MOST])
    sent = list(
        Proposal.objects.filter(worker=member).select_related("job__client", "worker").order_by("-pk")[:AT_MOST]
    )
    received = list(
        Proposal.objects.filter(job__client=member).select_related("job__client", "worker").order_by("-pk")[:AT_MOST]
    )
    mine = Q(client=member) | Q(worker=member)
    agreed = list(contracts_visible_to(member).filter(mine, state="active").order_by("-pk")[:AT_MOST])
    milestones = list(
        Milestone.objects.filter(contract__in=agreed, state__in=LIVE)
        .select_related("contract")
        .order_by("-pk")[: AT_MOST * 2]
    )
    asked = list(
        EndRequest.objects.filter(contract__in=agreed, state="open").select_related("contract", "asked_by")[:AT_MOST]
    )
    devices = list(devices_visible_to(member)[:AT_MOST])
    held = list(restrictions_in_force().filter(member=member).select_related("member")[:AT_MOST])
    to_decide = [p for p in received if p.state == "sent"]
    undecided = [p for p in sent if p.state == "sent"]
    as_client = [m for m in milestones if m.contract.client_id == member.pk]
    as_worker = [m for m in milestones if m.contract.worker_id == member.pk]
    person: list[Any] = [None]
    wanted: list[tuple[Text, list[tuple[Action, Iterable[Any]]]]] = [
        (
            Text("仕事を依頼する", "Have work done"),
            [
                (market.POST_JOB, person),
                (market.CLOSE_JOB, jobs),
                (contracts.HIRE, to_decide),
                (market.DECLINE_PROPOSAL, to_decide),
                (contracts.FUND, as_client),
                (contracts.ACCEPT, as_client),
                (contracts.REQUEST_CHANGES, as_client),
            ],
        ),
        (
            Text("仕事をする", "Do work"),
            [(market.WITHDRAW_PROPOSAL, undecided), (contracts.DELIVER, as_worker)],
        ),
        (
            Text("やりとり・契約を終える", "Talk, or end a contract"),
            [
                (SEND_MESSAGE, [*sent, *received][:AT_MOST]),
                (contracts.ASK_END, agreed),
                (contracts.AGREE_END, asked),
                (contracts.REFUSE_END, asked),
                (contracts.WITHDRAW_END, asked),
            ],
        ),
        (
            Text("お金を受け取る", "Get paid"),
            [
                (payouts.RECEIVE, person),
                (payouts.SET_ACCOUNT, person),
                (payouts.CHOOSE_METHOD, person),
                (papers.LIST, person),
                (papers.REGISTER, person),
            ],
        ),
        (
            Text("アカウント", "Account"),
            [
                (SEE_OWN, person),
                (market.EDIT_PROFILE, person),
                (accounts.CHANGE_SETTINGS, person),
                (accounts.REGISTER_NAME, person),
                (accounts.CHANGE_USERNAME, person),
                (accounts.CHANGE_PASSWORD, person),
                (accounts.ADD_ADDRESS, person),
                (accounts.CREATE_TOKEN, person),
                (accounts.END_OTHER_SESSIONS, person),
                (accounts.END_ALL_SESSIONS, person),
                (accounts.FORGET_DEVICE, devices),
                (accounts.COMPLETE_CHECK, person),
                (accounts.REPORT_NOT_ME, person),
                (accounts.LIFT, held),
            ],
        ),
    ]
    return [
        Group(title, [answer for action, rows in actions for answer in _answers(action, member, rows)])
        for title, actions in wanted
    ]


def _answers(action: Action, member: Member, rows: Iterable[Any]) -> list[Answer]:
    subjects_asked = list(rows)
    return [
        Answer(decision, _name(row, member))
        for row, decision in zip(subjects_asked, decide_many(action, member, subjects_asked), strict=True)
    ]


def _name(row: Any, member: Member) -> str:
    """What an answer is about, as this member knows it."""
    if isinstance(row, Proposal):
        return row.job.title if row.worker_id == member.pk else f"{row.job.title}({row.worker.display_name})"
    if isinstance(row, EndRequest):
        return row.contract.title
    if isinstance(row, Milestone):
        return f"{row.contract.title} {row.title}"
    if isinstance(row, Restriction):
        return str(CAUSES[row.cause].title)
    if isinstance(row, (Device, OpenSession)):
        return str(label_in_words(row.label) if isinstance(row, Device) else row.label)
    return "" if row is None or isinstance(row, Member) else str(row)


@screen(
    "my.can",
    path="my/can/",
    title=Text("できること・できないこと", "What I can and cannot do"),
    actions=[SEE_OWN],
    parent="my",
    members_only=True,
)
def can(request: HttpRequest) -> HttpResponse:
    """All my decisions, or, with `action` and `subject`, the one that a "why?" asks for."""
    me = current.member_of(request)
    assert me is not None
    action = gates.ACTIONS.get(request.GET.get("action", ""))
    if action is not None:
        row = subjects.load(action.subject, request.GET.get("subject", ""), actor=me) if action.subject else None
        one = Answer(gates.explain(action, me, row), _name(row, me))
        return render(request, "can/one.html", {"answer": one})
    return render(request, "can/all.html", {"groups": groups_for(me)})
