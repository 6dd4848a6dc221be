"""The code that proves an address."""

from uuid import UUID

from kotowari.accounts import codes

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_a_code_matches_however_it_is_typed() -> None:
    code = codes.new_code()
    digest = codes.digest_of(code, row_id=ONE)
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code} ", full_width):
        assert codes.matches(typed, digest, row_id=ONE), typed


def test_another_code_or_the_code_of_another_sign_up_does_not_match() -> None:
    code = codes.new_code()
    digest = codes.digest_of(code, row_id=ONE)
    assert not codes.matches(codes.new_code(), digest, row_id=ONE)
    assert not codes.matches(code, digest, row_id=OTHER)
    assert not codes.matches("", digest, row_id=ONE)
    assert code not in digest
