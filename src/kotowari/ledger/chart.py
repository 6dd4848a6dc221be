"""The chart of accounts as a page, made from the classes and the catalogue.

`python -m kotowari.ledger.chart > docs/domain/chart-of-accounts.md` writes it; a test keeps the two in step.
"""

from kotowari.kernel.text import Text
from kotowari.ledger.accounts import ACCOUNT_CLASSES, NO_FLOOR_YEN, AccountClass
from kotowari.ledger.catalogue import CATALOGUE, KindOfJournal

_INTRODUCTION = """# Chart of accounts / 勘定科目表

Made from `ledger/accounts.py` and `ledger/catalogue` by `python -m kotowari.ledger.chart`; a test fails when
they differ. Why the ledger is built as it is stands in [its page](../subsystems/ledger.md).

**Signs.** Amounts are credit-positive (貸方がプラス): what the market owes to somebody or has earned is positive,
and what lies in its bank accounts is negative. A deposit of 10,000 yen is `bank:deposits −10,000` and
`suspense +10,000`. Therefore every journal, and the whole ledger, sums to zero; and an account that must never
fall below zero is one that the market owes on.

**Balance.** `exact`: one row holds the balance and is locked while it changes; its postings are numbered and carry
the balance after them. `rolled up`: every journal moves it, so nobody waits for it; the balance is what was rolled
up so far plus what came since, and reads exactly the same.

**Pending is an account, never a flag**: money on its way is in an account of its own until its outcome is known.
"""


def render() -> str:
    """The page in Markdown."""
    parts = [_INTRODUCTION, "## Accounts / 勘定科目\n", *_accounts(), "\n## Journals / 仕訳\n"]
    for kind, spec in CATALOGUE.items():
        parts += _journal(kind.value, spec)
    return "\n".join(parts) + "\n"


def code_of(account_class: AccountClass) -> str:
    """How the accounts of a class are called."""
    owner = account_class.owner_kind
    return f"{account_class.name}:{owner}:<{owner} id>" if owner else account_class.name


def _both(text: Text) -> str:
    return f"{text.ja} / {text.en}"


def _accounts() -> list[str]:
    rows = ["| Code | Name | Kind | Floor | Balance | What it is |", "|---|---|---|---|---|---|"]
    for account_class in ACCOUNT_CLASSES.values():
        floor = "none" if account_class.floor_yen == NO_FLOOR_YEN else "0"
        balance = "exact" if account_class.mode == "sync" else "rolled up"
        rows.append(
            f"| `{code_of(account_class)}` | {_both(account_class.title)} | {account_class.kind} | {floor} "
            f"| {balance} | {account_class.meaning.ja}<br>{account_class.meaning.en} |"
        )
    return rows


def _journal(kind: str, spec: KindOfJournal) -> list[str]:
    parts = [
        f"### `{kind}` {_both(spec.title)}\n",
        f"「{spec.sentence.ja}」 / “{spec.sentence.en}”\n",
        f"{spec.meaning.ja}<br>{spec.meaning.en}\n",
    ]
    if spec.references:
        names = ", ".join(f"`{name}`" for name in spec.references)
        once = f"; at most one that was not reversed per `{spec.once_per}`" if spec.once_per else ""
        parts.append(f"About: {names}{once}.\n")
    if spec.moves:
        parts += ["| Account | Sign | | What its owner reads |", "|---|---|---|---|"]
        for move in spec.moves:
            sign = {"+": "+", "-": "−", "+-": "+ or −"}[move.sign]
            needed = "always" if move.is_required else "if any"
            parts.append(
                f"| `{move.account.name}` {move.account.title.ja} | {sign} | {needed} | {_both(move.sentence)} |"
            )
        parts.append("")
    return parts


if __name__ == "__main__":
    print(render(), end="")
