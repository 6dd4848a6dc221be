"""The banks' short forms for kinds of companies: 株式会社 is written `ｶ)` before the name and `(ｶ` after it.

The list is the one that banks publish for transfer names (法人略語, 営業所略語). Half-width kana throughout,
small kana already made large, as in a bank's file.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class CompanyForm:
    """One kind of company: its short form in a file, the words it stands for, and how those are read."""

    short: str
    words: tuple[str, ...]
    readings: tuple[str, ...] = ()


COMPANY_FORMS: Final[tuple[CompanyForm, ...]] = (
    CompanyForm("ｶ", ("株式会社", "㈱", "(株)"), ("ｶﾌﾞｼｷｶﾞｲｼﾔ", "ｶﾌﾞｼｷｶｲｼﾔ")),
    CompanyForm("ﾕ", ("有限会社", "㈲", "(有)"), ("ﾕｳｹﾞﾝｶﾞｲｼﾔ", "ﾕｳｹﾞﾝｶｲｼﾔ")),
    CompanyForm("ﾒ", ("合名会社", "㈴", "(名)"), ("ｺﾞｳﾒｲｶﾞｲｼﾔ", "ｺﾞｳﾒｲｶｲｼﾔ")),
    CompanyForm("ｼ", ("合資会社", "㈾", "(資)"), ("ｺﾞｳｼｶﾞｲｼﾔ", "ｺﾞｳｼｶｲｼﾔ")),
    CompanyForm("ﾄﾞ", ("合同会社", "(同)"), ("ｺﾞｳﾄﾞｳｶﾞｲｼﾔ", "ｺﾞｳﾄﾞｳｶｲｼﾔ")),
    CompanyForm(
        "ｲ",
        ("社会医療法人", "医療法人社団", "医療法人財団", "医療法人", "(医)"),
        ("ｼﾔｶｲｲﾘﾖｳﾎｳｼﾞﾝ", "ｲﾘﾖｳﾎｳｼﾞﾝｼﾔﾀﾞﾝ", "ｲﾘﾖｳﾎｳｼﾞﾝｻﾞｲﾀﾞﾝ", "ｲﾘﾖｳﾎｳｼﾞﾝ"),
    ),
    CompanyForm(
        "ｻﾞｲ",
        ("一般財団法人", "公益財団法人", "財団法人", "㈶", "(財)", "(一財)", "(公財)"),
        ("ｲﾂﾊﾟﾝｻﾞｲﾀﾞﾝﾎｳｼﾞﾝ", "ｺｳｴｷｻﾞｲﾀﾞﾝﾎｳｼﾞﾝ", "ｻﾞｲﾀﾞﾝﾎｳｼﾞﾝ"),
    ),
    CompanyForm(
        "ｼﾔ",
        ("一般社団法人", "公益社団法人", "社団法人", "㈳", "(社)", "(一社)", "(公社)"),
        ("ｲﾂﾊﾟﾝｼﾔﾀﾞﾝﾎｳｼﾞﾝ", "ｺｳｴｷｼﾔﾀﾞﾝﾎｳｼﾞﾝ", "ｼﾔﾀﾞﾝﾎｳｼﾞﾝ"),
    ),
    CompanyForm("ｼﾕｳ", ("宗教法人", "(宗)"), ("ｼﾕｳｷﾖｳﾎｳｼﾞﾝ",)),
    CompanyForm("ｶﾞｸ", ("学校法人", "㈻", "(学)"), ("ｶﾞﾂｺｳﾎｳｼﾞﾝ",)),
    CompanyForm("ﾌｸ", ("社会福祉法人", "(福)"), ("ｼﾔｶｲﾌｸｼﾎｳｼﾞﾝ",)),
    CompanyForm("ｿ", ("相互会社", "(相)"), ("ｿｳｺﾞｶﾞｲｼﾔ", "ｿｳｺﾞｶｲｼﾔ")),
    CompanyForm("ﾎｺﾞ", ("更生保護法人",), ("ｺｳｾｲﾎｺﾞﾎｳｼﾞﾝ",)),
    CompanyForm("ﾄｸﾋ", ("特定非営利活動法人", "NPO法人", "(特非)"), ("ﾄｸﾃｲﾋｴｲﾘｶﾂﾄﾞｳﾎｳｼﾞﾝ",)),
    CompanyForm("ﾁﾄﾞｸ", ("地方独立行政法人",), ("ﾁﾎｳﾄﾞｸﾘﾂｷﾞﾖｳｾｲﾎｳｼﾞﾝ",)),
    CompanyForm("ﾄﾞｸ", ("独立行政法人", "(独)"), ("ﾄﾞｸﾘﾂｷﾞﾖｳｾｲﾎｳｼﾞﾝ",)),
    CompanyForm("ﾍﾞﾝ", ("弁護士法人",), ("ﾍﾞﾝｺﾞｼﾎｳｼﾞﾝ",)),
    CompanyForm(
        "ﾁﾕｳ",
        ("有限責任中間法人", "無限責任中間法人"),
        ("ﾕｳｹﾞﾝｾｷﾆﾝﾁﾕｳｶﾝﾎｳｼﾞﾝ", "ﾑｹﾞﾝｾｷﾆﾝﾁﾕｳｶﾝﾎｳｼﾞﾝ"),
    ),
    CompanyForm("ｷﾞﾖ", ("行政書士法人",), ("ｷﾞﾖｳｾｲｼﾖｼﾎｳｼﾞﾝ",)),
    CompanyForm("ｼﾎｳ", ("司法書士法人",), ("ｼﾎｳｼﾖｼﾎｳｼﾞﾝ",)),
    CompanyForm("ｾﾞｲ", ("税理士法人",), ("ｾﾞｲﾘｼﾎｳｼﾞﾝ",)),
    CompanyForm("ﾛｳﾑ", ("社会保険労務士法人",), ("ｼﾔｶｲﾎｹﾝﾛｳﾑｼﾎｳｼﾞﾝ",)),
    CompanyForm("ﾀﾞｲ", ("国立大学法人", "公立大学法人"), ("ｺｸﾘﾂﾀﾞｲｶﾞｸﾎｳｼﾞﾝ", "ｺｳﾘﾂﾀﾞｲｶﾞｸﾎｳｼﾞﾝ")),
    CompanyForm("ﾉｳ", ("農事組合法人",), ("ﾉｳｼﾞｸﾐｱｲﾎｳｼﾞﾝ",)),
    CompanyForm("ｶﾝﾘ", ("管理組合法人",), ("ｶﾝﾘｸﾐｱｲﾎｳｼﾞﾝ",)),
    CompanyForm("ｴｲ", ("営業所",), ("ｴｲｷﾞﾖｳｼﾖ",)),
    CompanyForm("ｼﾕﾂ", ("出張所",), ("ｼﾕﾂﾁﾖｳｼﾖ",)),
)

_SHORT_OF: Final[dict[str, str]] = {word: form.short for form in COMPANY_FORMS for word in form.words}
_FULL_WIDTH_PARENTHESES: Final = str.maketrans("（）", "()")


def _longest_first(pieces: list[str]) -> str:
    return "|".join(re.escape(piece) for piece in sorted(pieces, key=len, reverse=True))


WORD: Final = re.compile(_longest_first(list(_SHORT_OF)))
_SHORTS = _longest_first([form.short for form in COMPANY_FORMS])
_READINGS = _longest_first([reading for form in COMPANY_FORMS for reading in form.readings])
_LEADING: Final = re.compile(rf"^(?:\(?(?:{_SHORTS})\)|(?:{_READINGS}))")
_TRAILING: Final = re.compile(rf"(?:\((?:{_SHORTS})\)?|(?:{_READINGS}))$")
_INSIDE: Final = re.compile(rf"\((?:{_SHORTS})\)")


def find_word(typed: str, start: int) -> tuple[str, int] | None:
    """The short form of the company word that begins at `start`, and where that word ends.

    Parentheses may be full or half width. Only words that the banks' list names are found; nothing else
    in kanji is ever turned into kana.
    """
    match = WORD.match(typed.translate(_FULL_WIDTH_PARENTHESES), start)
    return (_SHORT_OF[match.group()], match.end()) if match else None


def strip_company_forms(wire: str) -> str:
    """A half-width name without its company forms: `ｶ)ｻﾝﾌﾟﾙ`, `ｻﾝﾌﾟﾙ(ｶ` and `ｶﾌﾞｼｷｶﾞｲｼﾔｻﾝﾌﾟﾙ` are all `ｻﾝﾌﾟﾙ`.

    A name that is nothing but company forms is returned as it came, so that it never compares equal to
    every other such name.
    """
    name = wire.strip()
    while True:
        shorter = _TRAILING.sub("", _LEADING.sub("", name).strip()).strip()
        if shorter == name:
            break
        name = shorter
    return _INSIDE.sub("", name).strip() or wire.strip()


_FORMS_IN: Final = re.compile(rf"\(?(?:{_SHORTS})\)|\((?:{_SHORTS})\)?$|^(?:{_READINGS})|(?:{_READINGS})$")
_SHORT_OF_READING: Final[dict[str, str]] = {reading: form.short for form in COMPANY_FORMS for reading in form.readings}


def company_forms_in(written: str) -> frozenset[str]:
    """Which kinds of company a name says it is, as short forms: in words (株式会社) or half-width (`ｶ)`, `ｶﾌﾞｼｷｶﾞｲｼﾔ`)."""
    plain = written.translate(_FULL_WIDTH_PARENTHESES)
    words = {_SHORT_OF[word] for word in WORD.findall(plain)}
    found = (match.strip("()") for match in _FORMS_IN.findall(WORD.sub(" ", plain).strip()))
    return frozenset(words | {_SHORT_OF_READING.get(each, each) for each in found})
