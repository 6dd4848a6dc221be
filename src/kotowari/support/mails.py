"""The mails about tickets, in the words of their reader, each with the link that opens the conversation (A060)."""

from django.conf import settings

from kotowari.foundation.mail import queue_mail
from kotowari.kernel.text import Language, Text
from kotowari.support import links
from kotowari.support.models import Ticket

_FOOT = Text(
    "お問い合わせに心当たりがない場合は、何もせずに削除してください。このメールに返信しても届きません。\n"
    "リンクは、あなただけのものです。ほかの人に渡さないでください。"
    "運営がパスワードや確認コードをたずねることはありません。",
    "If you asked nothing, simply delete this mail. Replies to this address do not arrive.\n"
    "The link is yours alone: do not pass it on. We never ask for a password or a code.",
)
_THREAD = Text(
    "やりとりを読む・返信する(ログインは要りません):\n{url}",
    "Read the conversation and write back, without signing in:\n{url}",
)


def _send(ticket: Ticket, subject: Text, body: Text) -> None:
    thread = _THREAD.format(url=links.url_for(ticket.pk))
    whole = Text("{body}\n\n{thread}", "{body}\n\n{thread}").format(body=body, thread=thread)
    assert ticket.email is not None, "a ticket always has an address"
    _post(
        to=ticket.email,
        language=ticket.language,
        subject=Text("{subject}(受付番号 {number})", "{subject} ({number})").format(
            subject=subject, number=ticket.number
        ),
        body=whole,
    )


def _post(*, to: str, language: str, subject: Text, body: Text) -> None:
    known: Language = "en" if language == "en" else "ja"
    text = Text("{body}\n\n--\n{foot}\nことわり {url}/", "{body}\n\n--\n{foot}\nKotowari {url}/").format(
        body=body, foot=_FOOT, url=settings.BASE_URL
    )
    queue_mail(to=to, subject=subject.in_language(known), body=text.in_language(known))


def send_received(ticket: Ticket, *, due: Text, place: int | None) -> None:
    """That the question came in, and when it is answered. What was asked does not stand in it: the address may be a
    stranger's, and no words of others reach them by us.

    Only this mail tells whether the address belongs to a member (A066, A067).
    """
    body = Text(
        "お問い合わせを受け付けました。\n\n受付番号: {number}\n回答の期限: {due}\n順番: {place}",
        "Your question came in.\n\nNumber: {number}\nAnswered by: {due}\nPlace in the queue: {place}",
    ).format(number=ticket.number, due=due, place=_place(place))
    if not ticket.is_signed_in and ticket.member_id is None:
        body = Text("{body}\n\n{hint}", "{body}\n\n{hint}").format(
            body=body,
            hint=Text(
                "なお、このアドレスの会員は登録されていません。別のアドレスで登録していないかをお確かめのうえ、"
                "心当たりのアドレスがあれば、下のリンクからお知らせください。"
                "アカウントについての回答は、登録アドレスにだけ差し上げます。",
                "No member has registered with this address. Perhaps you used another one: if you can think of it, "
                "tell us through the link below. Answers about an account go to its registered address only.",
            ),
        )
    _send(ticket, Text("【ことわり】お問い合わせを受け付けました", "[Kotowari] We have your question"), body)


def send_answer(ticket: Ticket, words: str, *, closes: Text) -> None:
    """The answer itself."""
    body = Text(
        "お問い合わせへの回答です。\n\n{words}\n\n{closes}までにお返事がなければ、完了といたします。"
        "完了のあとも、続きを送れます。",
        "This is our answer.\n\n{words}\n\nIf we hear nothing by {closes}, the conversation closes. It can be taken up "
        "again afterwards.",
    ).format(words=words, closes=closes)
    _send(ticket, Text("【ことわり】お問い合わせへの回答", "[Kotowari] Our answer"), body)


def send_late(ticket: Ticket, *, due: Text) -> None:
    """That we are late, said as our fault, with the new time."""
    body = Text(
        "お約束の期限までに回答できませんでした。申し訳ありません。こちらの遅れです。\n\n新しい期限: {due}\n\n"
        "お問い合わせは、順番の先頭で扱っています。あらためて何かをしていただく必要はありません。",
        "We did not answer by the time we promised. We are sorry; the delay is ours.\n\nNew time: {due}\n\n"
        "Your question now comes first. There is nothing you need to do.",
    ).format(due=due)
    _send(ticket, Text("【ことわり】回答が遅れています", "[Kotowari] Our answer is late"), body)


def send_closed(ticket: Ticket, *, until: Text) -> None:
    """That the conversation is closed, and until when it can be taken up again."""
    body = Text(
        "お問い合わせを完了しました。{until}までは、同じページから続きを送れます。",
        "The conversation is closed. Until {until} you can take it up again on the same page.",
    ).format(until=until)
    _send(ticket, Text("【ことわり】お問い合わせの完了", "[Kotowari] Closed"), body)


def send_link(ticket: Ticket) -> None:
    """The link once more, as it was asked for."""
    body = Text("お問い合わせのリンクをお送りします。", "Here is the link to your conversation.")
    _send(ticket, Text("【ことわり】お問い合わせのリンク", "[Kotowari] Your link"), body)


def send_no_such_ticket(*, to: str, language: str) -> None:
    """To an address for which a link was asked and that has no such ticket: the only place where that is told."""
    body = Text(
        "このアドレスでお問い合わせのリンクが求められましたが、この受付番号のお問い合わせはありません。\n"
        "受付番号と、送ったときのアドレスをお確かめください。\n\nもう一度: {url}/contact/link/\n新しいお問い合わせ: {url}/contact/",
        "Somebody asked for the link to a conversation with this address, but there is none with that number.\n"
        "Please check the number and the address you used.\n\nTry again: {url}/contact/link/\nAsk anew: {url}/contact/",
    ).format(url=settings.BASE_URL)
    _post(
        to=to,
        language=language,
        subject=Text("【ことわり】お問い合わせが見つかりません", "[Kotowari] No such conversation"),
        body=body,
    )


def _place(place: int | None) -> Text:
    return Text(f"{place}番目", f"{place}") if place else Text("回答済み", "answered")
