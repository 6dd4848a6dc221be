"""A money story, told as a table and kept beside the test: read it like code when it changes.

`KOTOWARI_WRITE_STORIES=1 python -m pytest tests/ledger/test_story.py` writes it anew.
"""

import os
import unicodedata
from pathlib import Path
from uuid import UUID

import pytest
from tests.ledger import books

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.money import yen
from kotowari.ledger import accounts, services
from kotowari.ledger.accounts import Account
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balances_of, journal, statement_of
from kotowari.ledger.services import Line

STORY = Path(__file__).parent / "story.txt"


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def left(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def right(text: str, columns: int) -> str:
    return " " * (columns - width(text)) + text


class Teller:
    """Tells journals and statements, with names for ids."""

    def __init__(self) -> None:
        self.names: dict[UUID, str] = {}
        self.told: list[str] = []
        self.seen: set[UUID] = set()

    def name(self, name: str) -> UUID:
        """A new id that the story calls so."""
        id = new_id()
        self.names[id] = name
        return id

    def account(self, account: Account) -> str:
        owner = f" {self.names[account.owner_id]}" if account.owner_id else ""
        return f"{account.of.title.ja}{owner}"

    def chapter(self, title: str) -> None:
        """A heading, and every journal since the last one."""
        new = [view for id in Journal.objects.order_by("id").values_list("id", flat=True) if (view := journal(id))]
        for view in new:
            if view.id in self.seen:
                continue
            self.seen.add(view.id)
            day = kernel_clock.tokyo(view.occurred_at).strftime("%m/%d")
            reason = f"(理由: {view.reason})" if view.reason else ""
            self.told.append(f"{day} {view.sentence.ja}{reason}")
            for line in view.lines:
                sign = "+" if line.amount_yen > 0 else ""
                self.told.append(
                    f"      {left(self.account(line.account), 34)}{right(sign + yen(line.amount_yen).ja, 12)}"
                )
        if title:
            self.told += ["", f"■ {title}"]

    def statement(self, title: str, account: Account) -> None:
        """An account as its owner reads it, newest first."""
        self.chapter(title)
        for row in statement_of(account).rows:
            day = kernel_clock.tokyo(row.occurred_at).strftime("%m/%d")
            after = "" if row.balance_after_yen is None else yen(row.balance_after_yen).ja
            amount = ("+" if row.amount_yen > 0 else "") + yen(row.amount_yen).ja
            self.told.append(f"{day} {left(row.sentence.ja, 40)}{right(amount, 12)}{right(after, 12)}")

    def balances(self, title: str, rows: list[Account]) -> None:
        """What is where in the end."""
        self.chapter(title)
        for account, held in balances_of(rows).items():
            self.told.append(f"      {left(self.account(account), 34)}{right(yen(held).ja, 12)}")
        self.told.append(f"      {left('合計', 34)}{right(yen(sum(balances_of(rows).values())).ja, 12)}")


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
    teller.chapter("返金と締めの出金を振り込む。資金を振込用口座に移しておく")
    services.post(
        kind=JournalKind.OWN_FUNDS_MOVED,
        scope="story",
        key="moved",
        lines=[Line(accounts.bank_deposits(), 40_000), Line(accounts.bank_payouts(), -40_000)],
        actor=SYSTEM,
    )
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
    return "\n".join(line.rstrip() for line in teller.told).lstrip() + "\n"


@pytest.mark.django_db
def test_the_story_of_a_client_and_a_worker_is_told_as_it_was(clock):
    told = tell(clock)
    books.assert_whole()
    if os.environ.get("KOTOWARI_WRITE_STORIES"):
        STORY.write_text(told, encoding="utf-8")
    assert told == STORY.read_text(encoding="utf-8")
