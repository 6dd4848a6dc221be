"""What is said about recoveries: mails, notices and text messages. In each a link that stops it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from kotowari.accounts import mails
from kotowari.accounts.links import Fate
from kotowari.accounts.models import FactorRecovery, Member
from kotowari.foundation import policy
from kotowari.foundation.ratelimit import clock_words
from kotowari.kernel import clock
from kotowari.kernel.text import Text

_CASE, _CANCEL, _START = "accounts.recovery.case", "accounts.recovery.cancel", "accounts.recovery.start"


def case_path(row: FactorRecovery) -> str:
    """The address of one's own recovery, for the owner's mail only."""
    return f"/login/recovery/case/{signing.dumps(row.pk.hex, salt=_CASE)}/"


def cancel_path(row: FactorRecovery) -> str:
    """The address that stops a recovery: for everybody whom the owner is told by."""
    return f"/login/recovery/cancel/{signing.dumps(row.pk.hex, salt=_CANCEL)}/"


def recovery_in(key: str, *, cancel: bool = False) -> UUID | None:
    """Which recovery a link is about, however old the link is; None for what is no link of ours."""
    try:
        return UUID(signing.loads(key, salt=_CANCEL if cancel else _CASE))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def start_path(member: Member) -> str:
    """The address from which a recovery begins, for the owner's mail only; good once, for some minutes."""
    sealed = signing.dumps([member.pk.hex, clock.now().isoformat()], salt=_START)
    return f"/login/recovery/start/{sealed}/"


def starter_in(key: str) -> tuple[Member | None, Fate]:
    """Who may begin by this link, and whether it still begins anything.

    Used means: a recovery was begun since, even if it has ended.
    """
    try:
        pk, sent_at = signing.loads(key, salt=_START)
        member, made_at = Member.objects.filter(pk=UUID(pk)).first(), datetime.fromisoformat(sent_at)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None, Fate.BROKEN
    if member is None or clock.now() - made_at > timedelta(minutes=policy.value("accounts.reset_link_minutes")):
        return member, Fate.EXPIRED
    begun = FactorRecovery.objects.filter(member=member, asked_at__gte=made_at).exists()
    return member, Fate.USED if begun else Fate.GOOD


_STOP_THERE = Text(
    "この手続きに心当たりがない場合は、上のリンクの画面で取りやめ、パスワードを変えてください。\n"
    "運営がメールでパスワードや確認コードをたずねることはありません。",
    "If it was not you who began it, stop it on the page of the link above and change your password.\n"
    "We never ask for a password or a code by mail.",
)
"""A recovery goes on by itself, so its mails do not say that nothing changes."""


def send_start_link(member: Member, *, to: str) -> None:
    """The link to whoever reads the registered mail."""
    body = Text(
        "{name} 様\n\n二段階認証の復旧を受け付けました。認証アプリ・パスキー・電話・回復コードのどれも使えない場合だけ、次のリンクから"
        "手続きを始めてください。\n{url}\n\nこのリンクは{minutes}分間使えます。どれか1つでも使えるなら、そのままログインできます。",
        "Dear {name},\n\nif you can use none of your app, passkey, telephone and recovery codes any more, begin to recover "
        "here.\n{url}\n\nThe link works for {minutes} minutes. If one of them is at hand, just sign in with it.",
    ).format(
        name=member.display_name,
        url=f"{settings.BASE_URL}{start_path(member)}",
        minutes=policy.value("accounts.reset_link_minutes"),
    )
    subject = Text("【ことわり】二段階認証の復旧", "[Kotowari] Your lost second factor")
    mails.send(to=to, language=member.language, subject=subject, body=body)


def send_no_factor(member: Member, *, to: str) -> None:
    """To whoever asks to recover a second factor and has none."""
    body = Text(
        "{name} 様\n\n二段階認証の復旧が求められましたが、このアカウントは二段階認証を使っていません。パスワードなどで、そのまま"
        "ログインできます。\n{url}/login/",
        "Dear {name},\n\nsomebody asked to recover your second factor, but this account has none. Just sign in.\n"
        "{url}/login/",
    ).format(name=member.display_name, url=settings.BASE_URL)
    subject = Text("【ことわり】二段階認証の復旧", "[Kotowari] Your lost second factor")
    mails.send(to=to, language=member.language, subject=subject, body=body)


def send_case_link(row: FactorRecovery, *, to: str) -> None:
    """The way back to a recovery that is under way, for whoever has closed the page."""
    body = Text(
        "{name} 様\n\n二段階認証の復旧の手続きが進んでいます。次のリンクから、説明を送る、進み具合を見る、運営の質問に答える、取りやめる"
        "ことができます。\n{url}\n\nこのリンクは、手続きが終わるまで使えます。ほかの人に渡さないでください。",
        "Dear {name},\n\nyour second factor is being recovered. By this link you send what you know, see how far it is, "
        "answer staff, or stop it.\n{url}\n\nIt works until the recovery is over. Give it to nobody.",
    ).format(name=row.member.display_name, url=f"{settings.BASE_URL}{case_path(row)}")
    subject = Text("【ことわり】二段階認証の復旧の続き", "[Kotowari] Go on with your recovery")
    mails.send(to=to, language=row.member.language, subject=subject, body=body, foot=_STOP_THERE)


def send_code(row: FactorRecovery, *, code: str, minutes: int) -> None:
    """The code that proves the registered address, and the link to the recovery."""
    body = Text(
        "二段階認証の復旧の確認コードは次のとおりです。\n\n    {code}\n\n{minutes}分間、1回だけ使えます。手続きの画面:\n{url}",
        "This is the code of your recovery.\n\n    {code}\n\nIt works once, within {minutes} minutes. The page:\n{url}",
    ).format(code=code, minutes=minutes, url=f"{settings.BASE_URL}{case_path(row)}")
    subject = Text("【ことわり】復旧の確認コード", "[Kotowari] Your code")
    mails.send(to=row.member.email, language=row.member.language, subject=subject, body=body, foot=_STOP_THERE)


_STOP = Text(
    "\n\n心当たりがない場合は、このお知らせの最後のリンクを開いて取りやめてください。ログインは要りません。そのうえで、パスワードを"
    "変えてください。",
    "\n\nIf it was not you, stop it by the link at the end of this notice; no signing in is needed. Then change your "
    "password.",
)


def begun() -> tuple[Text, Text]:
    """Somebody began to recover."""
    return (
        Text("二段階認証の復旧が始まりました", "Somebody began to recover your second factor"),
        Text(
            "アカウントの二段階認証がすべて使えなくなったとして、復旧の手続きが始まりました。運営の担当者2人が確かめ、{hours}時間の"
            "確認期間のあとで、二段階認証が外れます。{stop}",
            "Somebody who says that all second factors of your account are lost began to recover it. Two of staff look at "
            "it, and after {hours} hours of cooling-off the second factors are removed.{stop}",
        ).format(hours=policy.value("accounts.recovery_cooling_hours"), stop=_STOP),
    )


def question_waits() -> tuple[Text, Text]:
    """Staff ask something."""
    return (
        Text("復旧の手続きで、おたずねしたいことがあります", "A question about your recovery"),
        Text(
            "運営の担当者から質問が届いています。次のページで返事をしてください。返事をいただくまで、手続きは進みません。",
            "The operator's staff ask you something. Please answer on the next page; until then it does not go on.",
        ),
    )


def cooling(until: datetime) -> tuple[Text, Text]:
    """Told at the start, every day and before the end."""
    return (
        Text("{until}に二段階認証が外れます", "Your second factors are removed at {until}").format(
            until=clock_words(until)
        ),
        Text(
            "復旧の申し出を、運営の担当者2人が本人のものと認めました。{until}に、登録されている二段階認証がすべて外れ、すべての端末で"
            "ログアウトされます。登録した方法でログインすると、この手続きは自動で取りやめになります。{stop}",
            "Two of staff took the request to recover for yours. At {until} all second factors are removed and every "
            "device is signed out. Signing in with one of them stops this by itself.{stop}",
        ).format(until=clock_words(until), stop=_STOP),
    )


def cooling_by_text(until: datetime, url: str) -> Text:
    """The same as a text message."""
    return Text(
        "ことわり: {until}に二段階認証が外れます。心当たりがなければ取りやめてください: {url}",
        "Kotowari: your second factors are removed at {until}. If it was not you, stop it: {url}",
    ).format(until=clock_words(until), url=url)


def refused(because: str) -> tuple[Text, Text]:
    """Staff did not take it for the owner's."""
    return (
        Text("二段階認証の復旧をお断りしました", "Your recovery was refused"),
        Text(
            "運営の担当者が、ご本人からの申し出であると確かめられませんでした。\n\n理由: {because}\n\n二段階認証はそのままです。内容を"
            "補って、もう一度始めることができます。お困りのときは、お問い合わせください。",
            "The operator's staff could not make sure that it was you.\n\nWhy: {because}\n\nThe second factors stay. You can "
            "begin again with more to show, or contact us.",
        ).format(because=because),
    )


CANCELLED = (
    Text("二段階認証の復旧は取りやめになりました", "The recovery was cancelled"),
    Text(
        "二段階認証の復旧は取りやめになり、登録されている二段階認証はそのままです。復旧を始めたのがご自身でない場合は、すぐに"
        "パスワードを変えてください。",
        "The recovery was cancelled and your second factors stay. If it was not you who began it, change your password "
        "at once.",
    ),
)
CANCELLED_BECAUSE = {
    "": CANCELLED,
    "factor_added": (
        Text("二段階認証の復旧は取りやめになりました", "The recovery was cancelled"),
        Text(
            "復旧の途中で新しい二段階認証が登録されたため、復旧は取りやめになりました。登録されている二段階認証はそのままです。",
            "A second factor was added meanwhile, so the recovery was cancelled. Your second factors stay.",
        ),
    ),
    "password_changed": (
        Text("二段階認証の復旧は取りやめになりました", "The recovery was cancelled"),
        Text(
            "この復旧は、いままでのパスワードで始まったものでした。そのパスワードが使えなくなったため、復旧は取りやめになり、登録されて"
            "いる二段階認証はそのままです。ご自身の手続きだった場合は、もう一度始めてください。",
            "This recovery was begun with the password of before. That password opens nothing any more, so the recovery was "
            "cancelled and your second factors stay. If it was your own, please begin again.",
        ),
    ),
    "protected": (
        Text("二段階認証の復旧は取りやめになりました", "The recovery was cancelled"),
        Text(
            "アカウントの保護または凍結のため、進んでいた二段階認証の復旧は取りやめになりました。登録されている二段階認証はそのままです。",
            "The account is protected or frozen, so the recovery that was under way was cancelled. Your second factors stay.",
        ),
    ),
}
"""Why a recovery was cancelled: by its owner (""), or by what happened to the account meanwhile."""
LAPSED = (
    Text("二段階認証の復旧は期限が来て終わりました", "The recovery ended undecided"),
    Text(
        "期限までに決まらなかったため、二段階認証の復旧は終わりました。二段階認証はそのままです。もう一度始めることができます。",
        "Nothing was decided in time, so the recovery ended and your second factors stay. You can begin again.",
    ),
)
DONE = (
    Text("二段階認証が外れました", "Your second factors were removed"),
    Text(
        "復旧の手続きが終わり、登録されていた二段階認証と回復コードがすべて外れ、すべての端末でログアウトされ、APIトークンは"
        "取り消されました。ログインしたら、新しい二段階認証を登録してください。用心のため、しばらく振込先を変えられません。",
        "The recovery is finished: all second factors and recovery codes are removed, every device is signed out and API "
        "tokens are revoked. Sign in and register a new one. In case it was not you, the bank account stays as it is for "
        "a while.",
    ),
)


def waits_for_staff() -> tuple[Text, Text]:
    """To all of staff."""
    return (
        Text("二段階認証の復旧の確認が必要です", "A lost second factor waits for you"),
        Text(
            "会員から説明が届きました。別々の担当者2人の承認が必要です。",
            "A member told about it. Two different members of staff have to approve.",
        ),
    )
