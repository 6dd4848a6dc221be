"""Every payout, hold and fee names its rule: all lines of all quotes, all kinds of payouts, all that stops one."""

import itertools
from datetime import date
from typing import Any

import pytest
from tests.service.payouts.market import Market

from kotowari.foundation import policy
from kotowari.foundation.policy.keys import KEYS
from kotowari.kernel.errors import InputError
from kotowari.ledger.accounts import ACCOUNT_CLASSES
from kotowari.payouts import services
from kotowari.payouts.models import KINDS, METHODS, Payout
from kotowari.payouts.rules import rule_of, rule_of_line, rule_of_stop, version_of
from kotowari.pricing import PAYOUT_KEYS, PRICING_KEYS, PayoutTerms, PricingTerms, quote_contract, quote_payout
from kotowari.web.drawing import rule_in_words

pytestmark = pytest.mark.django_db
PRESETS = ("kotowari", "crowdworks", "lancers", "coconala", "shufti")
LAWS = {"消費税法", "所得税法"}


def is_named(rule: str) -> bool:
    """A number out of the list of rules, a law, or a policy value: something that can be read."""
    numbered = len(rule) == 4 and rule[0] in "AP" and rule[1:].isdigit()
    return numbered or rule in KEYS or any(rule.startswith(law) for law in LAWS)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_line_of_every_quote_names_its_rule_and_the_quote_its_version(preset: str) -> None:
    values = policy.values(preset=preset)
    pricing = values.snapshot(PRICING_KEYS)
    for kind, price_yen, withholding in itertools.product(("project", "task"), (500, 88_000, 2_000_000), (False, True)):
        quote = quote_contract(price_yen, PricingTerms.from_policy(pricing, kind), withholding=withholding)
        assert [line.code for line in quote.lines if not is_named(line.rule)] == []
        assert quote.as_json()["policy_version"]
    terms = PayoutTerms.from_policy(values.snapshot(PAYOUT_KEYS))
    seen = set()
    for method, amount_yen in itertools.product(METHODS, (1, 600, 48_620, 1_000_000)):
        try:
            paid = quote_payout(fixed_on=date(2026, 11, 20), amount_yen=amount_yen, terms=terms, method=method)
        except InputError:
            continue  # not offered by this preset
        seen.add(method)
        assert is_named(paid.rule)
        assert [line.code for line in paid.lines if not is_named(line.rule)] == []
        assert paid.policy_version
    assert seen


def test_every_kind_of_payout_and_every_fee_names_its_rule(clock: Any) -> None:
    for kind, method in itertools.product([kind for kind, _ in KINDS], METHODS):
        assert is_named(rule_of(Payout(kind=kind, method=method)))
    for fee in ("fee:income", "fee:transfer", "fee:quick", "tax:consumption"):
        assert is_named(rule_of_line(ACCOUNT_CLASSES[fee], None))
    assert str(rule_in_words("fees.system_tiers")) == "規則「システム利用料(プロジェクト)」"
    assert str(rule_in_words("A052")) == "規則 A052"


def test_what_stops_a_payout_names_its_rule_and_the_payout_its_version(clock: Any) -> None:
    market = Market(clock)
    worker = market.worker("hanako", reward_yen=48_620)
    market.after(date(2026, 11, 30))
    market.close()
    payout = Payout.objects.get(member=worker)
    assert version_of(payout) == PayoutTerms.in_force(date(2026, 11, 30)).policy_version
    cancelled = services.cancel_payout(actor=market.staff(), payout_id=payout.pk, reason="確認のため")
    assert rule_of_stop(cancelled) == "", "staff decided, with a reason that its owner reads"
    assert is_named(rule_of_stop(Payout(state="held")))
    assert is_named(rule_of_stop(Payout(state="returned", reason={"code": "no_such_account"})))
    assert is_named(rule_of_stop(Payout(state="cancelled", reason={"code": "account_not_corrected"})))
