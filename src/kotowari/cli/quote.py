"""`kotowari quote`: what a contract or a payout comes to, line by line, before anybody agrees to it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import click

from kotowari.cli.answers import json_option, show_json, wrong_usage
from kotowari.cli.policy import on_option, preset_option, rules_around
from kotowari.cli.typed import AMOUNT, DAY
from kotowari.foundation import policy
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.pricing import (
    PAYOUT_KEYS,
    PRICING_KEYS,
    ContractQuote,
    PayoutTerms,
    PricingTerms,
    QuoteLine,
    allocate,
    quote_contract,
    quote_payout,
)
from kotowari.pricing.payouts import AT_EXPIRY_WORDS
from kotowari.pricing.terms import JobKind, Method


@click.group()
def quote() -> None:
    """手数料と受取額の試算 / prices, fees and payouts, line by line."""


@quote.command()
@click.option("--price-yen", type=AMOUNT, required=True, help="契約金額(税抜) / the price without tax.")
@click.option(
    "--milestone-yen",
    "milestones",
    type=AMOUNT,
    multiple=True,
    help="マイルストーンの金額(税抜、順に何度でも) / the price of each milestone in turn.",
)
@click.option("--withholding", is_flag=True, help="源泉徴収あり / the client withholds income tax.")
@click.option("--kind", type=click.Choice(["project", "task"]), default="project", help="仕事の形式 / the kind of job.")
@preset_option
@on_option
@json_option
def contract(
    price_yen: int,
    milestones: tuple[int, ...],
    withholding: bool,
    kind: JobKind,
    preset: str | None,
    on: date | None,
    as_json: bool,
) -> None:
    """契約の金額 / what the client pays and the worker receives."""
    if milestones and sum(milestones) != price_yen:
        text = Text(
            "マイルストーンの合計{total}が契約金額{price}と違います。",
            "The milestones come to {total}, the price is {price}: make them equal.",
        )
        raise wrong_usage(text.format(total=yen(sum(milestones)), price=yen(price_yen)))
    with rules_around(preset, quiet=as_json):
        kept = policy.values(preset=preset, on=on).snapshot(PRICING_KEYS)
    whole = quote_contract(price_yen, PricingTerms.from_policy(kept, kind), withholding=withholding)
    parts: tuple[ContractQuote, ...] = ()
    if milestones:
        allocation = allocate(whole, milestones)
        whole, parts = allocation.whole, allocation.parts
    if as_json:
        answer: dict[str, Any] = {"preset": kept["preset"], **whole.as_json()}
        if milestones:
            answer["milestones"] = [
                {name: figure for name, figure in part.as_json().items() if name.endswith("_yen")} for part in parts
            ]
        show_json(answer)
        return
    click.echo(f"[{kept['version']}]")
    _show_lines(whole.lines)
    for number, part in enumerate(parts, 1):
        words = Text(
            "マイルストーン{n}:発注者 {pays} / 受注者 {receives}",
            "milestone {n}: the client pays {pays}, the worker receives {receives}",
        )
        click.echo(str(words.format(n=number, pays=yen(part.client_pays_yen), receives=yen(part.worker_receives_yen))))


@quote.command()
@click.option("--fixed-on", type=DAY, required=True, help="報酬の確定日 / the day the reward was fixed.")
@click.option("--amount-yen", type=AMOUNT, required=True, help="未出金の報酬額 / the available reward.")
@click.option(
    "--method",
    type=click.Choice(["standard", "threshold", "carry_over", "quick"]),
    help="出金方式 / the payout method (else the default one).",
)
@click.option("--bank", "bank_code", metavar="CODE", help="振込先の銀行コード(4桁) / the bank's four digits.")
@click.option("--requested-on", type=DAY, help="クイック出金の申請日 / the day a quick payout is asked for.")
@preset_option
@on_option
@json_option
def payout(
    fixed_on: date,
    amount_yen: int,
    method: Method | None,
    bank_code: str | None,
    requested_on: date | None,
    preset: str | None,
    on: date | None,
    as_json: bool,
) -> None:
    """出金の金額と日 / when a reward is paid out, and how much arrives. The rules are those of the day it was fixed."""
    if bank_code is not None and not (len(bank_code) == 4 and bank_code.isascii() and bank_code.isdigit()):
        raise wrong_usage(
            Text("銀行コードは4桁の数字です(例:0001)。", "A bank code has four digits, for example 0001.")
        )
    with rules_around(preset, quiet=as_json):
        kept = policy.values(preset=preset, on=on or requested_on or fixed_on).snapshot(PAYOUT_KEYS)
    found = quote_payout(
        fixed_on=fixed_on,
        amount_yen=amount_yen,
        terms=PayoutTerms.from_policy(kept),
        method=method,
        bank_code=bank_code,
        requested_on=requested_on,
    )
    if as_json:
        show_json({"preset": kept["preset"], **found.as_json()})
        return
    click.echo(f"[{kept['version']}]")
    if found.closes_on:
        click.echo(str(Text("締め日 {day}", "closes on {day}").format(day=found.closes_on)))
    pays = Text("支払日 {day}", "paid on {day}").format(day=found.pays_on) if found.pays_on else found.reason
    click.echo(f"{pays}  [{found.rule}]")
    _show_lines(found.lines)
    expiry = Text("出金期限 {day}:{outcome}", "time limit {day}: {outcome}")
    click.echo(str(expiry.format(day=found.expires_on, outcome=AT_EXPIRY_WORDS[found.at_expiry])))


def _show_lines(lines: Iterable[QuoteLine]) -> None:
    for line in lines:
        click.echo(f"{yen(line.amount_yen)!s:>14}  {line.words}  [{line.rule}]")
