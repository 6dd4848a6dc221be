"""The mails and notices about addresses and names, in the words of their reader."""

from uuid import UUID

from django.conf import settings
from django.core import signing

from kotowari.accounts.mails import send
from kotowari.accounts.models import AddressChange, AddressProof
from kotowari.foundation.ratelimit import clock_words
from kotowari.kernel.text import Text

UNDO_SALT = "accounts.address.undo"


def send_proof(proof: AddressProof, code: str) -> None:
    """The code that proves a further address, with a link that carries it; the member has to be signed in for it."""
    body = Text(
        "このメールアドレスを「ことわり」のアカウント(ユーザー名: {username})に追加する手続きがありました。"
        "確認コードは次のとおりです。\n\n    {code}\n\nログインした状態で次のリンクを開くと、コードが入力された画面になります。\n"
        "{url}\n\nこのコードは{until}まで、1回だけ使えます。",
        "Somebody asked to add this address to the Kotowari account of {username}. This is the code.\n\n    {code}\n\n"
        "Signed in, open this link to have it filled in.\n{url}\n\nThe code works once, until {until}.",
    ).format(
        username=proof.member.username,
        code=code,
        url=f"{settings.BASE_URL}/my/settings/login/addresses/{proof.pk}/?code={code}",
        until=clock_words(proof.lapses_at),
    )
    send(
        to=proof.email,
        language=proof.member.language,
        subject=Text("【ことわり】メールアドレスの確認", "[Kotowari] Prove your address"),
        body=body,
    )


def send_address_in_use(*, to: str, language: str) -> None:
    """To the owner of an address that somebody wants to add to another account: nothing is done, and no code given."""
    body = Text(
        "このメールアドレスを別のアカウントに追加する手続きがありましたが、すでにあなたのアカウントに登録されているため、"
        "追加していません。ご自身が2つのアカウントをお持ちの場合は、お問い合わせください。\n\nログイン: {url}/login/",
        "Somebody asked to add this address to another account. It belongs to yours already, so nothing was done. If you "
        "have two accounts, please contact us.\n\nSign in: {url}/login/",
    ).format(url=settings.BASE_URL)
    send(
        to=to,
        language=language,
        subject=Text("【ことわり】メールアドレスの追加について", "[Kotowari] Your address was to be added elsewhere"),
        body=body,
    )


def send_undo(change: AddressChange) -> None:
    """To the address that was the main one so far: how to take the change back when it was somebody else."""
    body = Text(
        "「ことわり」のお知らせ先が、このメールアドレスから {new} に変わりました。ご自身が変えた場合は、何もする必要は"
        "ありません。\n\n心当たりがない場合は、次のリンクから元に戻してください。ログインしていなくても戻せます。"
        "戻すと、すべての端末でログアウトされ、いままでのパスワードは使えなくなります。\n{url}\n\n"
        "このリンクは{until}まで使えます。それまで、振込先は変えられません。",
        "The main address of your Kotowari account changed from this one to {new}. If it was you, there is nothing to do.\n\n"
        "If it was not, take it back here; you need not be signed in. It ends every session and makes the password so "
        "far void.\n{url}\n\nThe link works until {until}. Until then the bank account cannot be changed.",
    ).format(new=change.new_email, url=f"{settings.BASE_URL}{undo_path(change)}", until=clock_words(change.undo_until))
    send(
        to=change.old_email,
        language=change.member.language,
        subject=Text("【ことわり】お知らせ先が変わりました", "[Kotowari] Your main address changed"),
        body=body,
    )


def undo_path(change: AddressChange) -> str:
    """The address that takes a change back, for the mail to the old address only."""
    return f"/login/address-undo/{signing.dumps(change.pk.hex, salt=UNDO_SALT)}/"


def change_in(key: str) -> UUID | None:
    """The change whose link this is; None for what is no link of ours."""
    try:
        return UUID(signing.loads(key, salt=UNDO_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def name_registered(*, is_change: bool) -> tuple[Text, Text]:
    """The real name was told, or told anew. The name itself stands in no mail."""
    title = (
        Text("登録のお名前(本名・法人名)が変わりました", "Your registered name was changed")
        if is_change
        else Text("お名前(本名・法人名)を登録しました", "Your name is registered")
    )
    return title, Text(
        "振込先の口座の名義は、このお名前と照らし合わせます。ほかの会員には見えません。心当たりがない場合は、すぐに"
        "パスワードを変えて、セキュリティ点検から「これは私ではありません」とお知らせください。",
        "The holder of your bank account is compared with it. No other member sees it. If this was not you, change your "
        "password at once and tell us so in the security check.",
    )


def address_added(email: str) -> tuple[Text, Text]:
    """A further address opens the account from now on."""
    return (
        Text("メールアドレスが追加されました", "An address was added"),
        Text(
            "{email} が追加されました。このアドレスでもログインとパスワードの再設定ができます。心当たりがない場合は、"
            "すぐに削除し、パスワードを変えてください。",
            "{email} was added. It can be used to sign in and to set a new password. If it was not you, remove it at once "
            "and change your password.",
        ).format(email=email),
    )


def address_removed(email: str) -> tuple[Text, Text]:
    """An address opens the account no more."""
    return (
        Text("メールアドレスが削除されました", "An address was removed"),
        Text(
            "{email} が削除されました。このアドレスではログインもパスワードの再設定もできません。心当たりがない場合は、"
            "すぐにパスワードを変えてください。",
            "{email} was removed. It opens the account no more. If it was not you, change your password at once.",
        ).format(email=email),
    )


def primary_changed(change: AddressChange) -> tuple[Text, Text]:
    """Notices go elsewhere from now on; the old address has the link to take it back."""
    return (
        Text("お知らせ先のメールアドレスが変わりました", "Your main address changed"),
        Text(
            "お知らせ先が {old} から {new} に変わりました。ほかの人による変更だった場合に備え、{until}まで、振込先は"
            "変えられません。それまでは、{old} に届いたメールのリンクから元に戻せます。",
            "The main address changed from {old} to {new}. In case it was not you, the bank account stays as it is until "
            "{until}; until then the link in the mail to {old} takes the change back.",
        ).format(old=change.old_email, new=change.new_email, until=clock_words(change.undo_until)),
    )


def change_undone(change: AddressChange) -> tuple[Text, Text]:
    """The owner took the account back."""
    return (
        Text("お知らせ先の変更を元に戻しました", "The change of your main address was taken back"),
        Text(
            "お知らせ先を {old} に戻しました。そのあいだに追加されたメールアドレスは外し、すべての端末でログアウトし、"
            "APIトークンを取り消し、いままでのパスワードを使えなくしました。「パスワード再設定」から新しいパスワードを"
            "設定してください。運営にも知らせました。",
            "The main address is {old} again. Addresses added meanwhile were taken off, every session ended, API tokens "
            "revoked and the password so far made void. Please set a new password. Staff have been told.",
        ).format(old=change.old_email),
    )


def username_changed(*, old: str, new: str, kept_days: int) -> tuple[Text, Text]:
    """The name for signing in changed."""
    return (
        Text("ユーザー名が変わりました", "Your username changed"),
        Text(
            "ユーザー名が {old} から {new} に変わりました。ログインには新しい名前を使ってください。いままでの"
            "プロフィールのアドレスは新しい方へ転送され、{old} は{days}日間ほかの人が使えません。心当たりがない場合は、"
            "すぐにパスワードを変えてください。",
            "Your username changed from {old} to {new}. Use the new one to sign in. The old address of your profile leads "
            "to the new one, and nobody else can take {old} for {days} days. If it was not you, change your password.",
        ).format(old=old, new=new, days=kept_days),
    )


PASSWORD_WAS_CHANGED = (
    Text("パスワードが変更されました", "Your password was changed"),
    Text(
        "ログイン中の画面から新しいパスワードが設定されました。ほかの端末ではログアウトされ、APIトークンはすべて取り消され"
        "ました。心当たりがない場合は、すぐにパスワードを再設定してください。",
        "A new password was set from a signed-in device. Other devices were signed out and all API tokens revoked. If it "
        "was not you, set another password at once.",
    ),
)
"""Told when the password was changed by somebody signed in, at every address."""
