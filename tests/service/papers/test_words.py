"""The words of every kind of paper, kept beside the test: read them like code when they change.

`KOTOWARI_WRITE_STORIES=1 python -m pytest tests/service/papers/test_words.py` writes them anew.
"""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.service.papers.deals import NUMBER, accepted, sides, told
from tests.service.payouts.market import Market, register

from kotowari.foundation import deadlines, policy
from kotowari.papers import services
from kotowari.papers.kinds import KINDS
from kotowari.papers.models import Paper
from kotowari.papers.printing import printable
from kotowari.payouts import services as payouts
from kotowari.payouts.models import Payout, PayoutRun

pytestmark = pytest.mark.django_db
WORDS = Path(__file__).parent / "words"


def as_text(paper: Paper) -> str:
    """A paper as lines, in the order of the page; what differs from day to day by nature is left out."""
    said = printable(paper.sheet, paper.digest)
    lines = [said["title"], said["number_line"], said["issued_line"], said["dealt_line"], ""]
    lines += [f"{said['recipient']['name']} {said['recipient']['honorific']}", *said["recipient"]["details"], ""]
    lines += [said["issuer"]["name"], *said["issuer"]["details"], "", said["replaces"], said["lead"]]
    lines += [f"{said['total']['label']} {said['total']['words']}", f"{said['subject_label']} {said['subject']}"]
    for table in said["tables"]:
        lines += ["", f"[{table['title']}]", " | ".join(table["columns"]), *(" | ".join(row) for row in table["rows"])]
    lines += ["", *(f"{each['label']}: {each['words']}" for each in said["sums"])]
    if said["facts"]:
        lines += ["", f"[{said['facts_title']}]", *(f"{each['label']}: {each['words']}" for each in said["facts"])]
    lines += ["", *(f"※ {note}" for note in said["notes"])]
    return "\n".join(lines).replace("\n\n\n", "\n\n").strip() + "\n"


def everything(market: Market) -> None:
    """One deal with every paper: a fee on both sides, withholding, a payout with a fee, and the year after."""
    people: dict[str, Any] = sides()
    register(people["worker"])
    rules = {
        "fees.client_permille": 30,
        "payouts.transfer_fees": [{"fee_yen": 110}],
        "payouts.free_transfers_per_closing": 0,
    }
    with policy.overridden(rules):
        accepted((100_000,), **people, has_withholding=True, withholding_kind="design")
        services.set_registration(
            actor=people["worker"], number=NUMBER, name="山田 花子", effective_on=date(2026, 11, 1)
        )
        old = Paper.objects.get(kind="invoice")
        services.correct_paper(actor=people["worker"], paper_id=old.pk, reason="登録番号を載せるため")
        market.after(date(2026, 11, 30))
        market.close()
        market.on(date(2026, 12, 14))
        staff = market.staff()
        payouts.write_run_file(actor=staff, run_id=PayoutRun.objects.get().pk)
        market.on(date(2026, 12, 15))
        payouts.settle_payout(actor=staff, payout_id=Payout.objects.get().pk)
        told()
        market.on(date(2027, 1, 1))
        deadlines.run_all_due()


def test_the_words_are_those_that_were_read(market: Market) -> None:
    everything(market)
    found: dict[str, str] = {}
    for paper in Paper.objects.order_by("pk"):
        name = paper.kind
        if name == "withholding_summary":
            name += "_client" if ":client:" in paper.subject else "_worker"
        name += "_corrected" if paper.replaces_id else ""
        found[name] = re.sub(r"[0-9a-f]{64}|(?<=出金 )[0-9]{10}", "…", as_text(paper))
    assert {name.removesuffix("_corrected").removesuffix("_client").removesuffix("_worker") for name in found} == set(
        KINDS
    )
    if os.environ.get("KOTOWARI_WRITE_STORIES"):
        for name, text in found.items():
            (WORDS / f"{name}.txt").write_text(text, encoding="utf-8")
    kept = {path.stem: path.read_text(encoding="utf-8") for path in WORDS.glob("*.txt")}
    assert found == kept
