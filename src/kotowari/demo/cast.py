"""The demo's cast: those whose sign-ins are printed, and one member of each kind of trouble, with names that tell."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from kotowari.demo.deals import Deal
from kotowari.demo.offers import Offer, make_offer
from kotowari.demo.people import Client, Worker, works_of
from kotowari.kernel.text import Text

Side = Literal["client", "worker", "staff", "newcomer"]


@dataclass(frozen=True, slots=True)
class Role:
    """A member who is there for something: `what` says what their pages show."""

    side: Side
    username: str
    shown: str
    kana: str
    what: Text
    group: str = "office"


CLIENT = Role(
    "client",
    "hanada_shouten",
    "花田商店",
    "ハナダシヨウテン",
    Text(
        "発注者。検収を待つ納品と、あらゆる段階の契約がある",
        "a client with a delivery to accept and contracts in every state",
    ),
    "design",
)
WORKER = Role(
    "worker",
    "mori_yu",
    "森 ゆう",
    "モリ ユウ",
    Text(
        "受注者。確定した報酬・出金の記録・進行中の仕事がある", "a worker with rewards, past payouts and work in hand"
    ),
    "writing",
)
NEWCOMER = Role(
    "newcomer",
    "aoi_newcomer",
    "あおい(はじめたばかり)",
    "アオイ ハジメ",
    Text("今日登録したばかりの会員。まだ何もない", "a member who joined today and has nothing yet"),
)
STAFF = Role(
    "staff",
    "tantou_suzuki",
    "運営 鈴木",
    "スズキ タントウ",
    Text(
        "運営の担当者。お問い合わせ・入金・仮受金・振込の束・会員の「なぜ」",
        "staff: questions, deposits, suspense, payout runs, a member's “why”",
    ),
)
SECOND_STAFF = Role(
    "staff",
    "tantou_sato",
    "運営 佐藤",
    "サトウ タントウ",
    Text("運営のもう一人の担当者", "another member of staff"),
)

TROUBLES = (
    Role("worker", "no_bank_account", "口座 未登録", "ミトウロク コウザ", Text("報酬が確定したのに口座がなく、締めのたびに繰り越される", "rewards are fixed but no bank account is registered: carried over at every closing")),
    Role("worker", "below_minimum", "少額 みのる", "シヨウガク ミノル", Text("報酬が最低額に届かず、繰り越される", "the reward is below the minimum and is carried over"), "office"),
    Role("worker", "carries_over", "繰越 えらぶ", "クリコシ エラブ", Text("キャリーオーバー方式を選び、古さの違う報酬がたまっている", "chose carry-over: lots of different ages wait"), "media"),
    Role("worker", "saves_up", "貯金 たまる", "チヨキン タマル", Text("5万円以上で出金する方式を選び、まだ届いていない", "is paid from 50,000 yen on and has not reached it"), "design"),
    Role("worker", "transfer_returned", "組戻 もどる", "クミモドシ モドル", Text("振込が銀行から戻り、口座の確認が要る", "the bank sent a transfer back; the account has to be checked"), "it"),
    Role("worker", "never_delivers", "未納 のばす", "ミノウ ノバス", Text("納品しないまま期限が過ぎ、仮払いが返金された。屋号つきの口座が運営の確認を待っている", "delivered nothing in time; the escrow was refunded; an account with a trade name waits for staff"), "it"),
    Role("worker", "asked_for_changes", "修正 なおす", "シユウセイ ナオス", Text("修正依頼に答える期限が迫っている", "has to answer a change request in time"), "design"),
    Role("worker", "english_reader", "Alex Example", "アレツクス エグザンプル", Text("英語でお知らせを受け取る会員", "reads the market's mails in English"), "writing"),
    Role("worker", "very_long_name", "とても長い表示名を使っている会員の表示がくずれないことを確かめるための見本の会員です五十字", "ナガイ ナマエ", Text("表示名が50文字。名前の長い契約もある", "a display name of 50 characters, and contracts with it"), "office"),
    Role("client", "never_pays", "仮払 わすれ商会", "ワスレシヨウカイ", Text("契約したのに仮払いをせず、1件は取りやめ、1件は期限待ち", "made contracts but paid nothing: one cancelled, one waits for its deadline"), "it"),
    Role("client", "paid_too_little", "不足 たりない工業", "タリナイコウギヨウ", Text("振込が3,000円足りず、仮受金で待っている", "paid 3,000 yen too little: it waits in suspense"), "media"),
    Role("client", "paid_too_much", "過払 おおい企画", "オオイキカク", Text("5,000円多く振り込み、余りが仮受金にある", "paid 5,000 yen too much: the rest is in suspense"), "writing"),
    Role("client", "refund_waits", "返金 まち商店", "マチシヨウテン", Text("返金があるのに口座がなく、運営が預かっている", "a refund is due but there is no account to send it to"), "office"),
    Role("client", "never_answers", "無言 しずか社", "シズカシヤ", Text("検収しないので、期限で自動検収になる", "never answers: deliveries are accepted by the clock"), "writing"),
    Role("client", "wants_to_end", "中止 やめたい堂", "ヤメタイドウ", Text("途中終了を申し出て、返事を待っている", "asked to end a contract early and waits for the answer"), "design"),
)  # fmt: skip
ROLES = (CLIENT, WORKER, NEWCOMER, STAFF, SECOND_STAFF, *TROUBLES)
PRINTED = (CLIENT, WORKER, NEWCOMER, STAFF)
LATE_WITH_ACCOUNT = TROUBLES[0]
"""Registers an account at last, when the rewards have been kept for a while."""

TRADER = "never_delivers"
"""Has a trade name, on the bank account as well."""

Clients = Mapping[str, Client]
Workers = Mapping[str, Worker]


def first_offers(rng: random.Random) -> Callable[[str], Offer]:
    """Offers for the cast, one after the other out of a group of categories."""
    decks = {}

    def deal_out(group: str) -> Offer:
        if group not in decks:
            decks[group] = [(work, variant) for work in works_of(group) for variant in work.variants if work.hires == 1]
            rng.shuffle(decks[group])
        return make_offer(rng, *decks[group].pop(), again=0)

    return deal_out


def deals_of_the_cast(last: int, clients: Clients, workers: Workers, offer: Callable[[str], Offer]) -> list[Deal]:
    """What brings every role to where it stands on the last day."""
    return [
        *_of_the_printed(last, clients, workers, offer),
        *_about_rewards(last, clients, workers, offer),
        *_about_payments(last, clients, workers, offer),
        *_about_silence(last, clients, workers, offer),
    ]


def _of_the_printed(last: int, clients: Clients, workers: Workers, offer: Callable[[str], Offer]) -> list[Deal]:
    """The client whose sign-in is printed has a contract in every state; the worker is in some of them."""
    hanada, mori = clients[CLIENT.username], workers[WORKER.username]
    fixing, english, long = (workers[n] for n in ("asked_for_changes", "english_reader", "very_long_name"))

    def deal(worker: Worker, hired: int, **more: object) -> Deal:
        group = str(more.pop("group", worker.group))
        given: dict[str, object] = {"posted": hired - 5, "worker": worker, "hired": hired, **more}
        return Deal(client=hanada, offer=offer(group), **given)  # type: ignore[arg-type]

    return [
        deal(mori, last - 16, delivers_after=12, answers_after=None, price_yen=48_000),
        deal(english, last - 14, delivers_after=11, answers_after=None, price_yen=33_000),
        deal(mori, last - 2, pays="never", price_yen=60_000),
        deal(mori, last - 13, delivers_after=30, price_yen=90_000),
        deal(fixing, last - 15, delivers_after=10, has_changes=True, answers_after=2, redelivers_after=None),
        deal(mori, last - 40, delivers_after=6, answers_after=1, price_yen=27_000),
        deal(english, last - 45, delivers_after=6, ends="agreed", ends_after=4, price_yen=20_000),
        deal(long, last - 30, pays="never"),
        deal(mori, last - 12, delivers_after=4, answers_after=1, price_yen=120_000, parts=("構成案", "前半", "後半"), due_after=14),
        deal(long, last - 10, delivers_after=20, ends="open", ends_after=7, end_asked_by="worker"),
        Deal(client=hanada, offer=offer("design"), posted=last - 6, open_days=20, others=_some(workers, 6)),
    ]  # fmt: skip


def _some(workers: Workers, count: int) -> list[Worker]:
    return [w for w in workers.values() if w.username not in {WORKER.username}][:count]


def _about_rewards(last: int, clients: Clients, workers: Workers, offer: Callable[[str], Offer]) -> list[Deal]:
    """Rewards of different ages, and each reason for which one is not paid out."""
    answering = [clients[name] for name in ("paid_too_much", "refund_waits", "wants_to_end", "paid_too_little")]

    def reward(username: str, fixed: int, price_yen: int, number: int) -> Deal:
        worker = workers[username]
        return Deal(
            client=answering[number % len(answering)],
            offer=offer(worker.group),
            posted=max(fixed - 13, 2),
            worker=worker,
            hired=fixed - 9,
            delivers_after=6,
            answers_after=0,
            price_yen=price_yen,
        )

    lots = (
        ("mori_yu", last - 58, 36_000), ("mori_yu", last - 33, 18_000), ("mori_yu", last - 21, 52_000),
        ("mori_yu", last - 3, 24_000),
        ("no_bank_account", last - 50, 15_000), ("no_bank_account", last - 19, 22_000),
        ("below_minimum", last - 35, 500),
        ("carries_over", last - 57, 40_000), ("carries_over", last - 38, 25_000), ("carries_over", last - 6, 31_000),
        ("saves_up", last - 44, 18_000), ("saves_up", last - 24, 12_000),
        ("transfer_returned", last - 55, 66_000),
        # One of these is taken in by the last closing, whenever that was, and is now on its way.
        ("english_reader", last - 17, 28_000), ("english_reader", last - 5, 19_000),
    )  # fmt: skip
    return [reward(*lot, n) for n, lot in enumerate(lots)]


def _about_payments(last: int, clients: Clients, workers: Workers, offer: Callable[[str], Offer]) -> list[Deal]:
    """Money that does not come, or comes in another amount; money that has to go back."""

    def deal(client: str, worker: str, hired: int, **more: object) -> Deal:
        given: dict[str, object] = {"posted": hired - 6, "worker": workers[worker], "hired": hired, **more}
        return Deal(client=clients[client], offer=offer(workers[worker].group), **given)  # type: ignore[arg-type]

    return [
        deal("never_pays", "saves_up", last - 22, pays="never"),
        deal("never_pays", "english_reader", last - 3, pays="never"),
        deal("paid_too_little", "carries_over", last - 7, pays="too_little", price_yen=40_000),
        deal("paid_too_much", "mori_yu", last - 8, pays="too_much", price_yen=30_000, delivers_after=25),
        deal("refund_waits", "asked_for_changes", last - 26, ends="agreed", ends_after=5, delivers_after=20),
        deal("wants_to_end", "no_bank_account", last - 12, ends="open", ends_after=9, delivers_after=25),
    ]


def _about_silence(last: int, clients: Clients, workers: Workers, offer: Callable[[str], Offer]) -> list[Deal]:
    """What the clock does when somebody says nothing."""
    silent = clients["never_answers"]
    late = workers["never_delivers"]
    return [
        Deal(
            client=silent,
            offer=offer("writing"),
            posted=last - 45,
            worker=workers["english_reader"],
            hired=last - 40,
            delivers_after=8,
            answers_after=None,
        ),
        Deal(
            client=clients["wants_to_end"],
            offer=offer("it"),
            posted=last - 50,
            worker=late,
            hired=last - 45,
            delivers_after=None,
            due_after=12,
        ),
        Deal(client=silent, offer=offer("media"), posted=last - 48, open_days=10, others=_some(workers, 3)),
    ]
