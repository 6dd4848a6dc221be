"""What people agree to when they sign up, in the very words they read."""

from dataclasses import dataclass

from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One statement to agree to. A change of its words needs a new `version`, and every member's consent anew."""

    kind: str
    version: str
    label: Text
    explanation: Text


TERMS = ConsentText(
    kind="terms",
    version="2026-11-01",
    label=Text("利用規約に同意します。", "I agree to the terms of use."),
    explanation=Text(
        "仕事の代金は契約ごとに仮払いされ、検収のあとで受注者に支払われます。運営は受注者に代わって代金を受け取ります"
        "(代理受領)。サイトで知り合った相手と、サイトを通さずに同じ仕事の契約をすること、その勧誘をすることはできません。"
        "できないことがあるときは、理由・解決方法・いつ変わるかを必ずお伝えします。",
        "The price of work is held for each contract and paid to the worker after acceptance; the operator receives it "
        "on the worker's behalf. Contracts for such work with people met here are not made, nor asked for, around the "
        "market. Whatever is refused is refused with its reason, the way on and when it changes.",
    ),
)
MESSAGE_CHECK = ConsentText(
    kind="message_check",
    version="2026-11-01",
    label=Text(
        "メッセージが自動で確認されることを理解し、同意します。",
        "I understand and agree that messages are checked automatically.",
    ),
    explanation=Text(
        "会員どうしのメッセージは通信の秘密として守られます。そのうえで、連絡先の交換や直接取引の勧誘を防ぐため、送信の前に"
        "プログラムが内容を自動で確認し、見つけた箇所を送る本人に示します。人が読むのは、通報・紛争、または記録に残る理由が"
        "あるときだけで、読んだことは本人に知らせます。この同意は電気通信事業法に基づいてお願いするものです。",
        "What members write to each other is protected as secrecy of communications. To prevent the exchange of contacts "
        "and dealing around the market, a program checks a message before it is sent and shows its writer what it found. "
        "A person reads a thread only after a report, in a dispute or for a recorded reason, and you are told. "
        "This consent is asked for under the Telecommunications Business Act of Japan.",
    ),
)
ALL = (TERMS, MESSAGE_CHECK)
"""Every consent without which nobody becomes a member."""


def consent_missing(consent: ConsentText) -> Text:
    """What is said when the box was not ticked."""
    return {
        "terms": Text(
            "利用規約への同意が必要です。内容を読み、同意できる場合はチェックを入れてください。",
            "Agreeing to the terms is needed. Please read them and tick the box if you agree.",
        ),
        "message_check": Text(
            "メッセージの自動確認への同意が必要です。同意がないと、法律により、メッセージをお預かりできません。",
            "Agreeing to the automatic check is needed: without it the law does not let us carry messages.",
        ),
    }[consent.kind]
