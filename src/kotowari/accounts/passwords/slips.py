"""What is likely to have gone wrong when a typed password did not open an account."""

import unicodedata

from kotowari.kernel.text import Text


def slips(password: str) -> list[Text]:
    """What is likely to have gone wrong when this did not open an account (A003, A004, A009, A010).

    Says what it sees in the typed characters first, then what people usually slip on; nothing about any account.
    """
    seen = []
    if password != password.strip():
        seen.append(
            Text(
                "入力したパスワードの先頭または末尾に空白があります。",
                "There is a space at the start or end of the password typed.",
            )
        )
    if any(unicodedata.east_asian_width(c) == "F" for c in password):
        seen.append(
            Text("入力したパスワードに全角文字があります。", "There are full-width characters in the password typed.")
        )
    letters = [c for c in password if c.isalpha() and c.isascii()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        seen.append(
            Text(
                "入力したパスワードの英字がすべて大文字です。CapsLockがオンになっていませんか。",
                "All letters of the password typed are capitals. Is Caps Lock on?",
            )
        )
    usual = [
        Text(
            "大文字と小文字は区別されます。数字・記号もパスワードの一部です。",
            "Capital and small letters count, and digits and symbols are part of a password.",
        ),
        Text(
            "登録したときのメールアドレスまたはユーザー名ですか。ほかのアドレスもお試しください。",
            "Is it the address or username you signed up with? Try other addresses you own.",
        ),
        Text(
            "コピーして貼り付けるか、「表示」を押して確かめながら入力すると間違いを防げます。",
            'Paste it, or press "Show" and watch what you type.',
        ),
    ]
    return seen + usual
