"""Money stories, told as tables and kept in `stories/`: read them like code when they change.

`KOTOWARI_WRITE_STORIES=1 python -m pytest tests/ledger/test_story.py` writes them anew.
"""

from uuid import UUID

import pytest
from tests.ledger import books
from tests.ledger.telling import STORIES, Teller, agrees

from kotowari.foundation.actors import SYSTEM
from kotowari.ledger import accounts, services
from kotowari.ledger.accounts import Account
from kotowari.ledger.catalogue import CATALOGUE, JournalKind
from kotowari.ledger.services import Line


def tell(clock) -> str:
    teller = Teller()
    client, worker = teller.name("発注者の花田さん"), teller.name("受注者の森さん")
    logo, site, shop = teller.name("ロゴ"), teller.name("サイト"), teller.name("通販")
    logo_money, wrong_money = teller.name("入金1"), teller.name("入金2")
    first, second, back, sent_back = (teller.name(name) for name in ("出金1", "出金2", "返金1", "返送1"))

    teller.chapter("ロゴの仮払い。花田さんは11,000円のところ12,000円を振り込んだ")
    books.receive(12_000, deposit_id=logo_money)
    books.match(logo_money, logo, 11_000)
    clock.move(days=1)
    teller.chapter("余りの1,000円は振込元に返す")
    services.post(
        kind=JournalKind.DEPOSIT_SENT_BACK,
        scope="story",
        key="sent back",
        lines=[Line(accounts.suspense(logo_money), -1_000), Line(accounts.payout_in_flight(sent_back), 1_000)],
        actor=SYSTEM,
        deposit_id=logo_money,
        payout_id=sent_back,
    )
    books.settle(sent_back, 1_000)
    clock.move(days=2)
    teller.chapter("入金を別の仮払いに充ててしまい、取り消してやり直した")
    books.receive(33_000, deposit_id=wrong_money)
    mistake = books.match(wrong_money, shop, 33_000)
    clock.move(days=1)
    services.reverse(journal_id=mistake.id, actor=SYSTEM, reason="マイルストーンの取り違え")
    books.match(wrong_money, site, 33_000)
    clock.move(days=3)
    teller.chapter("ロゴは検収され、システム利用料20%と消費税が引かれて報酬が確定した")
    books.accept(logo, worker, escrow_yen=11_000, fee_yen=2_200, tax_yen=220)
    clock.move(days=2)
    teller.chapter("サイトは途中終了。半分を報酬とし、半分を返す")
    services.post(
        kind=JournalKind.MILESTONE_SPLIT,
        scope="story",
        key="split",
        lines=[
            Line(accounts.escrow(site), -33_000),
            Line(accounts.available(worker), 12_870),
            Line(accounts.fee_income(), 3_300),
            Line(accounts.consumption_tax_payable(), 330),
            Line(accounts.refund_due(client), 16_500),
        ],
        actor=SYSTEM,
        contract_id=site,
        milestone_id=site,
    )
    services.open_lot(member_id=worker, milestone_id=site, amount_yen=12_870)
    clock.move(days=1)
    teller.chapter("返金と締めの出金を振り込む")
    services.post(
        kind=JournalKind.REFUND_REQUESTED,
        scope="story",
        key="refund",
        lines=[Line(accounts.refund_due(client), -16_500), Line(accounts.payout_in_flight(back), 16_500)],
        actor=SYSTEM,
        payout_id=back,
    )
    books.settle(back, 16_500)
    books.request_payout(worker, 21_450, fee_yen=500, payout_id=first)
    books.settle(first, 20_950)
    clock.move(days=2)
    teller.chapter("口座番号の誤りで振込が戻り、もう一度の出金は新しい振込になる")
    books.return_payout(first, worker, 20_950, was_settled=True)
    clock.move(days=13)
    books.request_payout(worker, 20_950, fee_yen=500, payout_id=second)
    books.settle(second, 20_450)
    teller.statement("森さんの未出金報酬の明細(新しい順)", accounts.available(worker))
    teller.statement("システム利用料収入の明細(新しい順)", accounts.fee_income())
    teller.balances(
        "どのお金がどこにあるか",
        [
            accounts.bank_deposits(),
            accounts.bank_payouts(),
            accounts.fee_income(),
            accounts.transfer_fee_income(),
            accounts.consumption_tax_payable(),
            accounts.escrow(logo),
            accounts.escrow(site),
            accounts.escrow(shop),
            accounts.suspense(logo_money),
            accounts.suspense(wrong_money),
            accounts.available(worker),
            accounts.refund_due(client),
            accounts.payout_in_flight(first),
            accounts.payout_in_flight(second),
        ],
    )
    return teller.text()


def earn(clock, teller: Teller, worker: UUID, name: str, escrow_yen: int, fee_yen: int, tax_yen: int) -> UUID:
    """A reward, from the deposit to the acceptance a week later."""
    milestone, money = teller.name(name), teller.name(f"{name}の入金")
    books.receive(escrow_yen, deposit_id=money)
    books.match(money, milestone, escrow_yen)
    clock.move(days=7)
    books.accept(milestone, worker, escrow_yen=escrow_yen, fee_yen=fee_yen, tax_yen=tax_yen)
    return milestone


def post(kind: JournalKind, key: str, lines: list[tuple[Account, int]], **about: UUID) -> UUID:
    """One journal of the story; returns its id."""
    lines_of = [Line(account, amount_yen) for account, amount_yen in lines]
    return services.post(kind=kind, scope="story", key=key, lines=lines_of, actor=SYSTEM, **about).id


def of_time_limits(clock) -> str:
    """森さんはクイック出金を使い、口座のない林さんの報酬は預かられ、失効は誤りなら取り消される。"""
    teller = Teller()
    mori, hayashi = teller.name("森さん"), teller.name("林さん")
    quick, called_off, kept, forfeited, paid = (
        teller.name(name) for name in ("クイック出金1", "クイック出金2", "お預かり1", "失効1", "出金1")
    )
    teller.chapter("森さんと林さんの報酬が確定した")
    earn(clock, teller, mori, "記事", 22_000, 4_400, 440)
    earn(clock, teller, hayashi, "動画", 11_000, 2_200, 220)
    teller.chapter("森さんは10,000円をクイック出金した。利用料は3.5%(350円、税込)、2営業日後に届いた")
    post(
        JournalKind.PAYOUT_REQUESTED,
        "quick",
        [
            (accounts.available(mori), -10_000),
            (accounts.payout_in_flight(quick), 9_650),
            (accounts.quick_fee_income(), 319),
            (accounts.consumption_tax_payable(), 31),
        ],
        payout_id=quick,
    )
    services.take_from_lots(member_id=mori, amount_yen=10_000, payout_id=quick)
    clock.move(days=4)
    books.settle(quick, 9_650)
    teller.chapter("もう一度申し込んだが、銀行に頼む前に取りやめた。利用料も戻る")
    lines = [
        (accounts.available(mori), -7_160),
        (accounts.payout_in_flight(called_off), 6_910),
        (accounts.quick_fee_income(), 228),
        (accounts.consumption_tax_payable(), 22),
    ]
    post(JournalKind.PAYOUT_REQUESTED, "quick again", lines, payout_id=called_off)
    services.take_from_lots(member_id=mori, amount_yen=7_160, payout_id=called_off)
    clock.move(days=1)
    undone = [(account, -amount_yen) for account, amount_yen in lines]
    post(JournalKind.PAYOUT_CANCELLED, "called off", undone, payout_id=called_off)
    services.give_back(payout_id=called_off, amount_yen=7_160)
    clock.move(days=169)
    teller.chapter("失効を定めた市場では、森さんの残りは180日で失効する。障害中だったと分かり、取り消した")
    lines = [(accounts.available(mori), -7_160), (accounts.forfeiture_income(), 7_160)]
    lost = post(JournalKind.REWARD_FORFEITED, "forfeited", lines, payout_id=forfeited)
    services.take_from_lots(member_id=mori, amount_yen=7_160, payout_id=forfeited)
    clock.move(days=3)
    services.reverse(journal_id=lost, actor=SYSTEM, reason="期限の前後にこちらの障害があったため")
    clock.move(days=4)
    teller.chapter("確定から180日。林さんには口座がないので、期限なく預かる")
    lines = [(accounts.available(hayashi), -8_580), (accounts.dormant(hayashi), 8_580)]
    post(JournalKind.REWARD_DORMANT, "kept", lines, payout_id=kept)
    services.take_from_lots(member_id=hayashi, amount_yen=8_580, payout_id=kept)
    clock.move(days=40)
    teller.chapter("林さんが口座を登録すると報酬に戻り、翌日に振り込まれた")
    lines = [(accounts.dormant(hayashi), -8_580), (accounts.available(hayashi), 8_580)]
    post(JournalKind.REWARD_REVIVED, "revived", lines, payout_id=kept)
    services.give_back(payout_id=kept, amount_yen=8_580)
    clock.move(days=1)
    books.request_payout(hayashi, 8_580, payout_id=paid)
    clock.move(days=2)
    books.settle(paid, 8_580)
    teller.statement("森さんの未出金報酬の明細(新しい順)", accounts.available(mori))
    teller.statement("林さんの未出金報酬の明細(新しい順)", accounts.available(hayashi))
    teller.statement("林さんのお預かりの明細(新しい順)", accounts.dormant(hayashi))
    return teller.text()


def of_cards(clock) -> str:
    """カードで払った仮払いが、途中終了でカードに返る。返せなかったカードの分は銀行で返す。"""
    teller = Teller()
    client = teller.name("花田さん")
    site, poster, refund, failing, back, transfer = (
        teller.name(name) for name in ("サイト", "ポスター", "返金1", "返金2", "返金の振込1", "カード会社の入金")
    )
    payments = {site: teller.name("カード払い1"), poster: teller.name("カード払い2")}
    clearing = accounts.card_clearing("stripe")
    for title, milestone, amount_yen in (("サイト", site, 55_000), ("ポスター", poster, 22_000)):
        teller.chapter(f"花田さんは{title}の仮払いをカードで支払った")
        held = accounts.card_held(payments[milestone])
        post(
            JournalKind.CARD_RECEIVED,
            f"received {title}",
            [(clearing, -amount_yen), (held, amount_yen)],
            milestone_id=milestone,
        )
        lines = [(held, -amount_yen), (accounts.escrow(milestone), amount_yen)]
        post(JournalKind.CARD_MATCHED, f"matched {title}", lines, contract_id=milestone, milestone_id=milestone)
    clock.move(days=5)
    teller.chapter("2つとも途中終了になり、仮払いはカードに返る")
    for title, milestone, amount_yen, id in (("サイト", site, 55_000, refund), ("ポスター", poster, 22_000, failing)):
        held = accounts.card_held(payments[milestone])
        lines = [(accounts.escrow(milestone), -amount_yen), (held, amount_yen)]
        post(JournalKind.MILESTONE_REFUNDED, f"ended {title}", lines, contract_id=milestone, milestone_id=milestone)
        lines = [(held, -amount_yen), (accounts.card_refund(id), amount_yen)]
        post(JournalKind.CARD_REFUND_REQUESTED, f"asked {title}", lines, milestone_id=milestone)
    clock.move(days=1)
    teller.chapter("サイトの分はカードに返った")
    post(
        JournalKind.CARD_REFUNDED,
        "refunded",
        [(accounts.card_refund(refund), -55_000), (clearing, 55_000)],
        milestone_id=site,
    )
    teller.chapter("ポスターのカードは解約されていた。銀行振込で返す")
    lines = [(accounts.card_refund(failing), -22_000), (accounts.refund_due(client), 22_000)]
    post(JournalKind.CARD_REFUND_FAILED, "failed", lines, milestone_id=poster)
    lines = [(accounts.refund_due(client), -22_000), (accounts.payout_in_flight(back), 22_000)]
    post(JournalKind.REFUND_REQUESTED, "by bank", lines, payout_id=back)
    clock.move(days=2)
    books.settle(back, 22_000)
    teller.chapter("カード会社は、預かった22,000円から手数料792円を差し引いて振り込んだ")
    books.receive(21_208, deposit_id=transfer)
    lines = [(accounts.suspense(transfer), -21_208), (accounts.card_fees(), -792), (clearing, 22_000)]
    post(JournalKind.CARD_PAID_OUT, "paid out", lines, deposit_id=transfer)
    teller.statement("花田さんの返金の明細(新しい順)", accounts.refund_due(client))
    teller.balances(
        "どのお金がどこにあるか",
        [
            accounts.bank_deposits(),
            accounts.bank_payouts(),
            clearing,
            accounts.card_fees(),
            accounts.escrow(site),
            accounts.escrow(poster),
            accounts.refund_due(client),
        ],
    )
    return teller.text()


def of_own_money(clock) -> str:
    """運営は自分のお金を入れ、銀行の手数料と消費税を払い、得た利用料を引き出す。取り違えは取り消す。"""
    teller = Teller()
    worker = teller.name("森さん")
    own, interest = teller.name("運営の入金"), teller.name("利息の入金")
    bank, funds = accounts.bank_payouts(), accounts.operator_funds()
    teller.chapter("運営は手数料にあてるため、自分のお金50,000円を口座に入れた")
    books.receive(50_000, deposit_id=own)
    lines = [(accounts.suspense(own), -50_000), (funds, 50_000)]
    post(JournalKind.OWN_FUNDS_PUT_IN, "put in", lines, deposit_id=own)
    clock.move(days=1)
    teller.chapter("報酬が確定し、利用料20%と消費税は運営のものになった")
    earn(clock, teller, worker, "記事", 22_000, 4_400, 440)
    teller.chapter("銀行が振込手数料660円を引き落とした。はじめは資金の引出しと取り違え、取り消して記帳し直した")
    wrong = post(JournalKind.OWN_FUNDS_TAKEN_OUT, "wrong", [(bank, 660), (funds, -660)])
    clock.move(days=1)
    services.reverse(journal_id=wrong, actor=SYSTEM, reason="銀行の手数料だった")
    post(JournalKind.BANK_FEE_PAID, "fee", [(bank, 660), (accounts.bank_fees(), -660)])
    teller.chapter("口座に利息12円が付いた")
    books.receive(12, deposit_id=interest)
    lines = [(accounts.suspense(interest), -12), (accounts.interest_income(), 12)]
    post(JournalKind.INTEREST_RECEIVED, "interest", lines, deposit_id=interest)
    clock.move(days=20)
    teller.chapter("月末に、消費税を納め、得た利用料を引き出した")
    post(JournalKind.TAX_PAID, "tax", [(bank, 440), (accounts.consumption_tax_payable(), -440)])
    post(JournalKind.OWN_FUNDS_TAKEN_OUT, "taken out", [(bank, 4_400), (funds, -4_400)])
    teller.statement("運営の資金の明細(新しい順)", funds)
    teller.balances(
        "どのお金がどこにあるか",
        [
            accounts.bank_deposits(),
            bank,
            accounts.available(worker),
            accounts.fee_income(),
            accounts.interest_income(),
            accounts.consumption_tax_payable(),
            accounts.bank_fees(),
            funds,
        ],
    )
    return teller.text()


def of_disputes(clock) -> str:
    """カードの持ち主が取り戻す。戻るもの、運営が負担するもの、返金で埋まるもの。"""
    teller = Teller()
    client, worker = teller.name("花田さん"), teller.name("森さん")
    logo, site, poster, refund = (teller.name(name) for name in ("ロゴ", "サイト", "ポスター", "返金1"))
    disputes = {logo: teller.name("係争1"), site: teller.name("係争2"), poster: teller.name("係争3")}
    clearing, losses, fees = accounts.card_clearing("stripe"), accounts.card_dispute_losses(), accounts.card_fees()
    for title, milestone, amount_yen in (
        ("ロゴ", logo, 11_000),
        ("サイト", site, 55_000),
        ("ポスター", poster, 22_000),
    ):
        teller.chapter(f"花田さんは{title}の仮払いをカードで支払い、カードの発行会社に申立てをした")
        held, disputed = (
            accounts.card_held(teller.name(f"カード払い({title})")),
            accounts.card_disputed(disputes[milestone]),
        )
        post(
            JournalKind.CARD_RECEIVED,
            f"received {title}",
            [(clearing, -amount_yen), (held, amount_yen)],
            milestone_id=milestone,
        )
        lines = [(held, -amount_yen), (accounts.escrow(milestone), amount_yen)]
        post(JournalKind.CARD_MATCHED, f"matched {title}", lines, contract_id=milestone, milestone_id=milestone)
        lines = [(disputed, -amount_yen), (fees, -1_300), (clearing, amount_yen + 1_300)]
        post(JournalKind.CARD_DISPUTE_OPENED, f"disputed {title}", lines, milestone_id=milestone)
    clock.move(days=60)
    teller.chapter("ロゴの申立ては退けられた")
    lines = [(accounts.card_disputed(disputes[logo]), 11_000), (clearing, -11_000)]
    post(JournalKind.CARD_DISPUTE_WON, "won", lines, milestone_id=logo)
    teller.chapter("サイトの申立ては認められた。森さんの報酬は約束どおりで、運営が負担する")
    books.accept(site, worker, escrow_yen=55_000, fee_yen=10_000, tax_yen=1_000)
    lines = [(accounts.card_disputed(disputes[site]), 55_000), (losses, -55_000)]
    post(JournalKind.CARD_DISPUTE_LOST, "lost site", lines, milestone_id=site)
    teller.chapter("ポスターの申立ても認められた。途中で終わったので、その返金は花田さんにもう届いている分に充てる")
    lines = [(accounts.card_disputed(disputes[poster]), 22_000), (losses, -22_000)]
    post(JournalKind.CARD_DISPUTE_LOST, "lost poster", lines, milestone_id=poster)
    held = accounts.card_held(teller.name("カード払い(ポスター)"))
    lines = [(accounts.escrow(poster), -22_000), (held, 22_000)]
    post(JournalKind.MILESTONE_REFUNDED, "ended", lines, contract_id=poster, milestone_id=poster)
    lines = [(held, -22_000), (accounts.card_refund(refund), 22_000)]
    post(JournalKind.CARD_REFUND_REQUESTED, "asked", lines, milestone_id=poster)
    lines = [(accounts.card_refund(refund), -22_000), (losses, 22_000)]
    post(JournalKind.CARD_DISPUTE_COVERED, "covered", lines, milestone_id=poster)
    clock.move(days=20)
    teller.chapter("発行会社が考えを改め、ポスターのお金が戻った。花田さんには銀行振込で返す")
    lines = [(accounts.refund_due(client), 22_000), (clearing, -22_000)]
    post(JournalKind.CARD_DISPUTE_WON, "won late", lines, milestone_id=poster)
    teller.statement("花田さんの返金の明細(新しい順)", accounts.refund_due(client))
    teller.balances(
        "どのお金がどこにあるか",
        [
            clearing,
            fees,
            losses,
            accounts.escrow(logo),
            accounts.available(worker),
            accounts.refund_due(client),
            *(accounts.card_disputed(id) for id in disputes.values()),
        ],
    )
    return teller.text()


STORIES_TOLD = {
    "client_and_worker": tell,
    "time_limits": of_time_limits,
    "cards": of_cards,
    "disputes": of_disputes,
    "own_money": of_own_money,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", STORIES_TOLD)
def test_a_story_is_told_as_it_was_reviewed(clock, name: str) -> None:
    told = STORIES_TOLD[name](clock)
    books.assert_whole()
    assert agrees(name, told)


def test_every_kind_of_journal_is_in_a_story() -> None:
    assert {file.stem for file in STORIES.glob("*.txt")} == set(STORIES_TOLD)
    told = "\n".join(file.read_text(encoding="utf-8") for file in STORIES.glob("*.txt"))
    spoken = {kind: spec.sentence.ja for kind, spec in CATALOGUE.items() if kind != JournalKind.REVERSAL}
    assert [kind for kind, sentence in spoken.items() if f" {sentence}" not in told] == []
    assert " 取消:" in told
