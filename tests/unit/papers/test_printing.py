"""Letters that the font lacks are seen to be missing; nothing of a text vanishes unseen."""

import pytest

from kotowari.papers.printing import GETA, Printer, covered


@pytest.mark.parametrize("text", ["髙﨑①㈱", "𠮷野家", "Müller & Söhne", "山田 花子", "㍿Ⅳ～", "10,000円"])
def test_letters_of_names_are_there(text: str) -> None:
    printer = Printer("ja")
    assert printer.say(text) == text
    assert printer.note() is None


@pytest.mark.parametrize(("text", "named"), [("😀です", "U+1F600"), ("𰻞𰻞麺", "U+30EDE"), ("مرحبا", "U+0645")])
def test_others_are_replaced_and_named(text: str, named: str) -> None:
    printer = Printer("ja")
    said = printer.say(text)
    assert len(said) == len(text)
    assert GETA in said
    note = printer.note()
    assert note is not None
    assert named in note.ja


def test_directions_and_variants_leave_no_hole() -> None:
    assert Printer("ja").say("葛\U000e0100城\u202e市\u200b") == "葛城市"


def test_the_letters_of_jis_are_covered() -> None:
    every = {ord(c) for c in bytes(range(0x21, 0x7F)).decode()}
    for first in range(0xA1, 0xFF):
        for second in range(0xA1, 0xFF):
            try:
                every.add(ord(bytes([first, second]).decode("euc_jp")))
            except UnicodeDecodeError:
                continue
    assert every - covered() == {ord("≒")}  # the source of the font has no such sign
