"""The written terms of a contract: the ten items a client must give a freelancer (Freelance Act, article 3).

All ten come from the posting and the proposal, so the worker has read them before proposing. An item that
does not apply says so; an item that nobody filled in keeps the contract from being made.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from kotowari.contracts.models import Milestone
from kotowari.kernel import clock
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.market.models import Job, Proposal, ProposalMilestone
from kotowari.pricing import ContractQuote, PricingTerms

TITLES: tuple[Text, ...] = (
    Text("当事者", "The parties"),
    Text("業務を委託した日", "Date of the order"),
    Text("業務の内容と権利の扱い", "The work and the rights in it"),
    Text("納期", "Due dates"),
    Text("納品の場所", "Place of delivery"),
    Text("検査を終える期日", "When inspection ends"),
    Text("報酬の額", "The pay"),
    Text("支払期日", "When it is paid"),
    Text("現金以外の支払い", "Payment other than in money"),
    Text("再委託の事項", "Re-commission"),
)

NOT_APPLICABLE = Text("該当しません", "Does not apply")
_RIGHTS = {
    "transfer": Text("著作権などの権利は報酬の支払いとともに発注者に移ります", "Rights pass to the client on payment"),
    "licence": Text(
        "権利は受注者に残り、発注者は使うことができます", "Rights stay with the worker; the client may use"
    ),
    "keep": Text("権利は受注者に残ります", "Rights stay with the worker"),
}


def quote_of(milestone: Milestone) -> ContractQuote:
    """The figures of a milestone as they were agreed, with each step in words by the rules of its contract."""
    return ContractQuote(
        terms=PricingTerms.from_dict(milestone.contract.pricing_terms),
        withholding=milestone.withholding_yen > 0,
        price_yen=milestone.price_yen,
        tax_yen=milestone.tax_yen,
        client_fee_yen=milestone.client_fee_yen,
        client_fee_tax_yen=milestone.client_fee_tax_yen,
        system_fee_yen=milestone.system_fee_yen,
        system_fee_tax_yen=milestone.system_fee_tax_yen,
        withholding_yen=milestone.withholding_yen,
    )


def missing_terms(job: Job) -> tuple[Text, ...]:
    """The items for which a posting says nothing, by their titles; empty when a contract can be made."""
    given = {
        2: bool(job.description and job.rights),
        4: bool(job.delivery_place),
        5: bool(job.inspection_days),
        7: bool(job.payment_due_days),
        8: not job.has_non_cash_payment or bool(job.non_cash_terms),
        9: not job.is_recommission or bool(job.recommission_terms),
    }
    return tuple(TITLES[index] for index, is_given in given.items() if not is_given)


def written_terms(
    proposal: Proposal, milestones: Sequence[ProposalMilestone], quote: ContractQuote
) -> list[dict[str, Any]]:
    """The ten items in words, in both languages, as they are fixed at the hire."""
    job = proposal.job
    today = clock.today()
    dates = [Text(f"{m.title}:{m.due_on:%Y年%-m月%-d日}", f"{m.title}: {m.due_on:%Y-%m-%d}") for m in milestones]
    values = (
        Text(
            f"発注者 {job.poster_name}({job.client.username})、受注者 {proposal.worker.display_name}"
            f"({proposal.worker.username})",
            f"Client {job.poster_name} ({job.client.username}), worker {proposal.worker.display_name} "
            f"({proposal.worker.username})",
        ),
        Text(f"{today:%Y年%-m月%-d日}", f"{today:%Y-%m-%d}"),
        Text(
            f"{job.title}\n{job.description}\n{_RIGHTS[job.rights].ja}。{job.rights_note}",
            f"{job.title}\n{job.description}\n{_RIGHTS[job.rights].en}. {job.rights_note}",
        ),
        Text("、".join(t.ja for t in dates), ", ".join(t.en for t in dates)),
        Text(job.delivery_place, job.delivery_place),
        Text(
            f"納品の日から{job.inspection_days}日以内。過ぎたときは検収したものとします。",
            f"Within {job.inspection_days} day(s) of delivery; after that the delivery counts as accepted.",
        ),
        Text(
            f"{yen(quote.price_yen).ja}(税抜)、消費税{yen(quote.tax_yen).ja}"
            + (f"、源泉徴収{yen(quote.withholding_yen).ja}" if quote.withholding_yen else ""),
            f"{yen(quote.price_yen).en} without tax, consumption tax {yen(quote.tax_yen).en}"
            + (f", withholding {yen(quote.withholding_yen).en}" if quote.withholding_yen else ""),
        ),
        Text(
            f"納品の日から{job.payment_due_days}日以内。仮払いにより預かり、検収とともに報酬として確定します。",
            f"Within {job.payment_due_days} day(s) of delivery; held in escrow before, fixed as reward on acceptance.",
        ),
        Text(job.non_cash_terms, job.non_cash_terms) if job.has_non_cash_payment else NOT_APPLICABLE,
        Text(job.recommission_terms, job.recommission_terms) if job.is_recommission else NOT_APPLICABLE,
    )
    return [
        {"number": number, "title": title.as_dict(), "value": value.as_dict()}
        for number, (title, value) in enumerate(zip(TITLES, values, strict=True), start=1)
    ]


def digest_of(items: list[dict[str, Any]]) -> str:
    """The SHA-256 of the terms' canonical JSON, by which either side can prove what was agreed."""
    canonical = json.dumps(items, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
