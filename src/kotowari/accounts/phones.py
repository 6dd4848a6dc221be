"""Telephone numbers for text messages, however they are typed in Japan. Pure."""

import re
import unicodedata

from kotowari.kernel.text import Text

_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ー・.()\[\]〔〕]+")
_MOBILE = re.compile(r"\+81(?:60|70|80|90)\d{8}")
TYPED_MAX = 40


def normalised(typed: str) -> str:
    """The number with its country code and nothing between the digits: `０９０−１２３４−５６７８` is +819012345678.

    What is no number of a Japanese mobile telephone comes back tidied, for `problems` to speak of.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed[:TYPED_MAX]))
    plain = re.sub(r"^(?:0081|01081)", "+81", plain)
    plain = re.sub(r"^\+810", "+81", plain)  # +81 (0)90 …
    return re.sub(r"^0(?=[1-9])", "+81", plain)


def problems(number: str) -> list[Text]:
    """What keeps a normalised number from receiving our codes; empty when nothing does."""
    if not number:
        return [Text("携帯電話の番号を入力してください。", "Please enter a mobile telephone number.")]
    if _MOBILE.fullmatch(number):
        return []
    if number.startswith("+") and not number.startswith("+81"):
        return [
            Text(
                "SMSを送れるのは、日本の携帯電話の番号だけです。海外の番号の方は、認証アプリかパスキーをお使いください。",
                "We can send text messages to Japanese mobile numbers only. Please use an app or a passkey instead.",
            )
        ]
    return [
        Text(
            "060・070・080・090で始まる11桁の番号を入力してください。固定電話にはSMSが届きません。例: 090-1234-5678",
            "Enter the eleven digits of a mobile number that begins with 060, 070, 080 or 090, for example "
            "090-1234-5678. Landlines receive no text messages.",
        )
    ]


def masked(number: str) -> str:
    """The number as it is shown on pages: only its end (…5678)."""
    return f"…{number[-4:]}"
