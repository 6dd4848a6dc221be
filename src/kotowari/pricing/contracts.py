"""What a contract costs the client and brings the worker, step by step, before and after it is split up.

Each tax and fee is rounded once for the contract. Over milestones everything is divided by largest remainder, so
that the parts sum to the whole; only withholding is computed per milestone, because each is one payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kotowari.foundation.policy.keys import KEYS
from kotowari.foundation.policy.rows import FeeTier
from kotowari.kernel.errors import InputError
from kotowari.kernel.money import MAX_YEN, portion, split, yen
from kotowari.kernel.text import Text
from kotowari.pricing.terms import PricingTerms

MAX_PRICE_YEN = MAX_YEN // 2
"""With tax and client fee the client still pays no more than one transfer can carry."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One step of the sum, in words. `rule` is the rule's number, the law, or the policy value behind it."""

    code: str
    words: Text
    amount_yen: int
    rule: str

    def as_json(self) -> dict[str, Any]:
        """In the active language."""
        return {"code": self.code, "words": str(self.words), "amount_yen": self.amount_yen, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class ContractQuote:
    """Every figure of a contract, or of one of its milestones, in yen.

    `client_fee_yen` and `system_fee_yen` hold their own consumption tax, which is also given apart.
    """

    terms: PricingTerms
    withholding: bool
    price_yen: int
    tax_yen: int
    client_fee_yen: int
    client_fee_tax_yen: int
    system_fee_yen: int
    system_fee_tax_yen: int
    withholding_yen: int

    @property
    def client_pays_yen(self) -> int:
        """What the client sends: what is withheld goes from the client to the tax office."""
        return self.price_yen + self.tax_yen + self.client_fee_yen - self.withholding_yen

    @property
    def worker_receives_yen(self) -> int:
        """The reward: price and tax, less the system fee and what the client withholds."""
        return self.price_yen + self.tax_yen - self.system_fee_yen - self.withholding_yen

    @property
    def lines(self) -> tuple[QuoteLine, ...]:
        """Each step in words with its rule."""
        return _lines(self)

    def as_json(self) -> dict[str, Any]:
        """The figures by name, with the steps in the active language."""
        return {
            "price_yen": self.price_yen,
            "tax_yen": self.tax_yen,
            "client_fee_yen": self.client_fee_yen,
            "client_fee_tax_yen": self.client_fee_tax_yen,
            "system_fee_yen": self.system_fee_yen,
            "system_fee_tax_yen": self.system_fee_tax_yen,
            "withholding_yen": self.withholding_yen,
            "client_pays_yen": self.client_pays_yen,
            "worker_receives_yen": self.worker_receives_yen,
            "policy_version": self.terms.policy_version,
            "lines": [line.as_json() for line in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Allocation:
    """A contract over its milestones: every figure of `whole` is the sum of the same figure of `parts`."""

    whole: ContractQuote
    parts: tuple[ContractQuote, ...]


def quote_contract(
    price_yen: int, terms: PricingTerms, *, withholding: bool = False, milestone_prices_yen: Sequence[int] = ()
) -> ContractQuote:
    """The whole contract at a price without tax.

    `milestone_prices_yen`, when there are several, only matter for withholding: each milestone is a payment of its
    own. Raises `InputError` for a price that cannot be, `ValueError` when the milestones do not sum to the price.
    """
    _check_price(price_yen)
    prices = list(milestone_prices_yen) or [price_yen]
    if sum(prices) != price_yen:
        raise ValueError(f"milestones of {sum(prices)} yen do not make a contract of {price_yen} yen")
    tax_yen = portion(price_yen, terms.tax_permille, 1000)
    base_yen = price_yen + tax_yen if terms.base == "with_tax" else price_yen
    system_fee_yen, system_fee_tax_yen = _fee(base_yen, terms.tiers, terms)
    client_fee_yen, client_fee_tax_yen = _fee(base_yen, (FeeTier(0, terms.client_permille),), terms)
    withheld = _withheld(prices, split(tax_yen, prices), terms) if withholding else [0]
    return ContractQuote(
        terms=terms,
        withholding=withholding,
        price_yen=price_yen,
        tax_yen=tax_yen,
        client_fee_yen=client_fee_yen,
        client_fee_tax_yen=client_fee_tax_yen,
        system_fee_yen=system_fee_yen,
        system_fee_tax_yen=system_fee_tax_yen,
        withholding_yen=sum(withheld),
    )


def allocate(quote: ContractQuote, milestone_prices_yen: Sequence[int]) -> Allocation:
    """Divide a quote over milestones whose prices sum to its price.

    The whole is returned with the parts: where one payment would have been withheld from at the higher rate,
    several smaller ones are not, and the whole says so. Raises `ValueError` for prices that do not fit.
    """
    prices = list(milestone_prices_yen)
    if not prices or min(prices) < 1:
        raise ValueError("every milestone has a price of at least one yen")
    whole = quote_contract(quote.price_yen, quote.terms, withholding=quote.withholding, milestone_prices_yen=prices)
    taxes = split(whole.tax_yen, prices)
    withheld = _withheld(prices, taxes, quote.terms) if quote.withholding else [0] * len(prices)
    # A fee and the tax inside it are divided apart, so that neither exceeds its own whole.
    system_taxes = split(whole.system_fee_tax_yen, prices)
    system_nets = split(whole.system_fee_yen - whole.system_fee_tax_yen, prices)
    client_taxes = split(whole.client_fee_tax_yen, prices)
    client_nets = split(whole.client_fee_yen - whole.client_fee_tax_yen, prices)
    parts = tuple(
        ContractQuote(
            terms=quote.terms,
            withholding=quote.withholding,
            price_yen=price,
            tax_yen=taxes[n],
            client_fee_yen=client_nets[n] + client_taxes[n],
            client_fee_tax_yen=client_taxes[n],
            system_fee_yen=system_nets[n] + system_taxes[n],
            system_fee_tax_yen=system_taxes[n],
            withholding_yen=withheld[n],
        )
        for n, price in enumerate(prices)
    )
    return Allocation(whole, parts)


def tiered_yen(base_yen: int, tiers: Sequence[FeeTier], terms: PricingTerms) -> int:
    """The share that marginal tiers take of an amount, rounded once."""
    permille_yen = 0
    for tier, following in zip(tiers, [*tiers[1:], None], strict=True):
        limit = base_yen if following is None else min(base_yen, following.above_yen)
        permille_yen += max(limit - tier.above_yen, 0) * tier.permille
    return portion(permille_yen, 1, 1000, terms.rounding)


def withholding_yen(base_yen: int, terms: PricingTerms) -> int:
    """What a client withholds from one payment: the higher rate above the limit, rounded down once."""
    below = min(base_yen, terms.withholding_above_yen)
    above = base_yen - below
    parts = below * terms.withholding_basis_points + above * terms.withholding_above_basis_points
    return portion(parts, 1, 10_000)


def _fee(base_yen: int, tiers: Sequence[FeeTier], terms: PricingTerms) -> tuple[int, int]:
    """A fee with its consumption tax, and that tax."""
    rated_yen = tiered_yen(base_yen, tiers, terms)
    if terms.fee_tax == "included":
        return rated_yen, portion(rated_yen, terms.tax_permille, 1000 + terms.tax_permille)
    tax_yen = portion(rated_yen, terms.tax_permille, 1000)
    return rated_yen + tax_yen, tax_yen


def _withheld(prices: Sequence[int], taxes: Sequence[int], terms: PricingTerms) -> list[int]:
    with_tax = terms.withholding_base == "with_tax"
    return [
        withholding_yen(price + tax if with_tax else price, terms) for price, tax in zip(prices, taxes, strict=True)
    ]


def _check_price(price_yen: int) -> None:
    if price_yen < 1:
        text = Text("契約金額は1円以上にしてください。", "The price must be at least one yen.")
        raise InputError({"price_yen": [text]})
    if price_yen > MAX_PRICE_YEN:
        text = Text("契約金額は{most}以下にしてください。", "The price must be at most {most}.")
        raise InputError({"price_yen": [text.format(most=yen(MAX_PRICE_YEN))]})


def _lines(quote: ContractQuote) -> tuple[QuoteLine, ...]:
    terms = quote.terms
    tax = _percent(terms.tax_permille)
    lines = [
        QuoteLine("price", Text("契約金額(税抜)", "Contract price without tax"), quote.price_yen, "P006"),
        QuoteLine(
            "tax",
            Text("消費税 {tax}%", "Consumption tax {tax} %").format(tax=tax),
            quote.tax_yen,
            _rule("tax.consumption_permille"),
        ),
    ]
    if quote.client_fee_yen:
        words = Text(
            "発注手数料({base}の{rate}%、{how})を発注者が加えて払う",
            "Client fee, paid on top: {rate} % of {base}, {how}",
        ).format(base=_base(terms), rate=_percent(terms.client_permille), how=_how(terms, quote.client_fee_tax_yen))
        lines.append(QuoteLine("client_fee", words, quote.client_fee_yen, _rule("fees.client_permille")))
    words = Text("システム利用料({base}の{rates}、{how})を差し引く", "System fee, taken off: {rates} of {base}, {how}")
    words = words.format(base=_base(terms), rates=_rates(terms.tiers), how=_how(terms, quote.system_fee_tax_yen))
    lines.append(
        QuoteLine(
            "system_fee",
            words,
            -quote.system_fee_yen,
            _rule("fees.task_tiers" if terms.kind == "task" else "fees.system_tiers"),
        )
    )
    if quote.withholding:
        words = Text(
            "源泉徴収税額({base}の{rate}%、{limit}を超える部分は{above}%)。発注者が差し引いて税務署に納める",
            "Withholding tax: {rate} % of {base}, {above} % above {limit}; the client pays it to the tax office",
        ).format(
            base=_base(terms, withholding=True),
            rate=_percent(terms.withholding_basis_points, 100),
            above=_percent(terms.withholding_above_basis_points, 100),
            limit=yen(terms.withholding_above_yen),
        )
        lines.append(QuoteLine("withholding", words, -quote.withholding_yen, _rule("tax.withholding_basis_points")))
    lines += [
        QuoteLine("client_pays", Text("発注者が支払う額", "The client pays"), quote.client_pays_yen, "P006"),
        QuoteLine("worker_receives", Text("受注者の報酬", "The worker receives"), quote.worker_receives_yen, "A187"),
    ]
    return tuple(lines)


def _rule(key: str) -> str:
    return KEYS[key].rule or key


def _percent(rate: int, parts: int = 10) -> str:
    return f"{rate / parts:g}"


def _base(terms: PricingTerms, *, withholding: bool = False) -> Text:
    base = terms.withholding_base if withholding else terms.base
    if base == "with_tax":
        return Text("税込の契約金額", "the price with tax")
    return Text("税抜の契約金額", "the price without tax")


def _how(terms: PricingTerms, tax_yen: int) -> Text:
    if terms.fee_tax == "included":
        return Text("うち消費税{tax}", "{tax} of it consumption tax").format(tax=yen(tax_yen))
    return Text("消費税{tax}を加えて", "with consumption tax of {tax}").format(tax=yen(tax_yen))


def _rates(tiers: Sequence[FeeTier]) -> Text:
    if len(tiers) == 1:
        return Text(f"{_percent(tiers[0].permille)}%", f"{_percent(tiers[0].permille)} %")
    ja = [f"{yen(tier.above_yen).ja}を超える部分は{_percent(tier.permille)}%" for tier in tiers[1:]]
    en = [f"{_percent(tier.permille)} % above {yen(tier.above_yen).en}" for tier in tiers[1:]]
    first = _percent(tiers[0].permille)
    return Text("、".join([f"{first}%", *ja]), ", ".join([f"{first} %", *en]))
