"""Words about appeals: to the member on every change, to all of staff when one is due."""

from datetime import datetime

from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.mails import appeal_path, last_day
from kotowari.enforcement.models import Appeal
from kotowari.foundation.notices import notify
from kotowari.foundation.ratelimit import clock_words
from kotowari.kernel.text import Text


def tell_member(row: Appeal, kind: str, title: Text, body: Text) -> None:
    """With the signed address of the page: a frozen member cannot sign in to read it."""
    notify(
        member_id=row.restriction.member_id,
        kind=kind,
        title=title,
        body=body,
        url=appeal_path(row.restriction_id),
        also_to=addresses_of(row.restriction.member),
    )


def received(row: Appeal) -> tuple[Text, Text]:
    """That it has come in, who looks at it, and by when."""
    return (
        Text("異議申立てを受け付けました", "Your appeal has come in"),
        Text(
            "この制限を決めた人とは別の担当者が確かめ、{due}までに理由をつけてお答えします。経過は次のページで見られます。",
            "Somebody else of staff than who decided looks at it and answers with reasons until {due}. The next page shows "
            "how it goes.",
        ).format(due=last_day(row.due_at)),
    )


def upheld(row: Appeal) -> tuple[Text, Text]:
    """That the decision stands, why, and what can still be done (A128)."""
    return (
        Text("異議申立ての結果:決定のままです", "Your appeal: the decision stands"),
        Text(
            "別の担当者が確かめましたが、決定は変わりませんでした。\n\n{answer}\n\n制限は{until}に自動で終わります。納得できない"
            "ときは、次のページから記録の一式をダウンロードして、弁護士や裁判外の紛争解決機関(ADR)に相談できます。",
            "Somebody else of staff looked at it, and the decision stands.\n\n{answer}\n\nThe restriction ends by itself at "
            "{until}. If you do not agree, download the whole record on the next page and take it to a lawyer or a body "
            "for alternative dispute resolution.",
        ).format(answer=row.answer, until=clock_words(row.restriction.until)),
    )


def granted(row: Appeal) -> tuple[Text, Text]:
    """That the operator was mistaken, and that everything is as before (A129)."""
    return (
        Text("異議申立てが認められました", "Your appeal was granted"),
        Text(
            "こちらの判断に誤りがありました。申し訳ありません。\n\n{answer}\n\n制限を取り消し、記録も訂正しました。すぐに"
            "お使いいただけます。",
            "We were mistaken, and we are sorry.\n\n{answer}\n\nThe restriction is withdrawn and the record is put right. "
            "Everything is possible again at once.",
        ).format(answer=row.answer),
    )


def lapsed(row: Appeal, *, lifted: bool) -> tuple[Text, Text]:
    """That the operator did not decide in time, and what follows from it."""
    if lifted:
        return (
            Text("異議申立て:期限までに決められず、制限を解除しました", "Your appeal: not decided in time, so lifted"),
            Text(
                "期限を大きく過ぎても決められませんでした。申し訳ありません。こちらの遅れのため、制限を解除しました。",
                "We did not decide even long after the time for it, and we are sorry. As the delay is ours, the restriction "
                "is lifted.",
            ),
        )
    return (
        Text("異議申立て:期限までに決められませんでした", "Your appeal: not decided in time"),
        Text(
            "期限を大きく過ぎても決められませんでした。申し訳ありません。制限は{until}に自動で終わります。記録の一式を"
            "ダウンロードして、弁護士や裁判外の紛争解決機関(ADR)に相談できます。",
            "We did not decide even long after the time for it, and we are sorry. The restriction ends by itself at {until}. "
            "You can download the whole record and take it to a lawyer or a body for alternative dispute resolution.",
        ).format(until=clock_words(row.restriction.until)),
    )


def due(lapses_at: datetime) -> tuple[Text, Text]:
    """To all of staff: an appeal was not decided in time."""
    return (
        Text("異議申立ての回答の期限が来ました", "An appeal is due"),
        Text(
            "まだ決まっていない異議申立てがあります。{until}を過ぎると、決まらないまま終わります。制限を決めた人とは別の"
            "担当者が決めてください。",
            "An appeal is not decided yet. After {until} it ends undecided. Somebody else of staff than who made the restriction "
            "has to decide.",
        ).format(until=last_day(lapses_at)),
    )
