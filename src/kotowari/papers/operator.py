"""Who runs this market as its papers name it: the operator's name, address and own 登録番号, from the environment."""

import os
from dataclasses import dataclass

from django.conf import settings

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text
from kotowari.papers.registration import read_number

NAME = "KOTOWARI_OPERATOR_NAME"
ADDRESS = "KOTOWARI_OPERATOR_ADDRESS"
REGISTRATION = "KOTOWARI_OPERATOR_REGISTRATION"
_DEMO = {NAME: "コトワリ運営事務局(見本)", ADDRESS: "東京都千代田区見本町1-1", REGISTRATION: "T7123456789012"}


@dataclass(frozen=True, slots=True)
class OperatorIdentity:
    """The operator on a paper; without a `registration` its fee invoices are not qualified ones."""

    name: str
    address: str
    registration: str
    problems: tuple[Text, ...] = ()


def operator_identity() -> OperatorIdentity | None:
    """The operator as the environment names it now; none outside a demo where no name is set."""
    given = {name: os.environ.get(name, "").strip() for name in (NAME, ADDRESS, REGISTRATION)}
    if not given[NAME]:
        if not (settings.DEMO or settings.TESTING):
            return None
        given = _DEMO
    try:
        number = read_number(given[REGISTRATION], is_company=False)[0] if given[REGISTRATION] else ""
    except InputError as error:
        problem = error.fields["number"][0]
        text = Text(f"{REGISTRATION}: {problem.ja}", f"{REGISTRATION}: {problem.en}")
        return OperatorIdentity(given[NAME], given[ADDRESS], "", (text,))
    return OperatorIdentity(given[NAME], given[ADDRESS], number)
