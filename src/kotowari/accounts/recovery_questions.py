"""What is asked of whoever lost a second factor: facts of the account that only its owner is likely to know.

Identity documents join them where the member has been verified (chapter on identity); none of it alone decides.
"""

from dataclasses import dataclass

from kotowari.kernel.text import Text

ANSWER_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """One question, by the key under which its answer is kept."""

    key: str
    label: Text
    hint: Text
    required: bool = True


QUESTIONS: tuple[Question, ...] = (
    Question(
        "happened",
        Text("何がありましたか", "What happened"),
        Text(
            "なくした・壊れた・機種を変えたなど。いつごろかも書いてください。",
            "Lost, broken, replaced: and about when.",
        ),
    ),
    Question(
        "joined",
        Text("会員登録をした時期", "When you joined"),
        Text("おおよその年月でかまいません。", "Year and month, as far as you remember."),
    ),
    Question(
        "last_use",
        Text("最後にログインした時期と端末", "When you last signed in, and from which device"),
        Text("例: 先週、自宅のパソコン(Windows、Chrome)", "For example last week, at home, Windows and Chrome."),
    ),
    Question(
        "dealings",
        Text("最近の取引", "Your latest dealings"),
        Text(
            "仕事や契約の題名、相手の名前、金額など、おわかりになる範囲で。",
            "Titles of jobs or contracts, names, amounts, as far as you remember.",
        ),
    ),
    Question(
        "payout",
        Text("振込先の銀行と支店", "Bank and branch you are paid to"),
        Text(
            "登録していない場合は空のままで。口座番号や暗証番号は書かないでください。",
            "Leave it empty if you registered none. No account number, no PIN.",
        ),
        required=False,
    ),
)
