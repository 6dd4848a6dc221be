"""Every reason why a password cannot be chosen, in words; none of them repeats a part of the password."""

from collections.abc import Mapping

from kotowari.accounts.passwords.guessing import Weakness
from kotowari.kernel.text import Text

EMPTY = Text("パスワードを入力してください。", "Please enter a password.")
SHORT = Text(
    "パスワードは{min}文字以上にしてください(いま{count}文字)。覚えやすい言葉をいくつか並べると長くできます。",
    "A password has at least {min} characters (now {count}). A few words in a row make a long one.",
)
LONG = Text("パスワードは{max}文字までです。", "A password has at most {max} characters.")
LISTED = Text(
    "このパスワードは、よく使われているため、すぐに推測されます。別のパスワードにしてください。",
    "This password is among those that are tried first. Please choose another.",
)
OWN = Text(
    "ユーザー名・表示名・メールアドレス・サイト名だけでできたパスワードは推測されます。ほかの言葉を足してください。",
    "A password made of your own names, your address or the site's name is easily guessed. Add other words.",
)
WEAK: Mapping[Weakness, Text] = {
    "common": Text(
        "よく使われているパスワードを少し変えたり並べたりしたものは、すぐに推測されます。関係のない言葉を2つ3つ足してください。",
        "Common passwords, changed a little or put together, are tried first. Add two or three unrelated words.",
    ),
    "word": Text(
        "ありふれた単語が1つか2つでは、すぐに推測されます。関係のない言葉をもう2つ3つ足してください。",
        "One or two ordinary words are easily guessed. Add two or three unrelated ones.",
    ),
    "person": Text(
        "人の名前は、すぐに推測されます。名前と関係のない言葉を2つ3つ足してください。",
        "People's names are easily guessed. Add two or three words that are no names.",
    ),
    "own": OWN,
    "repeat": Text(
        "同じ文字や同じ言葉のくり返しは、長くてもすぐに推測されます。くり返しのかわりに、別の言葉を足してください。",
        "Repeated characters or words are easily guessed, however long. Add other words instead of repeating.",
    ),
    "sequence": Text(
        "「abcd」「1234」「あいうえお」のような順番どおりの並びは、すぐに推測されます。関係のない言葉を足してください。",
        "Sequences such as abcd, 1234 or 9876 are easily guessed. Add unrelated words.",
    ),
    "keyboard": Text(
        "「qwerty」「1qaz」のようにキーボードの並びをなぞったものは、すぐに推測されます。関係のない言葉を足してください。",
        "Rows of keys such as qwerty or 1qaz are easily guessed. Add unrelated words.",
    ),
    "date": Text(
        "日付や年は、すぐに推測されます。日付と関係のない言葉を2つ3つ足してください。",
        "Dates and years are easily guessed. Add two or three words that have nothing to do with a date.",
    ),
}
