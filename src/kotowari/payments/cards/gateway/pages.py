"""The gateway's own page, as a processor's page looks: what is paid, to whom, and with which card."""

from html import escape
from typing import Any

from kotowari.kernel.money import yen
from kotowari.kernel.text import Language, Text, use_language
from kotowari.payments.cards.gateway.demo_cards import CARDS, DemoCard

STYLE = """
body{margin:0;font:1rem/1.7 "Hiragino Sans","Noto Sans JP","Noto Sans CJK JP",Meiryo,sans-serif;background:#f2f2f2;color:#1a1a1c}
main{max-width:32rem;margin:2rem auto;padding:1.5rem;background:#fff;border:1px solid #949494;border-radius:.75rem;box-sizing:border-box}
h1{font-size:1.375rem;line-height:1.4;margin:0 0 .5rem}.sum{font-size:2rem;font-weight:700;margin:.25rem 0 1rem}
fieldset{border:0;margin:0 0 1rem;padding:0}legend{font-weight:700;margin-bottom:.5rem}
label{display:block;padding:.75rem;border:1px solid #949494;border-radius:.5rem;margin-bottom:.5rem;min-height:1.5rem}
label span{display:block;color:#4d4d4d;font-size:.9375rem;margin-left:1.75rem}
button{font:inherit;font-weight:700;width:100%;min-height:3rem;border:0;border-radius:.5rem;background:#0017c1;color:#fff;cursor:pointer;margin-bottom:.75rem}
button.plain{background:#fff;color:#0017c1;border:1px solid #0017c1}a{color:#0017c1;display:inline-block;padding:.5rem 0}
.note,.no{padding:.75rem;border-radius:.5rem;background:#fff7e0}.no{background:#fdeeee;border:1px solid #ce0000}
:focus-visible{outline:4px solid #000;outline-offset:2px;box-shadow:0 0 0 6px #ffd43d}
@media (max-width:40rem){main{margin:0;border:0;border-radius:0;min-height:100vh}}
"""
WHY = {
    "insufficient_funds": Text("このカードは残高または限度額が足りません。", "This card has not enough funds."),
    "expired_card": Text("このカードは有効期限が切れています。", "This card has expired."),
    "stolen_card": Text("このカードは使えません。", "This card cannot be used."),
    "authentication_failed": Text("本人認証ができませんでした。", "The bank could not tell that it is you."),
}


def pay_page(payment: dict[str, Any], disputes: list[dict[str, Any]], language: Language) -> str:
    """The card form, or what has come of it; of what is paid, the cardholder and the bank can be played."""
    with use_language(language):
        head = _head(payment)
        back = f'<a href="{escape(payment["back_url"])}">{Text("お店に戻る", "Back to the shop")}</a>'
        if payment["state"] != "open":
            words = {
                "succeeded": Text("お支払いが済みました。", "It is paid."),
                "declined": WHY.get(payment["code"], Text("お支払いできませんでした。", "It could not be paid.")),
                "expired": Text("このお支払いは終わっています。", "This payment is over."),
            }[payment["state"]]
            plays = _play(payment, disputes) if payment["state"] == "succeeded" else ""
            return _page(language, head + f'<p class="note" role="status">{words}</p>{back}{plays}')
        why = WHY.get(payment["code"])
        again = Text("別のカードでお試しください。", "Please try another card.")
        no = f'<p class="no" role="alert">{why} {again}</p>' if why else ""
        cards = "".join(_card(card, n == 0) for n, card in enumerate(CARDS))
        return _page(
            language,
            f"""{head}{no}<p class="note">{Text("デモ用のページです。本物のカードは使えません。", "This page is a demo's. It takes no real cards.")}</p>
<form method="post"><fieldset><legend>{Text("カードを選ぶ", "Choose a card")}</legend>{cards}</fieldset>
<button>{Text("支払う", "Pay")}</button></form>{back}""",
        )


def challenge_page(payment: dict[str, Any], card: DemoCard, language: Language) -> str:
    """The bank's own question whether it is really its customer who pays (3-D Secure)."""
    with use_language(language):
        return _page(
            language,
            f"""{_head(payment)}<h2>{Text("カード発行会社の本人認証", "Your bank asks whether it is you")}</h2>
<form method="post" action="/pay/{payment["id"]}/prove"><input type="hidden" name="card" value="{card.number}">
<button name="proved" value="yes">{Text("本人です", "It is me")}</button>
<button class="plain" name="proved" value="no">{Text("認証をやめる", "Do not confirm")}</button></form>""",
        )


def nothing_page(language: Language) -> str:
    """No such payment."""
    with use_language(language):
        return _page(
            language,
            f"<h1>{Text('お支払いが見つかりません', 'There is no such payment')}</h1>"
            f"<p>{Text('お店のページからやり直してください。', 'Please go back to the shop and begin again.')}</p>",
        )


DISPUTED = {
    "open": Text("申立てが出ていて、発行会社が決めるところです。", "It is disputed, and the bank decides."),
    "won": Text("申立ては退けられました。", "The dispute was turned down."),
    "lost": Text("申立てが認められ、カードの持ち主に返しました。", "The cardholder got the money back."),
}


def _play(payment: dict[str, Any], disputes: list[dict[str, Any]]) -> str:
    """What a cardholder, a shop and a bank do about a dispute (chargeback), as buttons of the demo."""
    title = Text("デモ:申立て(チャージバック)を試す", "Demo: try a dispute (chargeback)")
    said = "".join(f'<p class="note">{DISPUTED[each["state"]]}</p>' for each in disputes)
    current = next((each for each in disputes if each["state"] == "open"), None)
    if current is None:
        acts = {"": Text("カードの持ち主として申し立てる", "As cardholder: dispute it")}
    else:
        at = f"/{current['id']}/"
        acts = {f"{at}answer": Text("お店として反論を出す", "As shop: hand in evidence")}
        acts = {} if current["is_answered"] else acts
        acts |= {
            f"{at}won": Text("発行会社として退ける", "As bank: turn it down"),
            f"{at}lost": Text("発行会社として認める", "As bank: give the money back"),
        }
    forms = "".join(
        f'<form method="post" action="/pay/{payment["id"]}/dispute{at}"><button class="plain">{words}</button></form>'
        for at, words in acts.items()
    )
    return f"<h2>{title}</h2>{said}{forms}"


def _head(payment: dict[str, Any]) -> str:
    return f'<h1>{escape(payment["title"])}</h1><p class="sum">{yen(payment["amount_yen"])}</p>'


def _card(card: DemoCard, chosen: bool) -> str:
    tick = " checked" if chosen else ""
    return f'<label><input type="radio" name="card" value="{card.number}"{tick}> {card.number}<span>{card.label}</span></label>'


def _page(language: Language, inside: str) -> str:
    title = Text("見本カード決済", "Sample card payments")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head><body><main>{inside}</main></body></html>"
    )
