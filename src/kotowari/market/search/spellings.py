"""Different spellings of one thing that the dictionary does not know to be one; a small table, meant to grow.

The left side is what is written (after NFKC and lower-casing), the right side what it is indexed as. Words in
Latin letters count only when they stand alone: "wp" is WordPress, the "wp" of "wpa" is not.
"""

import re

SPELLINGS: dict[str, str] = {
    # programs and services by their Japanese and short names
    "ワードプレス": "wordpress",
    "wp": "wordpress",
    "フォトショップ": "photoshop",
    "フォトショ": "photoshop",
    "イラレ": "illustrator",
    "エクセル": "excel",
    "パワーポイント": "powerpoint",
    "パワポ": "powerpoint",
    "インスタグラム": "instagram",
    "インスタ": "instagram",
    "ユーチューブ": "youtube",
    "ユーチューバー": "youtuber",
    "ツイッター": "twitter",
    "フェイスブック": "facebook",
    "ティックトック": "tiktok",
    "ショッピファイ": "shopify",
    "チャットgpt": "chatgpt",
    "パイソン": "python",
    "ジャバスクリプト": "javascript",
    # names that end in signs
    "c++": "cplusplus",
    "c#": "csharp",
    ".net": "dotnet",
    "node.js": "nodejs",
    "next.js": "nextjs",
    "vue.js": "vue",
    "react.js": "react",
    # short and long words of the trade
    "ランディングページ": "lp",
    "ソーシャルメディア": "sns",
    "検索エンジン最適化": "seo",
    "hp": "ホームページ",
    "アプリケーション": "アプリ",
    "スマートフォン": "スマホ",
    "テープ起こし": "文字起こし",
    "テープおこし": "文字起こし",
    "文字おこし": "文字起こし",
    "貼付け": "貼り付け",
    "はりつけ": "貼り付け",
}
NOT_BEFORE = {"インスタ": "ンレ", "フォトショ": "ッ"}
"""Letters that make another word of it: インスタント and インスタレーション are not Instagram."""


def _pattern() -> re.Pattern[str]:
    parts = []
    for written in sorted(SPELLINGS, key=len, reverse=True):
        part = re.escape(written)
        if written[0].isascii():
            part = rf"(?<![a-z0-9]){part}"
        if written[-1].isascii() and written[-1].isalnum():
            part = rf"{part}(?![a-z0-9])"
        if written in NOT_BEFORE:
            part = rf"{part}(?![{NOT_BEFORE[written]}])"
        parts.append(part)
    return re.compile("|".join(parts))


_PATTERN = _pattern()


def one_spelling(folded: str) -> str:
    """The text with every spelling of the table replaced; `folded` is NFKC and lower-case already."""
    return _PATTERN.sub(lambda match: SPELLINGS[match.group()], folded)
