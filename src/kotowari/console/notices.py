"""What staff are told of the health of the books: when a law breaks, breaks otherwise, and holds again."""

from kotowari.accounts.models import Member
from kotowari.foundation.notices import notify_many
from kotowari.foundation.outbox import on
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.ledger import events

CHECKS = "/console/ledger/checks/"


@on(events.AlarmRaised)
def alarm_raised(e: events.AlarmRaised) -> None:
    if e.name == events.SILENCE:
        title = Text("帳簿の検査が行われていません", "The books are not being checked")
        body = Text(
            "最後に終わった検査から時間がたちすぎています。ジョブ(kotowari work)が動いているか確かめてください。"
            "動きしだい、検査は自動で行われます。",
            "The last complete check is too long ago. See whether the background jobs (kotowari work) run; the check "
            "comes by itself as soon as they do.",
        )
    elif e.name == events.CLOCK:
        title = Text("時計が帳簿より遅れているため、お金が動きません", "The clock is behind the books: no money moves")
        body = Text(
            "サーバーの時計が、帳簿の最後の記録より遅れています({first})。お金を動かす操作は、会員にも運営にもすべて断られています。"
            "時計を合わせると、そのまま元に戻ります。記録のほうが先の日時になっているときは、記録を確かめたうえで "
            "KOTOWARI_BOOKS_AHEAD_UNTIL に最後の記録の日時を設定し、起動し直してください。直るまで毎日お知らせします。",
            "The server's clock stands behind the newest entry of the books ({first}). Whatever moves money is refused, to "
            "members and staff alike. Set the clock right and all goes on. When it is the entries that lie ahead, look at "
            "them, set KOTOWARI_BOOKS_AHEAD_UNTIL to the moment of the newest and start again. You are told daily until then.",
        )
    else:
        title = Text("帳簿の決まりが破れています: {name}", "A law of the books is broken: {name}")
        if e.is_change:
            title = Text("帳簿の警報が変わりました: {name}", "An alarm of the books has changed: {name}")
        body = Text(
            "「{law}」が{wrong}件で成り立っていません。最初の1件: {first}\n"
            "お金を動かす前に調べ、運営の画面で対応を引き受けてください。次の検査で直っていれば、自動で解消します。",
            "“{law}” does not hold in {wrong} case(s). The first: {first}\n"
            "Look into it before money is moved, and take it on in the console. When the next check finds it mended, "
            "the alarm ends by itself.",
        )
    _tell_staff("alarm_raised", title, body, e)


@on(events.AlarmMended)
def alarm_mended(e: events.AlarmMended) -> None:
    title = Text("帳簿の警報が解消しました: {name}", "An alarm of the books is over: {name}")
    if e.name == events.SILENCE:
        title = Text("帳簿の検査が再開しました", "The books are being checked again")
    if e.name == events.CLOCK:
        title = Text("時計が合い、お金が動くようになりました", "The clock is right: money moves again")
    since = clock.tokyo(e.raised_at)
    body = Text(
        "「{law}」は、いまの検査では成り立っています(警報は{since:%Y-%m-%d %H:%M}から)。",
        "“{law}” holds in the check of now (the alarm stood since {since:%Y-%m-%d %H:%M}).",
    ).format(law=Text(e.title_ja, e.title_en), since=since)
    _tell_staff("alarm_mended", title, body, e)


def _tell_staff(kind: str, title: Text, body: Text, e: events.AlarmEvent) -> None:
    staff = Member.objects.filter(is_staff=True, is_active=True, left_at__isnull=True).values_list("pk", flat=True)
    said = {
        "name": e.name,
        "law": Text(e.title_ja, e.title_en),
        "wrong": getattr(e, "wrong", 0),
        "first": getattr(e, "first", ""),
    }
    notify_many(
        member_ids=list(staff),
        kind=f"console.{kind}",
        title=title.format(**said),
        body=body.format(**said),
        url=CHECKS,
    )
