"""What decides whether a closing pays somebody: the same facts for one member's page and for a whole closing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kotowari.accounts.restrictions import InForce, longest
from kotowari.accounts.selectors import restrictions_among
from kotowari.foundation.policy.catalogue.payouts import METHOD_NAMES
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.payouts.destinations import fault_of
from kotowari.payouts.gates import InFlight, ReceiveFacts, RefundFacts
from kotowari.payouts.models import REWARD_KINDS, BankAccount, HolderReview, Payout, PayoutMethod
from kotowari.payouts.reasons import HOLDER_FAULTS
from kotowari.payouts.schedule import closing_before
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
    payouts_before: Mapping[UUID, int] = field(default_factory=dict)
    """How many payouts each had since the last closing, for the free transfers (A052)."""
    let_pass_at: Mapping[UUID, datetime] = field(default_factory=dict)
    """When the clock takes an account that staff look at for its owner's (P020), by account."""

    def method_of(self, member_id: UUID) -> str:
        """The one method that counts: what was chosen as long as it is offered, else the default (A045, A049)."""
        chosen = self.methods.get(member_id)
        return chosen if chosen in self.terms.methods else self.terms.default_method

    def fee_yen(self, member_id: UUID, amount_yen: int) -> int:
        """The transfer fee, tax included."""
        account = self.accounts.get(member_id)
        before = self.payouts_before.get(member_id, 0)
        return transfer_fee_yen(amount_yen, self.terms, account.bank_code if account else None, before)

    def fee_that_leaves_something_yen(self, member_id: UUID, amount_yen: int) -> int:
        """The same, or nothing where it would swallow what is sent: for money that goes whatever its size."""
        fee_yen = self.fee_yen(member_id, amount_yen)
        return fee_yen if fee_yen < amount_yen else 0

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
            fault_code=self.fault_code(member_id),
            fault_ends_at=self.fault_ends_at(member_id),
            held=self.held.get(member_id),
            available_yen=available_yen,
            method=method,
            method_name=METHOD_NAMES[method],
            minimum_yen=self._minimum_yen(method),
            standard_minimum_yen=self.terms.standard_minimum_yen,
            net_yen=available_yen - self.fee_yen(member_id, available_yen) if available_yen > 0 else 0,
            closes_on=closes_on,
            pays_on=pays_on,
            quick_bank_days=self.terms.quick_bank_days,
            in_flight=in_flight,
        )

    def refund_facts(self, member_id: UUID) -> RefundFacts:
        """Facts of a refund: it has no minimum and no method, only an account."""
        return RefundFacts(
            has_account=member_id in self.accounts,
            account_fault=self.account_fault(member_id),
            fault_code=self.fault_code(member_id),
            fault_ends_at=self.fault_ends_at(member_id),
            held=self.held.get(member_id),
        )

    def account_fault(self, member_id: UUID) -> Text | None:
        """Why the registered account cannot be paid, if so."""
        account = self.accounts.get(member_id)
        if account is None:
            return None
        return account.fault or fault_of(account.bank_code, account.branch_code)

    def fault_code(self, member_id: UUID) -> str:
        """What the fault that was found with the registered account is about; empty without one."""
        account = self.accounts.get(member_id)
        return account.fault_code if account else ""

    def fault_ends_at(self, member_id: UUID) -> datetime | None:
        """When the fault that was found with the registered account ends by itself, if it does."""
        account = self.accounts.get(member_id)
        return self.let_pass_at.get(account.pk) if account else None

    def _minimum_yen(self, method: str) -> int:
        return {
            "standard": self.terms.standard_minimum_yen,
            "threshold": self.terms.threshold_minimum_yen,
            "carry_over": 0,
            "quick": self.terms.quick_minimum_yen,
        }[method]


def receivers(member_ids: Iterable[UUID], terms: PayoutTerms, *, cycle: date | None = None) -> Receivers:
    """Accounts, methods and holds of many members, in three queries; in one more where staff look at holders.

    With `cycle`, the closing day of the cycle that is paid for, another one counts the payouts they had in it, where
    the rules let some go free.
    """
    ids = list(member_ids)
    accounts = {row.member_id: row for row in BankAccount.objects.filter(member_id__in=ids, replaced_at__isnull=True)}
    methods = dict(PayoutMethod.objects.filter(member_id__in=ids).values_list("member_id", "method"))
    held = {
        member_id: found for member_id, rows in restrictions_among(ids, "payout").items() if (found := longest(rows))
    }
    before = payouts_before(ids, cycle, terms) if cycle and terms.free_transfers_per_closing else {}
    doubtful = [row.pk for row in accounts.values() if row.fault_code in HOLDER_FAULTS]
    return Receivers(accounts, methods, held, terms, before, _let_pass_at(doubtful) if doubtful else {})


def _let_pass_at(account_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    waits = Q(state="contested") | Q(state="open", finding="trade_name")
    return dict(HolderReview.objects.filter(waits, account__in=account_ids).values_list("account_id", "lapses_at"))


def payouts_before(member_ids: Iterable[UUID], closes_on: date, terms: PayoutTerms) -> Mapping[UUID, int]:
    """How many payouts each member asked for, or got at a time limit, since the closing before this one."""
    rows = payouts_since_closing(closes_on, terms).filter(member_id__in=list(member_ids))
    return dict(rows.order_by().values_list("member_id").annotate(Count("id")))


def payouts_since_closing(closes_on: date, terms: PayoutTerms) -> QuerySet[Payout]:
    """Payouts that were asked for, or came at a time limit, since the closing before this one."""
    since, until = clock.end_of(closing_before(closes_on, terms)), clock.end_of(closes_on)
    rows = Payout.objects.filter(kind__in=("quick", "expiry"), requested_at__gte=since, requested_at__lt=until)
    return rows.exclude(state__in=("returned", "cancelled"))


def on_the_way(member_id: UUID, kinds: Sequence[str] = REWARD_KINDS) -> Sequence[InFlight]:
    """A member's transfers that have not arrived yet, in one query."""
    rows = Payout.objects.filter(member_id=member_id, kind__in=kinds, state__in=ON_THE_WAY).order_by("number")
    return [InFlight(net_yen=net_yen, pays_on=pays_on) for net_yen, pays_on in rows.values_list("net_yen", "pays_on")]
