"""Members: found by name, seen as they stand, with every decision as they see it themselves."""

import contextlib
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.registered_names import REASONS
from kotowari.accounts.selectors import cards_of, members_visible_to, name_history_of
from kotowari.console import services
from kotowari.console.account_card import account_of
from kotowari.console.gates import SEE_MEMBER
from kotowari.console.pages import staff_screen
from kotowari.contracts.selectors import contracts_visible_to, role_of, with_milestones
from kotowari.foundation.audit import sentence_of
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel import gates
from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.gates import Decision
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payouts.selectors import reward_overview
from kotowari.payouts.transitions import PAYOUT
from kotowari.web import can, contract_drawing, paging
from kotowari.web.drawing import Entry
from kotowari.web.screens import render

SHOWN = 10
TRAIL = 30


@staff_screen("console.members", path="members/", title=Text("会員を探す", "Find a member"), actions=[SEE_MEMBER])
def members(request: HttpRequest, staff: Member) -> HttpResponse:
    """Search by username, name, mail address or id; without words the newest members."""
    words = request.GET.get("q", "").strip()[:100]
    rows = members_visible_to(staff)
    if words:
        wanted = Q(username__istartswith=words) | Q(display_name__icontains=words) | Q(email__istartswith=words)
        with contextlib.suppress(ValueError):
            wanted |= Q(pk=UUID(words))
        rows = rows.filter(wanted)
    page = paging.newest_first(rows, request.GET.get("after"))
    return render(request, "console/members.html", {"page": page, "words": words})


@staff_screen(
    "console.member",
    path="members/<uuid:member_id>/",
    title=Text("会員の状況", "A member's affairs"),
    actions=[SEE_MEMBER],
    parent="console.members",
)
def member(request: HttpRequest, staff: Member, member_id: UUID) -> HttpResponse:
    """Account, contracts, money, notices, audit trail and every "why". Looking is recorded (A063)."""
    found = services.look_at_member(actor=staff, member_id=member_id)
    contracts = list(with_milestones(contracts_visible_to(found).order_by("-pk"))[:SHOWN])
    lines = contract_drawing.summaries(contracts, lambda contract: role_of(found, contract))
    overview = reward_overview(found.pk)
    return render(
        request,
        "console/member.html",
        {
            "member_seen": found,
            "account": account_of(staff, found),
            "names": [(row, REASONS[row.reason]) for row in name_history_of(found.pk, SHOWN)],
            "contracts": [(c, lines[c.pk]) for c in contracts],
            "overview": overview,
            "account_kind": AccountKind(overview.account.account_kind).label if overview.account else None,
            "payouts": [(p, PAYOUT.states[p.state]) for p in [*overview.in_flight, *overview.history][:SHOWN]],
            "balances": [
                (accounts.available(found.pk), overview.available_yen),
                (accounts.dormant(found.pk), overview.dormant_yen),
                (accounts.refund_due(found.pk), overview.refund_due_yen),
            ],
            "statement": ledger.statement_for(found.pk, limit=SHOWN),
            "notices": Notice.objects.filter(member=found).order_by("-pk")[:SHOWN],
            "trail": _trail(found),
            "groups": can.groups_for(found),
            "why": _why(request, found),
        },
    )


def _why(request: HttpRequest, found: Member) -> Decision | None:
    """The one decision asked for by name, about the member alone: the very object that the member sees."""
    action = gates.ACTIONS.get(request.GET.get("action", ""))
    return gates.explain(action, found) if action is not None and not action.subject else None


def _trail(found: Member) -> list[Entry]:
    """What the member did and what was done to the account, newest first: two queries."""
    rows = list(AuditEntry.objects.filter(Q(actor_id=found.pk) | Q(subject_id=found.pk)).order_by("-pk")[:TRAIL])
    names = cards_of({row.actor_id for row in rows if row.actor_id})
    return [
        Entry(
            at=row.at,
            title=sentence_of(row),
            by=names[row.actor_id].display_name if row.actor_id and row.actor_id in names else row.actor_name,
        )
        for row in rows
    ]
