"""マイページ: what waits for me, what is on its way, and the way to everything else."""

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.gates import SEE_OWN
from kotowari.contracts import waits
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.contracts.selectors import contracts_visible_to, milestones_visible_to, role_of
from kotowari.contracts.transitions import MOVES
from kotowari.foundation.models import Notice
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.selectors import balance_of
from kotowari.market.models import Proposal
from kotowari.market.selectors import stopped_among
from kotowari.web import contract_drawing, current
from kotowari.web.screens import render, screen

SHOWN = 10


@screen("my", path="my/", title=Text("マイページ", "My page"), actions=[SEE_OWN], members_only=True)
def my(request: HttpRequest) -> HttpResponse:
    """Everything that waits for somebody, mine first, each with its clock."""
    me = current.me()
    waiting = [
        (m, role_of(me, m.contract))
        for m in milestones_visible_to(me).filter(deadline_at__isnull=False).order_by("deadline_at")[: SHOWN * 2]
    ]
    received = list(
        Proposal.objects.filter(job__client=me, state="sent").select_related("job", "worker").order_by("-pk")[:SHOWN]
    )
    sent = list(Proposal.objects.filter(worker=me, state="sent").select_related("job").order_by("-pk")[:SHOWN])
    stopped = {**waits.stopped_among([m for m, _ in waiting]), **stopped_among([*received, *sent])}
    return render(
        request,
        "my.html",
        {
            "mine": [(m, contract_drawing.mover(m.state, role)) for m, role in waiting if MOVES[m.state] == role][
                :SHOWN
            ],
            "theirs": [(m, contract_drawing.mover(m.state, role)) for m, role in waiting if MOVES[m.state] != role][
                :SHOWN
            ],
            "ends": EndRequest.objects.filter(contract__in=contracts_visible_to(me), state="open")
            .exclude(asked_by=me)
            .select_related("contract")[:SHOWN],
            "received": received,
            "sent": sent,
            "stopped": stopped,
            "notices": Notice.objects.filter(member=me, read_at__isnull=True).order_by("-pk")[:5],
            "balance_yen": balance_of(accounts.available(me.pk)),
            "milestone_count": Milestone.objects.filter(contract__worker=me, state="accepted").count(),
        },
    )
