"""The mails and notices about external accounts and sign-in links, in the words of their reader."""

from django.conf import settings

from kotowari.accounts.links import sign_in_path
from kotowari.accounts.mails import send
from kotowari.accounts.models import Member
from kotowari.foundation import policy
from kotowari.kernel.text import Text


def send_sign_in_link(member: Member, *, to: str) -> None:
    """The link that signs a member in; a second factor is asked for all the same."""
    body = Text(
        "{name} 様(ユーザー名: {username})\n\n次のリンクからログインできます。\n{url}\n\nこのリンクは{minutes}分間、1回だけ"
        "使えます。二段階認証を設定している場合は、続けてそのコードも入力します。ログインのあとパスワードを設定しておくと、"
        "次からはメールアドレスとパスワードでもログインできます。",
        "Dear {name} (username: {username}),\n\nthis link signs you in.\n{url}\n\nIt works once, within {minutes} minutes. "
        "If you have a second factor, you are asked for it all the same. Set a password afterwards and you can also sign "
        "in with your address and the password.",
    )
    _send_link(member, to=to, body=body, subject=Text("【ことわり】ログインのリンク", "[Kotowari] A link to sign in"))


def send_link_to_link(member: Member, *, to: str, provider: str) -> None:
    """To a member whose external account, with the same proved address, is linked to nobody: the way to link it."""
    body = Text(
        "{name} 様(ユーザー名: {username})\n\nこのメールアドレスを持つ{provider}アカウントで、ログインの手続きがありました。"
        "まだあなたのアカウントにつながっていないため、ログインはできていません。\n\nご自身の手続きなら、手続きをしたのと同じ"
        "ブラウザで次のリンクを開いてください。ログインしたあと、つなぐかどうかを選べます。\n{url}\n\nこのリンクは{minutes}分間、"
        "1回だけ使えます。",
        "Dear {name} (username: {username}),\n\nsomebody tried to sign in with an account of {provider} that has this "
        "address. It is not linked to your account, so nobody was let in.\n\nIf it was you, open this link in the same "
        "browser. Once signed in you can choose to link the two.\n{url}\n\nThe link works once, within {minutes} minutes.",
    )
    subject = Text("【ことわり】{provider}アカウントをつなぐ", "[Kotowari] Link your account of {provider}")
    _send_link(
        member,
        to=to,
        body=body,
        subject=subject.format(provider=provider),
        then="/my/settings/login/external/confirm/",
        provider=provider,
    )


def _send_link(member: Member, *, to: str, body: Text, subject: Text, then: str = "", **more: str) -> None:
    words = body.format(
        name=member.display_name,
        username=member.username,
        url=f"{settings.BASE_URL}{sign_in_path(member, then=then)}",
        minutes=policy.value("accounts.sign_in_link_minutes"),
        **more,
    )
    send(to=to, language=member.language, subject=subject, body=words)


def send_password_instead(member: Member, *, to: str) -> None:
    """To a member who has a password, and so needs no link."""
    body = Text(
        "{name} 様(ユーザー名: {username})\n\nログインのリンクを受け付けましたが、このアカウントにはパスワードがあるため、"
        "メールのリンクではログインできません。\n\nログイン: {url}/login/\nパスワードがわからないとき: {url}/password/reset/",
        "Dear {name} (username: {username}),\n\na link to sign in was asked for. This account has a password, so it is not "
        "opened by a link.\n\nSign in: {url}/login/\nIf you do not know the password: {url}/password/reset/",
    ).format(name=member.display_name, username=member.username, url=settings.BASE_URL)
    send(
        to=to,
        language=member.language,
        subject=Text("【ことわり】ログインの方法", "[Kotowari] How to sign in"),
        body=body,
    )


def linked(provider: str, email: str) -> tuple[Text, Text]:
    """An external account opens the account from now on."""
    return (
        Text("{provider}のアカウントがつながりました", "An account of {provider} was linked").format(provider=provider),
        Text(
            "{provider}のアカウント{email}でもログインできるようになりました。心当たりがない場合は、すぐに外し、パスワードを"
            "変えてください。",
            "An account of {provider}{email} can be used to sign in now. If it was not you, unlink it at once and change "
            "your password.",
        ).format(provider=provider, email=Text(f"({email})", f" ({email})") if email else Text("", "")),
    )


def unlinked(provider: str) -> tuple[Text, Text]:
    """An external account opens the account no more."""
    return (
        Text("{provider}のアカウントが外されました", "An account of {provider} was unlinked").format(provider=provider),
        Text(
            "{provider}のアカウントでは、ログインできなくなりました。心当たりがない場合は、すぐにパスワードを変えてください。",
            "The account of {provider} can no longer be used to sign in. If it was not you, change your password at once.",
        ).format(provider=provider),
    )
