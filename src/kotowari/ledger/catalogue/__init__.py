"""The kinds of journals: what each says, to whom, and which accounts it may move in which direction.

`post` keeps to it, `docs/domain/chart-of-accounts.md` is made from it, and `kotowari verify` reads the whole
ledger against it. A new way for money to move is a new entry here, with its words, before it is code.
"""

from collections.abc import Mapping

from kotowari.kernel.text import Text
from kotowari.ledger.accounts import AccountClass
from kotowari.ledger.catalogue.cards import CARDS
from kotowari.ledger.catalogue.kinds import JournalKind, KindOfJournal, Move, Sign, Subject
from kotowari.ledger.catalogue.own_money import OWN_MONEY
from kotowari.ledger.catalogue.work import WORK

__all__ = ["CATALOGUE", "JournalKind", "KindOfJournal", "Move", "Sign", "Subject", "sentence_for", "sentence_of"]

CATALOGUE: Mapping[JournalKind, KindOfJournal] = {
    **WORK,
    **CARDS,
    **OWN_MONEY,
    JournalKind.REVERSAL: KindOfJournal(
        title=Text("取消", "Reversal"),
        sentence=Text("取り消しました", "Reversed"),
        meaning=Text(
            "誤った仕訳を、同じ口座・逆の金額・今日の日付で取り消す。1つの仕訳につき1度だけ。取消そのものは取り消せない。",
            "Takes back a mistaken journal: the same accounts, opposite amounts, dated today, once per journal. "
            "A reversal itself is not reversed.",
        ),
        moves=(),
    ),
}

_REVERSED = Text("取消:{sentence}", "Reversed: {sentence}")


def sentence_of(kind: JournalKind, reversed_kind: JournalKind | None = None) -> Text:
    """What a journal says; of a reversal, with what it reverses."""
    if reversed_kind is not None:
        return _REVERSED.format(sentence=CATALOGUE[reversed_kind].sentence)
    return CATALOGUE[kind].sentence


def sentence_for(account_class: AccountClass, kind: JournalKind, reversed_kind: JournalKind | None = None) -> Text:
    """What a journal says to the owner of one of its accounts."""
    spec = CATALOGUE[reversed_kind or kind]
    move = spec.move_of(account_class)
    sentence = move.sentence if move is not None else spec.sentence
    return _REVERSED.format(sentence=sentence) if reversed_kind is not None else sentence
