"""Rewards, payouts and the account they go to; and how a milestone is paid for, by bank or by card."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from kotowari.api import money_drawing as drawing
from kotowari.api.calls import PROOF_NEEDED, Token, Visitor, caller, key_of
from kotowari.api.money_shapes import (
    BankAccountShape,
    CardPaymentShape,
    ChooseMethod,
    Fund,
    HeardShape,
    InstructionShape,
    JournalShape,
    LineList,
    PayoutList,
    PayoutShape,
    QuickPayout,
    RewardsShape,
    SetBankAccount,
)
from kotowari.api.paging import LARGEST_PAGE, page
from kotowari.contracts.gates import FUND
from kotowari.foundation import subjects
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import require
from kotowari.payments import gates as payments
from kotowari.payments import services as card_services
from kotowari.payments.selectors import instruction_for
from kotowari.payouts import selectors, services

router = Router(tags=["money"])


@router.get(
    "/me/rewards",
    auth=Token("money:read"),
    response=RewardsShape,
    summary="My balance, where it comes from, what the next closing makes of it and what stands in the way",
)
def my_rewards(request: HttpRequest) -> Any:
    me = caller(request)
    overview = selectors.reward_overview(me.pk)
    return drawing.rewards(overview, selectors.quick_offer(me, overview.to_pay, overview.available_yen))


@router.put(
    "/me/payout-method",
    auth=Token("money:write"),
    response=RewardsShape,
    summary="Choose how I am paid, from the next closing on",
)
def choose_payout_method(request: HttpRequest, body: ChooseMethod) -> Any:
    services.choose_method(actor=caller(request), method=body.method)
    return my_rewards(request)


@router.post(
    "/me/quick-payouts",
    auth=Token("money:write"),
    response={201: PayoutShape},
    summary="Pay me at once, within three bank days, less the fee",
)
def quick_payout(request: HttpRequest, body: QuickPayout) -> Any:
    payout = services.request_quick_payout(
        actor=caller(request), amount_yen=body.amount_yen, idempotency_key=key_of(request)
    )
    return Status(201, drawing.payout(payout))


@router.get("/me/payouts", auth=Token("money:read"), response=PayoutList, summary="My payouts, newest first")
def my_payouts(request: HttpRequest, cursor: str = "", limit: int = 20) -> Any:
    me = caller(request)
    mine = selectors.payouts_visible_to(me).filter(member_id=me.pk)
    found, after = page(mine, cursor, limit)
    return {"items": [drawing.payout(row) for row in found], "next_cursor": after}


@router.get(
    "/me/journals",
    auth=Token("money:read"),
    response=LineList,
    summary="Every movement of my money in words, newest first; days from `since` to `until`, both included",
)
def my_journals(
    request: HttpRequest,
    cursor: str = "",
    limit: int = 20,
    since: date | None = None,
    until: date | None = None,
    side: Literal["", "worker", "client"] = "",
) -> Any:
    limit = min(max(limit, 1), LARGEST_PAGE)
    found = selectors.own_lines(caller(request), side=side, since=since, until=until, cursor=cursor, limit=limit)
    return {"items": [drawing.own_line(line) for line in found.lines], "next_cursor": found.next_cursor}


@router.get(
    "/me/journals/{id}",
    auth=Token("money:read"),
    response=JournalShape,
    summary="One movement with all its lines, for whom it is about",
)
def my_journal(request: HttpRequest, id: str) -> Any:
    try:
        journal_id = UUID(id)
    except ValueError as error:
        raise NotVisible("ledger.journal", id) from error
    return drawing.journal(selectors.journal_visible_to(caller(request), journal_id))


@router.put(
    "/me/bank-account",
    auth=Token("money:write"),
    response=BankAccountShape,
    summary="Register where I am paid, in place of an earlier account",
    description=PROOF_NEEDED,
)
def set_bank_account(request: HttpRequest, body: SetBankAccount) -> Any:
    return drawing.bank_account(services.set_bank_account(actor=caller(request), **body.model_dump()))


@router.post(
    "/milestones/{id}/fund",
    auth=Token("money:write"),
    response=InstructionShape | CardPaymentShape,
    summary="By bank: how to send the money; by card: the processor's page on which to pay",
)
def fund(request: HttpRequest, id: str, body: Fund | None = None) -> Any:
    key, me = key_of(request), caller(request)
    milestone = subjects.load("contracts.milestone", id, actor=me)
    if body is not None and body.method == "card":
        begun = card_services.start_card_payment(actor=me, milestone_id=milestone.pk, idempotency_key=key)
        return drawing.card_payment(card_services.open_card_page(payment_id=begun.pk))
    require(FUND, me, milestone)
    require(payments.SEE_INSTRUCTION, me, milestone)
    instruction = instruction_for(milestone)
    assert instruction is not None, "the gate asks for an account"
    return drawing.instruction(instruction)


@router.get(
    "/card-payments/{id}",
    auth=Token("money:read"),
    response=CardPaymentShape,
    summary="Where a card payment of mine stands; the processor is asked while that is open",
)
def card_payment(request: HttpRequest, id: str) -> Any:
    me = caller(request)
    found = subjects.load("payments.cardpayment", id, actor=me)
    require(payments.SEE_CARD, me, found)
    if found.is_under_way or found.state == "set_aside":
        found = card_services.ask_about_card(actor=me, payment_id=found.pk)
    return drawing.card_payment(found)


@router.post(
    "/webhooks/cards",
    auth=Visitor(),
    response=HeardShape,
    summary="For the card processor: a signed message is a reason to ask it, and nothing more",
)
def hear(request: HttpRequest) -> Any:
    return {"is_new": card_services.hear_processor(body=request.body, headers=request.headers)}
