"""What clients and workers are told about jobs and proposals, and what they can do about it."""

from uuid import UUID

from kotowari.clocks.words import STOPPED_FOR_OTHER, STOPPED_FOR_SELF, is_news
from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel.text import Text
from kotowari.market import events, menus
from kotowari.market.inputs import said_until, words_of


def _tell(member_id: UUID, kind: str, title: Text, body: Text, url: str, /, **values: object) -> None:
    notify(
        member_id=member_id,
        kind=f"market.{kind}",
        title=title.format(**values),
        body=body.format(**values),
        url=url,
    )


def _proposal_url(job_id: UUID, proposal_id: UUID) -> str:
    return f"/jobs/{job_id}/#proposal-{proposal_id}"


@on(events.ProposalSent)
def proposal_sent(e: events.ProposalSent) -> None:
    _tell(
        e.client_id,
        "proposal_sent",
        Text("応募がありました:「{title}」", "A proposal came: “{title}”"),
        Text(
            "内容を確認し、採用するか、理由を添えて不採用にしてください。{day}までに返事がないと、応募は自動で終わります。",
            "Please read it and hire, or decline with a reason. Without an answer by {day} it ends by itself.",
        ),
        _proposal_url(e.job_id, e.proposal_id),
        title=e.title,
        day=said_until(e.lapses_at),
    )


@on(events.ProposalWithdrawn)
def proposal_withdrawn(e: events.ProposalWithdrawn) -> None:
    _tell(
        e.client_id,
        "proposal_withdrawn",
        Text("応募が取り下げられました:「{title}」", "A proposal was withdrawn: “{title}”"),
        Text(
            "応募した方が取り下げました。ほかの応募は続いています。", "The worker took it back. Other proposals stand."
        ),
        f"/jobs/{e.job_id}/#proposals",
        title=e.title,
    )


@on(events.ProposalDeclined)
def proposal_declined(e: events.ProposalDeclined) -> None:
    _tell(
        e.worker_id,
        "proposal_declined",
        Text("不採用となりました:「{title}」", "Your proposal was declined: “{title}”"),
        Text("理由:{reason}{note}", "The reason: {reason}{note}"),
        _proposal_url(e.job_id, e.proposal_id),
        title=e.title,
        reason=words_of(menus.ALL_DECLINE_REASONS, e.reason),
        note=f"\n\n{e.note}" if e.note else "",
    )


@on(events.ProposalClockMoved)
def proposal_clock_moved(e: events.ProposalClockMoved) -> None:
    if not is_news(e.was_at, e.lapses_at):
        return
    for member_id, words in ((e.worker_id, STOPPED_FOR_OTHER), (e.client_id, STOPPED_FOR_SELF)):
        _tell(
            member_id,
            "proposal_clock_moved",
            Text("応募の期限を止めています:「{title}」", "The clock of a proposal stands still: “{title}”")
            if e.is_stopped
            else Text("応募の期限を改めました:「{title}」", "The clock of a proposal was moved: “{title}”"),
            Text("{words}\n\nいまの見込みでは、期限は{when}です。", "{words}\n\nAs it stands, it ends on {when}.")
            if e.is_stopped
            else Text(
                "サイトを使えない時間があったため、その分だけ返事の期限を改めました。新しい期限は{when}です。",
                "For some time the site could not be used, and the clock moved by that much. It now ends on {when}.",
            ),
            _proposal_url(e.job_id, e.proposal_id),
            title=e.title,
            words=words,
            when=said_until(e.lapses_at),
        )


@on(events.ProposalLapsed)
def proposal_lapsed(e: events.ProposalLapsed) -> None:
    _tell(
        e.worker_id,
        "proposal_lapsed",
        Text("応募が期限切れになりました:「{title}」", "Your proposal lapsed: “{title}”"),
        Text(
            "発注者から期限までに返事がなかったため、応募は自動で終わりました。ほかの仕事に応募できます。",
            "The client did not answer in time, so it ended by itself. You are free to propose elsewhere.",
        ),
        "/jobs/",
        title=e.title,
    )
    _tell(
        e.client_id,
        "proposal_lapsed",
        Text("応募が期限切れになりました:「{title}」", "A proposal lapsed: “{title}”"),
        Text(
            "期限までに返事がなかったため、応募は自動で終わりました。サイトを使えないあいだに終わったものは、返事をした割合に"
            "数えません。",
            "It was not answered in time and ended by itself. As you could not use the site when it ended, it does not "
            "count in the share of proposals you answer.",
        )
        if e.excused
        else Text(
            "期限までに返事がなかったため、応募は自動で終わりました。返事をした割合は、次の募集で応募者に示されます。",
            "It was not answered in time and ended by itself. The share of proposals you answer is shown to workers.",
        ),
        f"/jobs/{e.job_id}/#proposals",
        title=e.title,
    )


@on(events.JobLapsed)
def job_lapsed(e: events.JobLapsed) -> None:
    if e.waiting and e.answer_until:
        body = Text(
            "選考中の応募が{waiting}件あります。{day}までに採用または不採用をお知らせください。",
            "{waiting} proposal(s) wait for your answer. Please hire or decline by {day}.",
        ).format(waiting=e.waiting, day=said_until(e.answer_until))
    else:
        body = Text(
            "選考中の応募はありません。条件を見直して、あらためて募集できます。",
            "No proposal waits. You can change the terms and post the job again.",
        )
    _tell(
        e.client_id,
        "job_lapsed",
        Text("応募を締め切りました:「{title}」", "Applications are closed: “{title}”"),
        body,
        f"/jobs/{e.job_id}/#proposals" if e.waiting else "/jobs/new/",
        title=e.title,
    )
