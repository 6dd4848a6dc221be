"""The mails about accounts, in the words of their reader. All of them are promised in the running transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing

from kotowari.accounts.callers import label_in_words, network_in_words
from kotowari.accounts.diagnosis import Answer, Findings
from kotowari.accounts.models import Lock, Restriction, SignInRecord
from kotowari.accounts.restrictions import CAUSES, SCOPES
from kotowari.foundation import policy
from kotowari.foundation.mail import queue_mail
from kotowari.foundation.ratelimit import clock_words
from kotowari.kernel import clock
from kotowari.kernel.text import Language, Text

UNLOCK_SALT = "accounts.unlock"
APPEAL_SALT = "accounts.appeal"
_FOOT = Text(
    "このメールに心当たりがない場合は、何もせずに削除してください。何も変わりません。\n"
    "運営がメールでパスワードや確認コードをたずねることはありません。",
    "If you did not ask for this, delete this mail: nothing changes.\nWe never ask for a password or a code by mail.",
)


def last_day(moment: datetime) -> Text:
    """The last day before a deadline at midnight, as people say it."""
    on = clock.last_day(moment)
    return Text(f"{on.month}月{on.day}日", f"{on.day} {on:%B}")


def send(*, to: str, language: str, subject: Text, body: Text, foot: Text | None = None) -> None:
    """One mail with the foot that every mail about an account has; another `foot` where doing nothing is not enough."""
    text = Text("{body}\n\n--\n{foot}\nことわり {url}/", "{body}\n\n--\n{foot}\nKotowari {url}/").format(
        body=body, foot=foot or _FOOT, url=settings.BASE_URL
    )
    known: Language = "en" if language == "en" else "ja"
    queue_mail(to=to, subject=subject.in_language(known), body=text.in_language(known))


def send_code(*, to: str, language: str, code: str, sign_up_id: object, minutes: int) -> None:
    """The code that finishes signing up, with a link that carries it to the right field.

    Nothing that was typed stands in it: the address may be a stranger's, and no words of others reach them by us.
    """
    body = Text(
        "会員登録の確認コードは次のとおりです。登録の画面に入力してください。\n\n    {code}\n\n"
        "次のリンクを開くと、コードが入力された画面になります。\n{url}\n\nこのコードは{minutes}分間、1回だけ使えます。",
        "This is the code that finishes signing up. Please enter it on the page you left open.\n\n    {code}\n\n"
        "This link opens the page with the code filled in.\n{url}\n\nThe code works once, within {minutes} minutes.",
    ).format(code=code, minutes=minutes, url=f"{settings.BASE_URL}/signup/verify/{sign_up_id}/?code={code}")
    send(to=to, language=language, subject=Text("【ことわり】確認コード", "[Kotowari] Your code"), body=body)


def send_already_member(*, to: str, language: str) -> None:
    """To the owner of an account whose address somebody, most likely the owner, signs up with again."""
    body = Text(
        "このメールアドレスで会員登録の手続きがありましたが、すでに登録されています。新しい登録は行われていません。\n\n"
        "ログイン: {url}/login/\nパスワードがわからないとき: {url}/password/reset/",
        "Somebody signed up with this address, but it belongs to a member already. Nothing new was made.\n\n"
        "Sign in: {url}/login/\nIf you do not know the password: {url}/password/reset/",
    ).format(url=settings.BASE_URL)
    send(
        to=to,
        language=language,
        subject=Text("【ことわり】登録済みのお知らせ", "[Kotowari] You are a member"),
        body=body,
    )


def send_reset_link(
    *, to: str, language: str, name: str, username: str, url: str, minutes: int, external: Sequence[str] = ()
) -> None:
    """The link to the page of a new password; whoever has none so far reads how the account opens (A028)."""
    without = Text(
        "\n\nこのアカウントは{names}でログインする設定で、パスワードはまだありません。ログイン画面の{names}のボタンから"
        "ログインできます。上のリンクでパスワードを設定すると、メールアドレスとパスワードでもログインできるようになります。",
        "\n\nThis account signs in with {names} and has no password yet: use the button of {names} on the sign-in page. "
        "If you set a password by the link above, your address and the password work too.",
    ).format(names=Text("・".join(external), " / ".join(external)))
    body = Text(
        "{name} 様(ユーザー名: {username})\n\nパスワードの再設定を受け付けました。"
        "次のリンクから新しいパスワードを設定してください。\n{url}\n\nこのリンクは{minutes}分間、1回だけ使えます。"
        "設定すると、すべての端末でログアウトされます。{without}",
        "Dear {name} (username: {username}),\n\nyou can set a new password here.\n{url}\n\n"
        "The link works once, within {minutes} minutes. Setting it signs you out everywhere.{without}",
    ).format(name=name, username=username, url=url, minutes=minutes, without=without if external else Text("", ""))
    send(
        to=to, language=language, subject=Text("【ことわり】パスワードの再設定", "[Kotowari] A new password"), body=body
    )


def send_no_account(*, to: str, language: str) -> None:
    """To an address that asked for a new password and has no account: the only place where that may be told (A023)."""
    body = Text(
        "このメールアドレスでパスワードの再設定が求められましたが、このアドレスの会員はいません。\n"
        "ほかのアドレスで登録していないか、お確かめください。\n\n再設定: {url}/password/reset/\n会員登録: {url}/signup/",
        "A new password was asked for with this address, but no member has it.\n"
        "Perhaps you signed up with another address of yours.\n\nTry another: {url}/password/reset/\nSign up: {url}/signup/",
    ).format(url=settings.BASE_URL)
    send(
        to=to, language=language, subject=Text("【ことわり】登録がありません", "[Kotowari] No such account"), body=body
    )


def send_diagnosis(*, to: str, language: str, name: str, found: Findings, answer: Answer) -> None:
    """Why the account does not open, to its registered address alone: the cause, one step, and the last tries."""
    tries = Text(
        "\n".join(f"・{each.words.ja}" for each in found.tries),
        "\n".join(f"- {each.words.en}" for each in found.tries),
    )
    record = (
        Text("\n\nこの24時間のログインの記録:\n{tries}", "\n\nTries of the last 24 hours:\n{tries}").format(tries=tries)
        if found.tries
        else Text("", "")
    )
    body = Text(
        "{name} 様(ユーザー名: {username})\n\nログインできない理由のお問い合わせを受け付けました。\n\n■ 理由\n{cause}\n\n"
        "■ 次の一歩: {step}\n{url}{record}",
        "Dear {name} (username: {username}),\n\nyou asked why you cannot sign in.\n\nThe reason\n{cause}\n\n"
        "Your next step: {step}\n{url}{record}",
    ).format(
        name=name,
        username=found.username,
        cause=answer.cause,
        step=answer.step,
        url=answer.url,
        record=record,
    )
    send(
        to=to,
        language=language,
        subject=Text("【ことわり】ログインできない理由", "[Kotowari] Why you cannot sign in"),
        body=body,
    )


PASSWORD_WAS_SET = (
    Text("パスワードが変更されました", "Your password was changed"),
    Text(
        "新しいパスワードが設定され、すべての端末でログアウトされ、APIトークンはすべて取り消されました。"
        "心当たりがない場合は、すぐにパスワードを再設定してください。",
        "A new password was set, you were signed out everywhere and all API tokens were revoked. If it was not you, "
        "set another password at once.",
    ),
)


def new_device(record: SignInRecord) -> tuple[Text, Text]:
    """A sign-in from a device that the account did not know (A119)."""
    return (
        Text("新しい端末からログインがありました", "Your account was opened from a new device"),
        _NOT_ME.format(lead=_where(record), days=policy.value("accounts.not_me_link_days")),
    )


def new_network(record: SignInRecord) -> tuple[Text, Text]:
    """A sign-in from a device that is known, through a network that is not (A119)."""
    return (
        Text("いつもと違う回線からログインがありました", "Your account was opened from a new network"),
        _NOT_ME.format(lead=_where(record), days=policy.value("accounts.not_me_link_days")),
    )


def _where(record: SignInRecord) -> Text:
    local = clock.tokyo(record.at)
    return Text(
        "{at}に、{label}からログインがありました({network})。",
        "On {at} somebody signed in from {label} ({network}).",
    ).format(
        at=Text(f"{local.month}月{local.day}日 {local:%H:%M}", f"{local.day} {local:%B}, {local:%H:%M}"),
        label=label_in_words(record.label),
        network=network_in_words(record.network),
    )


_NOT_ME = Text(
    "{lead}地図の情報は使っていないため、場所は回線(IPアドレスの範囲)でお知らせしています。\n\n"
    "ご自身であれば、何もする必要はありません。心当たりがない場合は、次のページで「これは私ではありません」を押してください。"
    "ログインしなくても押せます({days}日間)。すべての端末をログアウトし、出金と振込先の変更を止め、パスワードを使えなくします。",
    "{lead} We keep no map, so the network (a range of IP addresses) says from where.\n\n"
    "If it was you, there is nothing to do. If it was not, press “This was not me” on the next page; for {days} days it "
    "needs no signing in. It signs out every device, stops payouts and changes of your bank account, and makes the "
    "password open nothing.",
)


def check_due(months: int) -> tuple[Text, Text]:
    """Time for a look through the own account (A133)."""
    return (
        Text("セキュリティ点検の時期です", "Time for a security check"),
        Text(
            "前回の点検(はじめての方は登録)から{months}か月たちました。最近のお金の動き・端末・ログイン方法を1つの画面で"
            "ご確認いただけます。数分で終わります。しなくても、これまでどおりお使いいただけます。",
            "It is {months} months since the last check, or since you joined. One page shows the latest movements of "
            "money, your devices and ways to sign in; it takes a few minutes. You can go on without it, too.",
        ).format(months=months),
    )


def locked(row: Lock) -> tuple[Text, Text]:
    """The owner learns what a stranger is not told: that the account is locked, until when, and how to open it."""
    return (
        Text("アカウントを一時的にロックしました", "Your account is locked for a while"),
        Text(
            "知らない端末からパスワードの間違いが{tries}回続いたため、{until}までロックしました。以前ログインしたことのある"
            "端末からは、いまでもログインできます。ご自身が間違えた場合は、次のリンクですぐにロックを解けます。心当たりがない"
            "場合も、パスワードが知られたわけではありません。データが消えたり変わったりすることもありません。",
            "After {tries} wrong passwords from devices it does not know, your account is locked until {until}. From a "
            "device on which you signed in before you still can. If it was you, this link ends the lock at once. If it "
            "was not, nobody has your password by that, and nothing was lost or changed.",
        ).format(tries=row.tries, until=clock_words(row.until)),
    )


def restricted(row: Restriction, *, appeal_url: str | None = None) -> tuple[Text, Text]:
    """What was restricted, why, with which facts, until when, and how to contest it (A123, A126).

    `appeal_url` stands for the signed address where the words are only shown beforehand.
    """
    cause = CAUSES[row.cause]
    facts = Text(f"\n\n{row.explanation}", f"\n\n{row.explanation}") if row.explanation else Text("", "")
    appeal = (
        Text(
            "\n\nこの決定に異議があるときは、次のページから申し立てられます。別の担当者が確かめます。\n{url}",
            "\n\nIf you do not agree, contest it here; somebody else of staff looks at it.\n{url}",
        ).format(url=appeal_url or f"{settings.BASE_URL}{appeal_path(row.pk)}")
        if cause.decided_by == "staff"
        else Text("", "")
    )
    return (
        cause.title,
        Text(
            "{reason}{facts}{also}\n\n止めているもの: {scope}\n終わり: {until}(自動で終わります)\n根拠: {rule}{appeal}",
            "{reason}{facts}{also}\n\nStopped: {scope}\nUntil: {until} (it ends by itself)\nRule: {rule}{appeal}",
        ).format(
            reason=cause.reason,
            facts=facts,
            also=Text("\n\n{words}", "\n\n{words}").format(words=cause.also) if cause.also else Text("", ""),
            scope=Text(
                "、".join(SCOPES[each].ja for each in row.scope), ", ".join(SCOPES[each].en for each in row.scope)
            ),
            until=clock_words(row.until),
            rule=cause.rule,
            appeal=appeal,
        ),
    )


def lifted(row: Restriction) -> tuple[Text, Text]:
    """A restriction is over."""
    return (
        Text("制限が解除されました", "A restriction was lifted"),
        Text(
            "「{title}」は解除されました。止めていたものは、またお使いいただけます。{because}",
            "“{title}” was lifted. What it stopped is possible again. {because}",
        ).format(title=CAUSES[row.cause].title, because=row.lifted_because),
    )


def appeal_path(restriction_id: UUID) -> str:
    """The address at which a member contests a restriction; signed, for a frozen member cannot sign in."""
    return f"/appeals/{restriction_id}/?key={signing.dumps(restriction_id.hex, salt=APPEAL_SALT)}"


def appeal_key_fits(restriction_id: UUID, key: str) -> bool:
    """Whether this is the key of the mail about this restriction."""
    try:
        return bool(signing.loads(key, salt=APPEAL_SALT) == restriction_id.hex)
    except (signing.BadSignature, ValueError, TypeError):
        return False


def unlock_path(row: Lock) -> str:
    """The address that ends a lock, for its owner's mail only."""
    return f"/login/unlock/{signing.dumps(row.pk.hex, salt=UNLOCK_SALT)}/"


def lock_in(token: str) -> UUID | None:
    """The lock whose link this is; None for what is no link of ours."""
    try:
        return UUID(signing.loads(token, salt=UNLOCK_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def risk_is_due(name: Text, lapses_at: datetime) -> tuple[Text, Text]:
    """To all of staff: a matter of risk was not looked at in time."""
    return (
        Text("危険の知らせの期限が来ました:{name}", "A matter of risk is due: {name}").format(name=name),
        Text(
            "「{name}」がまだ確認されていません。{until}を過ぎても見られないと、確認されないまま終わります。",
            "Nobody has looked at “{name}” yet. After {until} it ends unlooked at.",
        ).format(name=name, until=last_day(lapses_at)),
    )


def password_required(because: Text) -> tuple[Text, Text]:
    """Staff made the password void: why, and the way to a new one."""
    return (
        Text("新しいパスワードを設定してください", "Please set a new password"),
        Text(
            "安全のため、いままでのパスワードを使えなくし、すべての端末からログアウトし、APIトークンを取り消しました。\n\n"
            "理由: {because}\n\n次のページで、登録されたメールアドレスを入力すると、新しいパスワードを設定できます。"
            "データが消えたり変わったりすることはありません。",
            "For safety the password so far opens nothing any more; you were signed out everywhere and API tokens were "
            "revoked.\n\nWhy: {because}\n\nEnter your registered address on the next page to set a new password. No data "
            "is lost or changed.",
        ).format(because=because),
    )


SIGNED_OUT_BY_STAFF = (
    Text("すべての端末からログアウトしました", "You were signed out everywhere"),
    Text(
        "安全のため、運営の担当者が、すべての端末からログアウトしました。いままでのパスワードで、もう一度ログインできます。"
        "心当たりのない操作があったときは、パスワードを再設定してください。",
        "For safety the operator's staff signed you out on every device. You can sign in again with your password. If "
        "something happened that was not you, set a new password.",
    ),
)
UNLOCKED_BY_STAFF = (
    Text("ロックを解きました", "The lock was ended"),
    Text(
        "運営の担当者が、アカウントのロックを解きました。いますぐログインできます。",
        "The operator's staff ended the lock of your account. You can sign in at once.",
    ),
)


def passwords_tried(failures: int, networks: int, opened: int) -> tuple[Text, Text]:
    """To all of staff: passwords are tried across many accounts."""
    return (
        Text("パスワードリスト攻撃の疑いがあります", "Passwords are tried across many accounts"),
        Text(
            "この数分で、ログインの失敗が{failures}件ありました(疑わしい回線{networks}件、そこから開かれたアカウント{opened}件)。"
            "危険の知らせで内容を確かめてください。",
            "In the last minutes {failures} sign-ins failed ({networks} suspicious networks, {opened} accounts opened from "
            "them). Please look at the matter in the risk queue.",
        ).format(failures=failures, networks=networks, opened=opened),
    )


def second_approval_needed(reason: Text, lapses_at: datetime) -> tuple[Text, Text]:
    """To all of staff: one of them wants everybody to set a new password."""
    return (
        Text("全員の強制再設定に、2人目の承認が必要です", "A reset of everybody needs a second approval"),
        Text(
            "全員に新しいパスワードを求める依頼がありました。依頼した人とは別の担当者の承認が、{until}までに必要です。\n\n"
            "会員に伝える理由: {reason}",
            "Somebody of staff wants to require a new password of everybody. Another of staff has to approve it until "
            "{until}.\n\nWhat members will read: {reason}",
        ).format(until=clock_words(lapses_at), reason=reason),
    )


def send_proof_code(*, to: str, language: str, code: str, minutes: int) -> None:
    """The code by which whoever has neither password nor second factor shows that it is them."""
    body = Text(
        "本人確認のコードは次のとおりです。開いている画面に入力してください。\n\n    {code}\n\n"
        "このコードは{minutes}分間、1回だけ使えます。",
        "This is the code that shows that it is you. Please enter it on the page you left open.\n\n    {code}\n\n"
        "It works once, within {minutes} minutes.",
    ).format(code=code, minutes=minutes)
    send(to=to, language=language, subject=Text("【ことわり】本人確認のコード", "[Kotowari] Your code"), body=body)
