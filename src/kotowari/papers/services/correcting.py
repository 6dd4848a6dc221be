"""Correcting a paper: never by changing it, but by a new one that names it and says why."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.papers import entries, events
from kotowari.papers.drafting import Wanted, drafts_for
from kotowari.papers.gates import CORRECT
from kotowari.papers.models import Paper
from kotowari.papers.services.issuing import paper_of, take_numbers

REASON_MAX = 200


@command(CORRECT)
def correct_paper(*, actor: Actor, paper_id: UUID, reason: str) -> Paper:
    """Issue a paper again as today's facts have it: names, 登録番号, what became of a transfer.

    Both sides are told. Raises `InputError` without a reason, `Refused` when nothing would change.
    """
    old = lock(Paper, paper_id)
    require(CORRECT, actor, old)
    told = " ".join(reason.split())
    if not told or len(told) > REASON_MAX:
        raise InputError(
            {
                "reason": [
                    Text(
                        "出し直す理由を{most}文字以内で書いてください。受け取る人も読みます。",
                        "Say in up to {most} letters why it is issued again; the other side reads it, too.",
                    ).format(most=REASON_MAX)
                ]
            }
        )
    today = clock.today()
    draft = drafts_for([Wanted(old.kind, old.subject)])[0]
    paper = paper_of(draft, take_numbers(old.series, today.year, 1), today, replaces=old, reason=told)
    paper.save(force_insert=True)
    audit.record(
        actor=actor, kind=entries.CORRECTED, subject=paper, was=old.reference, reference=paper.reference, reason=told
    )
    emit(
        events.PaperCorrected(
            paper_id=paper.pk,
            reference=paper.reference,
            was=old.reference,
            party_id=paper.party_id,
            counterparty_id=paper.counterparty_id,
            title_ja=draft.sheet.title.ja,
            title_en=draft.sheet.title.en,
            reason=told,
        )
    )
    return paper
