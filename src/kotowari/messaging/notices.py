"""Telling the reader that a message has come."""

from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel.text import Text
from kotowari.messaging.events import MessageSent


@on(MessageSent)
def message_sent(e: MessageSent) -> None:
    notify(
        member_id=e.reader_id,
        kind="messaging.message_sent",
        title=Text("メッセージが届きました:「{title}」", "New message: “{title}”").format(title=e.job_title),
        body=Text("メッセージのページで読み、返事ができます。", "Read and answer it on its page."),
        url=f"/threads/{e.thread_id}/",
    )
