import time

import pytest
import zengin_code

from kotowari.kernel.errors import InputError
from kotowari.kernel.kana import FieldClass, is_bank_text
from kotowari.payouts.banks import NAME_BYTES, directory, is_fictional

BANKS = directory()


def names(query: str, **options: int) -> list[str]:
    return [bank.display_name for bank in BANKS.search_banks(query, **options)]


def branch_names(query: str, bank: str = "0001") -> list[str]:
    return [branch.display_name for branch in BANKS.search_branches(bank, query)]


def test_the_directory_is_the_packages_own() -> None:
    theirs = zengin_code.Bank.all
    assert list(BANKS.banks) == list(theirs)
    assert len(BANKS.banks) > 1_000
    for code, bank in theirs.items():
        mine = BANKS.banks[code]
        assert (mine.name, mine.kana, mine.roma) == (bank.name, bank.kana, bank.roma)
        branches = BANKS.branches(code)
        assert list(branches) == list(bank.branches)
        assert all((branches[c].name, branches[c].kana) == (b.name, b.kana) for c, b in bank.branches.items())


def test_every_name_can_stand_in_a_bank_file() -> None:
    for bank in BANKS.banks.values():
        for place in (bank, *BANKS.branches(bank.code).values()):
            assert is_bank_text(place.file_name, FieldClass.BANK_NAME), place
            assert 1 <= len(place.file_name) <= NAME_BYTES


def test_it_opens_fast_and_reads_branches_only_when_asked() -> None:
    started = time.process_time()
    directory.__wrapped__().branch("0001", "001")
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("0001", "みずほ銀行"),
        ("０００１", "みずほ銀行"),
        ("みずほ", "みずほ銀行"),
        ("みずほ銀行", "みずほ銀行"),
        ("ミズホ", "みずほ銀行"),
        ("ﾐｽﾞﾎ", "みずほ銀行"),
        ("mizuho", "みずほ銀行"),
        ("三菱UFJ銀行", "三菱UFJ銀行"),
        ("三菱ｕｆｊ", "三菱UFJ銀行"),
        ("みつびし", "三菱UFJ銀行"),
        ("じーえむおー", "GMOあおぞらネット銀行"),
        ("ゆうちょ", "ゆうちょ銀行"),
        ("ユウチヨ", "ゆうちょ銀行"),
        ("きょうとしんきん", "京都信用金庫"),
        ("京都信用金庫", "京都信用金庫"),
        ("中央労働金庫", "中央労働金庫"),
        ("ぐんまぎんこう", "群馬銀行"),
    ],
)
def test_banks_are_found_by_whatever_people_type(query: str, first: str) -> None:
    assert names(query)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("210", "渋谷支店"),
        ("渋谷", "渋谷支店"),
        ("渋谷支店", "渋谷支店"),
        ("しぶや", "渋谷支店"),
        ("ｼﾌﾞﾔ", "渋谷支店"),
        ("shibuya", "渋谷支店"),
        ("東京営業部", "東京営業部"),
        ("自由ヶ丘", "自由が丘支店"),
        ("自由ケ丘支店", "自由が丘支店"),
    ],
)
def test_branches_are_found_by_whatever_people_type(query: str, first: str) -> None:
    assert branch_names(query)[0] == first


def test_nothing_typed_and_nothing_known_find_nothing() -> None:
    assert names("") == names("  ") == names("そんな名前はない") == []
    assert branch_names("渋谷", bank="0002") == []


def test_a_search_is_bounded() -> None:
    assert len(names("信金", limit=5)) == 5
    assert len(names("信金")) == 20


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0128", "群馬銀行"),
        ("0033", "PayPay銀行"),
        ("1000", "信金中央金庫"),
        ("2004", "商工中金"),
        ("9900", "ゆうちょ銀行"),
        ("0403", "バンク・オブ・アメリカ・エヌ・エイ"),
        ("3000", "農林中金"),
    ],
)
def test_banks_are_shown_as_people_call_them(code: str, shown: str) -> None:
    bank = BANKS.bank(code)
    assert bank is not None
    assert bank.display_name == shown


def test_branches_of_yucho_are_called_mise() -> None:
    branch = BANKS.branch("9900", "058")
    assert branch is not None
    assert (branch.display_name, branch.file_name) == ("〇五八店", "ｾﾞﾛｺﾞﾊﾁ")


def test_a_branch_belongs_to_its_bank_or_is_refused_with_words() -> None:
    found = BANKS.destination("０００１", "210")
    assert (found.bank.display_name, found.branch.display_name) == ("みずほ銀行", "渋谷支店")
    with pytest.raises(InputError) as refusal:
        BANKS.destination("0001", "000")
    assert "みずほ銀行に支店番号000の支店はありません" in refusal.value.fields["branch_code"][0].ja


@pytest.mark.parametrize(
    ("bank", "branch", "field", "words"),
    [
        ("0002", "001", "bank_code", "0002の銀行はありません"),
        ("みずほ", "001", "bank_code", "4桁の数字"),
        ("1", "001", "bank_code", "4桁の数字"),
        ("0001", "21", "branch_code", "3桁の数字"),
        ("0001", "", "branch_code", "3桁の数字"),
    ],
)
def test_wrong_numbers_are_told_on_their_field(bank: str, branch: str, field: str, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        BANKS.destination(bank, branch)
    assert words in refusal.value.fields[field][0].ja
    assert refusal.value.fields[field][0].en


def test_sample_banks_exist_only_where_they_are_asked_for() -> None:
    with_samples = directory(include_fictional=True)
    assert with_samples.destination("9999", "999").bank.file_name == "ﾐﾎﾝ"
    assert with_samples.search_banks("見本")[0].code == "9999"
    assert BANKS.bank("9999") is None
    assert is_fictional("9999")
    assert not any(is_fictional(code) for code in BANKS.banks)
