"""The directory of Japanese banks and branches, from the `zengin-code` package.

The package loads everything when it is imported; a web process that needs three names should not. Its data
files are read here directly, one bank's branches when first asked for. A test holds the two readings equal.
Branches merge and vanish: a stored account keeps its stored names and is looked up again at every payout.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kotowari.kernel.errors import InputError
from kotowari.kernel.kana import FieldClass, cut_bank_text, fold_digits, nfkc, to_bank_text, to_katakana, to_large_kana
from kotowari.kernel.text import Text

NAME_BYTES: Final = 15
FICTIONAL_BANKS: Final = frozenset({"9990", "9997", "9998", "9999"})
"""Numbers that no bank has: for demos and tests, never for a real transfer."""

_NO_SUFFIX: Final = ("銀行", "金庫", "中金", "機構", "信連", "信漁連", "農協", "漁協", "労金連", "全信組連")
_GA: Final = re.compile("(?<=[一-鿿])[ガケカ](?=[一-鿿])")
_FOREIGN_SIGNS: Final = frozenset("・、 ")
_BRANCH_ENDINGS: Final = (
    "本店",
    "支店",
    "出張所",
    "代理店",
    "本所",
    "支所",
    "部",
    "所",
    "店",
    "センター",
    "オフィス",
    "プラザ",
)
_BANK_ENDINGS: Final = ("銀行", "信用金庫", "信金", "信用組合", "信組", "労働金庫", "労金", "農協", "農業協同組合")
_BRANCH_SUFFIXES: Final = ("支店", "出張所", "店")
_KANA_ENDINGS: Final = ("ギンコウ",)


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank. `kana` is full width with large kana only, as the directory has it."""

    code: str
    name: str
    kana: str
    roma: str

    @property
    def display_name(self) -> str:
        """The name as people say it: みずほ → みずほ銀行. For showing only."""
        name = nfkc(self.name)
        if name.endswith(_NO_SUFFIX) or _FOREIGN_SIGNS & set(name):
            return name
        for short, long in (("信金", "信用金庫"), ("信組", "信用組合"), ("労金", "労働金庫")):
            if name.endswith(short):
                return name.removesuffix(short) + long
        return name + "銀行"

    @property
    def file_name(self) -> str:
        """The name as a bank file writes it: half-width, at most 15 bytes."""
        return _file_name(self.kana)


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of one bank."""

    bank_code: str
    code: str
    name: str
    kana: str
    roma: str

    @property
    def display_name(self) -> str:
        """The name as people say it: 渋谷 → 渋谷支店, 東京営業部 as it is, ゆうちょ's 〇五八 → 〇五八店."""
        name = nfkc(self.name)
        if self.bank_code >= "3000" and self.bank_code != YUCHO_BANK_CODE:
            return name
        if name.endswith(_BRANCH_ENDINGS):
            return name
        return name + ("店" if self.bank_code == YUCHO_BANK_CODE else "支店")

    @property
    def file_name(self) -> str:
        """The name as a bank file writes it: half-width, at most 15 bytes."""
        return _file_name(self.kana)


YUCHO_BANK_CODE: Final = "9900"


@dataclass(frozen=True, slots=True)
class Destination:
    """A branch that exists, with its bank."""

    bank: Bank
    branch: Branch


def is_fictional(bank_code: str) -> bool:
    """Whether this number is one that no bank has, kept for samples."""
    return bank_code in FICTIONAL_BANKS


class BankDirectory:
    """Banks by number, their branches by number, and search in both by what people type."""

    def __init__(self, folder: Path, *, include_fictional: bool = False) -> None:
        self._folder = folder
        self._include_fictional = include_fictional
        stamp = (folder / "updated_at").read_text("ascii").strip()
        self.updated_on: Final = date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
        rows = _load(folder / "banks.json")
        found = {code: Bank(code, r["name"], r["kana"], r["roma"]) for code, r in sorted(rows.items())}
        if include_fictional:
            found |= _SAMPLE_BANKS
        self.banks: Final[Mapping[str, Bank]] = MappingProxyType(found)
        self._branches: dict[str, Mapping[str, Branch]] = {}
        self._bank_index: list[_Entry] | None = None
        self._branch_indexes: dict[str, list[_Entry]] = {}

    def bank(self, code: str) -> Bank | None:
        """The bank with this number, if there is one."""
        return self.banks.get(code)

    def branches(self, bank_code: str) -> Mapping[str, Branch]:
        """A bank's branches by number; none for a bank that is not there."""
        if bank_code not in self.banks:
            return MappingProxyType({})
        if bank_code not in self._branches:
            self._branches[bank_code] = MappingProxyType(self._read_branches(bank_code))
        return self._branches[bank_code]

    def branch(self, bank_code: str, branch_code: str) -> Branch | None:
        """The branch with this number, if this bank has it."""
        return self.branches(bank_code).get(branch_code)

    def search_banks(self, query: str, *, limit: int = 20) -> list[Bank]:
        """Banks by number, name, kana, hiragana or Latin letters; the best first, then by number."""
        if self._bank_index is None:
            self._bank_index = [_Entry.of(bank) for bank in self.banks.values()]
        return [entry.item for entry in _search(self._bank_index, query, _BANK_ENDINGS, _KANA_ENDINGS, limit)]

    def search_branches(self, bank_code: str, query: str, *, limit: int = 20) -> list[Branch]:
        """A bank's branches by number, name, kana, hiragana or Latin letters; the best first, then by number."""
        if bank_code not in self._branch_indexes:
            self._branch_indexes[bank_code] = [_Entry.of(b) for b in self.branches(bank_code).values()]
        index = self._branch_indexes[bank_code]
        return [entry.item for entry in _search(index, query, _BRANCH_SUFFIXES, ("シテン",), limit)]

    def destination(self, bank_code: str, branch_code: str) -> Destination:
        """The bank and its branch.

        Raises `InputError` on `bank_code` or `branch_code`, with what would be right. Digits may be full width.
        """
        bank_digits, branch_digits = fold_digits(bank_code), fold_digits(branch_code)
        bank = self.bank(bank_digits)
        if bank is None:
            raise InputError({"bank_code": [self._no_bank(bank_digits)]})
        branch = self.branch(bank.code, branch_digits)
        if branch is None:
            raise InputError({"branch_code": [self._no_branch(bank, branch_digits)]})
        return Destination(bank, branch)

    def _no_bank(self, typed: str) -> Text:
        if not (len(typed) == 4 and typed.isascii() and typed.isdigit()):
            return Text(
                f"銀行番号は4桁の数字です(「{typed}」が入力されています)。銀行名から選ぶこともできます。",
                f"A bank number has 4 digits (“{typed}” was entered). You can also choose the bank by name.",
            )
        return Text(
            f"銀行番号{typed}の銀行はありません({self.updated_on}時点)。合併などで変わった場合は、"
            "通帳か銀行のサイトで現在の番号を確認してください。",
            f"There is no bank {typed} (as of {self.updated_on}). If it has merged, look up its present number.",
        )

    def _no_branch(self, bank: Bank, typed: str) -> Text:
        if not (len(typed) == 3 and typed.isascii() and typed.isdigit()):
            return Text(
                f"支店番号は3桁の数字です(「{typed}」が入力されています)。支店名から選ぶこともできます。",
                f"A branch number has 3 digits (“{typed}” was entered). You can also choose the branch by name.",
            )
        return Text(
            f"{bank.display_name}に支店番号{typed}の支店はありません({self.updated_on}時点)。統廃合で変わった場合は、"
            "通帳か銀行のサイトで現在の番号を確認してください。",
            f"{bank.display_name} has no branch {typed} (as of {self.updated_on}). If it has merged, look up "
            "its present number.",
        )

    def _read_branches(self, bank_code: str) -> dict[str, Branch]:
        if bank_code in _SAMPLE_BANKS:
            return _SAMPLE_BRANCHES[bank_code]
        rows = _load(self._folder / "branches" / f"{bank_code}.json")
        return {code: Branch(bank_code, code, r["name"], r["kana"], r["roma"]) for code, r in sorted(rows.items())}


@lru_cache(maxsize=2)
def directory(*, include_fictional: bool = False) -> BankDirectory:
    """The directory, read once per process. `include_fictional` adds banks for demos and tests."""
    spec = find_spec("zengin_code")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package zengin-code is not installed")
    folder = Path(spec.submodule_search_locations[0]) / "source-data" / "data"
    return BankDirectory(folder, include_fictional=include_fictional)


def _load(path: Path) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return loaded


@cache
def _file_name(kana: str) -> str:
    plain = nfkc(kana).replace(".", " ")
    return cut_bank_text(to_bank_text(plain, FieldClass.BANK_NAME), NAME_BYTES)


# --------------------------------------------------------------------------------------------------------
# Search


def _name_key(name: str) -> str:
    """Width, case, small kana and the ways to write the が of 自由が丘 (ヶ, ケ, ガ) are set aside."""
    key = to_large_kana(to_katakana(nfkc(name).casefold())).replace(" ", "")
    return _GA.sub("ケ", key)


def _kana_key(kana: str) -> str:
    """Full-width katakana with large kana only and one kind of dash."""
    key = to_large_kana(to_katakana(nfkc(kana).casefold()))
    return "".join("-" if ch in "ー−‐–—―" else ch for ch in key if ch not in " .・")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One bank or branch with every form that a query is held against."""

    item: Any
    code: str
    names: tuple[str, str]
    kana: str
    roma: str

    @classmethod
    def of(cls, item: Bank | Branch) -> "_Entry":
        names = (_name_key(item.name), _name_key(item.display_name))
        return cls(item, item.code, names, _kana_key(item.kana), item.roma)

    def rank(self, name: str, kana: str) -> int | None:
        """How well this entry answers: 0 is best, None not at all."""
        if name in (self.code, self.roma, *self.names) or kana == self.kana:
            return 0
        if self.code.startswith(name) or self.names[0].startswith(name):
            return 2
        if self.kana.startswith(kana) or self.roma.startswith(name):
            return 3
        return 4 if name in self.names[0] or name in self.names[1] else None


def _search(
    index: Iterable[_Entry], query: str, endings: tuple[str, ...], kana_endings: tuple[str, ...], limit: int
) -> list[_Entry]:
    typed = nfkc(query).strip()
    if not typed:
        return []
    katakana = to_large_kana(to_katakana(typed))
    readings = [(_name_key(typed), _kana_key(typed), 0)]
    shorter = [typed.removesuffix(ending) for ending in endings if typed.endswith(ending) and typed != ending]
    shorter += [katakana.removesuffix(end) for end in kana_endings if katakana.endswith(end) and katakana != end]
    readings += [(_name_key(text), _kana_key(text), 1) for text in shorter]
    ranked = []
    for entry in index:
        ranks = [rank + worse for name, kana, worse in readings if (rank := entry.rank(name, kana)) is not None]
        if ranks:
            ranked.append((min(ranks), entry.code, entry))
    ranked.sort(key=lambda found: found[:2])
    return [entry for _, _, entry in ranked[:limit]]


# --------------------------------------------------------------------------------------------------------
# Samples

_SAMPLE_BANKS: Final = {
    "9998": Bank("9998", "見本第二", "ミホンダイニ", "mihondaini"),
    "9999": Bank("9999", "見本", "ミホン", "mihon"),
}
_SAMPLE_BRANCHES: Final = {
    bank_code: {
        code: Branch(bank_code, code, name, kana, roma)
        for code, name, kana, roma in (
            ("997", "北", "キタ", "kita"),
            ("998", "駅前", "エキマエ", "ekimae"),
            ("999", "本店", "ホンテン", "honten"),
        )
    }
    for bank_code in _SAMPLE_BANKS
}
