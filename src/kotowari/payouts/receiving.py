"""What decides whether a closing pays somebody: the same facts for one member's page and for a whole closing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kotowari.accounts.restrictions import InForce, longest
from kotowari.accounts.selectors import restrictions_among
from kotowari.foundation.policy.catalogue.payouts import METHOD_NAMES
from kotowari.kernel.text import Text
from kotowari.payouts.destinations import fault_of
from kotowari.payouts.gates import InFlight, ReceiveFacts, RefundFacts
from kotowari.payouts.models import BankAccount, Payout, PayoutMethod
from kotowari.pricing import PayoutTerms, transfer_fee_yen

ON_THE_WAY = ("requested", "held", "in_file")
"""States in which a payout has left the balance and not arrived."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Members who may be paid: their active accounts, chosen methods, and what holds their money back."""

    accounts: Mapping[UUID, BankAccount]
    methods: Mapping[UUID, str]
    held: Mapping[UUID, InForce]
    terms: PayoutTerms

    def method_of(self, member_id: UUID) -> str:
        """The one method that counts: what was chosen as long as it is offered, else the default (A045, A049)."""
        chosen = self.methods.get(member_id)
        return chosen if chosen in self.terms.methods else self.terms.default_method

    def fee_yen(self, member_id: UUID, amount_yen: int) -> int:
        """The transfer fee, tax included."""
        account = self.accounts.get(member_id)
        return transfer_fee_yen(amount_yen, self.terms, account.bank_code if account else None)

    def reward_facts(
        self,
        member_id: UUID,
        available_yen: int,
        *,
        closes_on: date,
        pays_on: date,
        in_flight: tuple[InFlight, ...] = (),
    ) -> ReceiveFacts:
        """Facts of `RECEIVE` for a closing that would take in this much."""
        method = self.method_of(member_id)
        return ReceiveFacts(
            has_account=member_id in self.accounts,
            account_fault=self.account_fault(member_id),
            held=self.held.get(member_id),
            available_yen=available_yen,
            method=method,
            method_name=METHOD_NAMES[method],
            minimum_yen=self._minimum_yen(method),
            standard_minimum_yen=self.terms.standard_minimum_yen,
            net_yen=available_yen - self.fee_yen(member_id, available_yen) if available_yen > 0 else 0,
            closes_on=closes_on,
            pays_on=pays_on,
            in_flight=in_flight,
        )

    def refund_facts(self, member_id: UUID) -> RefundFacts:
        """Facts of a refund: it has no minimum and no method, only an account."""
        return RefundFacts(
            has_account=member_id in self.accounts,
            account_fault=self.account_fault(member_id),
            held=self.held.get(member_id),
        )

    def account_fault(self, member_id: UUID) -> Text | None:
        """Why the registered account cannot be paid, if so."""
        account = self.accounts.get(member_id)
        if account is None:
            return None
        return account.fault or fault_of(account.bank_code, account.branch_code)

    def _minimum_yen(self, method: str) -> int:
        return {
            "standard": self.terms.standard_minimum_yen,
            "threshold": self.terms.threshold_minimum_yen,
            "carry_over": 0,
        }[method]


def receivers(member_ids: Iterable[UUID], terms: PayoutTerms) -> Receivers:
    """Accounts, methods and holds of many members, in three queries."""
    ids = list(member_ids)
    accounts = {row.member_id: row for row in BankAccount.objects.filter(member_id__in=ids, replaced_at__isnull=True)}
    methods = dict(PayoutMethod.objects.filter(member_id__in=ids).values_list("member_id", "method"))
    held = {
        member_id: found for member_id, rows in restrictions_among(ids, "payout").items() if (found := longest(rows))
    }
    return Receivers(accounts, methods, held, terms)


def on_the_way(member_id: UUID, kind: str = "reward") -> Sequence[InFlight]:
    """A member's transfers that have not arrived yet, in one query."""
    rows = Payout.objects.filter(member_id=member_id, kind=kind, state__in=ON_THE_WAY).order_by("number")
    return [InFlight(net_yen=net_yen, pays_on=pays_on) for net_yen, pays_on in rows.values_list("net_yen", "pays_on")]
