"""Where and how a member is paid: the bank account and the method."""

from kotowari.accounts.models import Member
from kotowari.accounts.services.own import locked
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.foundation.policy.catalogue.payouts import METHOD_NAMES
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.payouts import entries, events
from kotowari.payouts.destinations import read_account
from kotowari.payouts.gates import CHOOSE_METHOD, SET_ACCOUNT
from kotowari.payouts.models import BankAccount, PayoutMethod
from kotowari.payouts.services.holders import holder_fits, overtake
from kotowari.payouts.services.holding import let_go_on, waiting_payouts
from kotowari.payouts.services.reviving import revive_all


@command(SET_ACCOUNT)
def set_bank_account(
    *,
    actor: Actor,
    bank_code: str = "",
    branch_code: str = "",
    account_kind: str | int = "",
    account_number: str = "",
    holder_kana: str = "",
    yucho_symbol: str = "",
    yucho_number: str = "",
    yucho_is_savings: bool = False,
) -> BankAccount:
    """Register the account one is paid to, in place of an earlier one, which is kept (A152, A153).

    Asks for a recent proof of being the owner (P022). Registering the same account again confirms it: a fault found with it is cleared. Payouts that are not with the
    bank yet go to the new account, those on hold go on, and what was kept since its time limit is in the balance
    again; unless the holder is not the registered name: then all of it waits for staff to look (A153). Raises
    `InputError` with every field's fault.
    """
    member = locked(actor)
    require(SET_ACCOUNT, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    details = read_account(
        bank_code=bank_code,
        branch_code=branch_code,
        account_kind=account_kind,
        account_number=account_number,
        holder_kana=holder_kana,
        yucho_symbol=yucho_symbol,
        yucho_number=yucho_number,
        yucho_is_savings=yucho_is_savings,
    )
    # Payouts are locked before the account, as whoever puts one on hold does.
    waiting = waiting_payouts(member.pk)
    now = clock.now()
    replaced = BankAccount.objects.filter(member_id=member.pk, replaced_at__isnull=True).update(replaced_at=now)
    account = BankAccount(
        member_id=member.pk,
        bank_code=details.bank_code,
        bank_name=details.bank_name,
        bank_kana=details.bank_kana,
        branch_code=details.branch_code,
        branch_name=details.branch_name,
        branch_kana=details.branch_kana,
        account_kind=details.account_kind,
        registered_at=now,
    )
    account.number, account.holder_kana = details.account_number, details.holder_kana
    account.save(force_insert=True)
    overtake(member.pk)
    let_go_on(waiting, account)
    fits = holder_fits(actor, account, waiting)
    revived = revive_all(actor, member.pk) if fits else 0
    audit.record(
        actor=actor,
        kind=entries.ACCOUNT_SET,
        subject=account,
        bank=details.bank_name,
        branch=details.branch_name,
        redirected=len(waiting),
    )
    emit(
        events.BankAccountSet(
            member_id=account.member_id,
            account_id=account.pk,
            is_change=bool(replaced),
            redirected=len(waiting),
            revived=revived,
            is_waiting=not fits,
        )
    )
    return account


@command(CHOOSE_METHOD)
def choose_method(*, actor: Actor, method: str) -> PayoutMethod:
    """Choose the one method by which rewards are paid out; it counts from the next closing on (A045, A051)."""
    member = locked(actor)
    require(CHOOSE_METHOD, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    offered = policy.value("payouts.methods")
    if method not in offered:
        words = [METHOD_NAMES[name] for name in offered]
        text = Text("出金方法は{ja}から選んでください。", "Choose one of: {en}.").format(
            ja="・".join(w.ja for w in words), en=", ".join(w.en for w in words)
        )
        raise InputError({"method": [text]})
    row, _ = PayoutMethod.objects.update_or_create(
        member_id=member.pk, defaults={"method": method, "chosen_at": clock.now()}
    )
    audit.record(actor=actor, kind=entries.METHOD_CHOSEN, subject=member, method=method)
    emit(events.MethodChosen(member_id=row.member_id, method=method))
    return row
