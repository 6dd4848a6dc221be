"""Words about incidents and changes of signing in: to whom they touch, and to all of staff when word is due."""

from datetime import date

from kotowari.foundation.ratelimit import clock_words
from kotowari.incidents.models import Incident, LoginChange
from kotowari.kernel import clock
from kotowari.kernel.text import Text

CHECKLIST = "/my/security-check/"
CHANGES = "/terms/changes/"


def affected(row: Incident, happened: Text) -> tuple[Text, Text]:
    """What happened, which data, what to do and by when: everything a member needs, in one letter."""
    assert row.data is not None, "a letter is written before it is sent"
    assert row.advice is not None, "a letter is written before it is sent"
    by = (
        Text("\n\n■ いつまでに\n{day}までにお願いします。", "\n\nBy when\nPlease do so by {day}.").format(
            day=day_words(row.act_on)
        )
        if row.act_on
        else Text("", "")
    )
    return (
        Text("【大切なお知らせ】{title}", "Important: {title}").format(title=row.title),
        Text(
            "こちらの側で起きたことについて、お知らせします。申し訳ありません。\n\n"
            "■ 何が起きたか({since}から)\n{happened}\n\n■ どの情報か\n{data}\n\n■ していただきたいこと\n{advice}{by}\n\n"
            "次のページで、覚えのない動きがないかを一つずつ確かめられます。",
            "Something happened on our side that touches your account, and we are sorry.\n\n"
            "What happened (from {since})\n{happened}\n\nWhich data\n{data}\n\nWhat to do\n{advice}{by}\n\n"
            "The next page leads you through a check of your account, step by step.",
        ).format(since=moment_words(row), happened=happened, data=row.data, advice=row.advice, by=by),
    )


def word_due(row: Incident) -> tuple[Text, Text]:
    """To all of staff: further word was promised and is missing."""
    return (
        Text("続報の期限です: {title}", "Further word is due: {title}").format(title=row.title),
        Text(
            "{at}までに続報を出すと約束しています。わかったことがなくても「変わりありません」と書いてください。"
            "{lapses}まで何も書かれないと、終わったものとして記録されます。",
            "Further word was promised until {at}. If nothing is new, say so. Without any until {lapses}, it counts as over.",
        ).format(at=clock_words(row.update_due_at), lapses=clock_words(row.lapses_at)),
    )


def change_announced(row: LoginChange) -> tuple[Text, Text]:
    """What changes, from when, and how long the old way works."""
    return row.title, Text("{words}\n\n{days}", "{words}\n\n{days}").format(words=row.words, days=days_of(row))


def change_reminder(row: LoginChange) -> tuple[Text, Text]:
    """The same again, shortly before."""
    title, body = change_announced(row)
    return Text("まもなくです: {title}", "Soon: {title}").format(title=title), body


def change_withdrawn(row: LoginChange) -> tuple[Text, Text]:
    """That it stays as it was, and why."""
    assert row.withdrawn_because is not None, "a change is withdrawn with a reason"
    return (
        Text("取りやめました: {title}", "Withdrawn: {title}").format(title=row.title),
        Text(
            "お知らせした変更は行いません。いままでどおりログインできます。\n\n{why}",
            "The change that was announced does not take place; you sign in as before.\n\n{why}",
        ).format(why=row.withdrawn_because),
    )


def days_of(row: LoginChange) -> Text:
    """From when it counts and how long the old way works."""
    begins = Text("{day}から変わります。", "It changes on {day}.").format(day=day_words(row.takes_effect_on))
    if row.old_until_on is None:
        return begins
    return Text("{begins}いままでの方法は{day}まで使えます。", "{begins} The old way works until {day}.").format(
        begins=begins, day=day_words(row.old_until_on)
    )


def day_words(on: date) -> Text:
    """A day with its year."""
    return Text(f"{on.year}年{on.month}月{on.day}日", f"{on.day} {on:%B %Y}")


def moment_words(row: Incident) -> Text:
    """When it began, with day and year."""
    at = clock.tokyo(row.started_at)
    return Text("{day} {at}", "{day}, {at}").format(day=day_words(at.date()), at=f"{at:%H:%M}")
