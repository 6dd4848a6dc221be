"""How a money story is told: journals and statements as a table, with names for ids."""

import os
import unicodedata
from pathlib import Path
from uuid import UUID

from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.money import yen
from kotowari.ledger.accounts import Account
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balances_of, journal, statement_of

STORIES = Path(__file__).parent / "stories"


def agrees(name: str, told: str) -> bool:
    """Whether a story is told as it was reviewed; `KOTOWARI_WRITE_STORIES=1` writes it anew."""
    kept = STORIES / f"{name}.txt"
    if os.environ.get("KOTOWARI_WRITE_STORIES"):
        kept.write_text(told, encoding="utf-8")
    return told == kept.read_text(encoding="utf-8")


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

    def text(self) -> str:
        """All that was told."""
        return "\n".join(line.rstrip() for line in self.told).lstrip() + "\n"

    def balances(self, title: str, rows: list[Account]) -> None:
        """What is where in the end."""
        self.chapter(title)
        for account, held in balances_of(rows).items():
            self.told.append(f"      {left(self.account(account), 34)}{right(yen(held).ja, 12)}")
        self.told.append(f"      {left('合計', 34)}{right(yen(sum(balances_of(rows).values())).ja, 12)}")
