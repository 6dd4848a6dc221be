"""Rewards, payouts and the account they go to; and how the money for a milestone is sent."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from kotowari.api import money_drawing as drawing
from kotowari.api.calls import Token, caller, key_of
from kotowari.api.money_shapes import (
    BankAccountShape,
    ChooseMethod,
    InstructionShape,
    PayoutList,
    PayoutShape,
    QuickPayout,
    RewardsShape,
    SetBankAccount,
)
from kotowari.api.paging import page
from kotowari.contracts.gates import FUND
from kotowari.foundation import subjects
from kotowari.kernel.gates import require
from kotowari.payments import gates as payments
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
    return drawing.rewards(selectors.reward_overview(me.pk), selectors.quick_offer(me))


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


@router.put(
    "/me/bank-account",
    auth=Token("money:write"),
    response=BankAccountShape,
    summary="Register where I am paid, in place of an earlier account",
)
def set_bank_account(request: HttpRequest, body: SetBankAccount) -> Any:
    return drawing.bank_account(services.set_bank_account(actor=caller(request), **body.model_dump()))


@router.post(
    "/milestones/{id}/fund",
    auth=Token("money:write"),
    response=InstructionShape,
    summary="How to send the money for a milestone; its escrow is filled when the bank reports it",
)
def fund(request: HttpRequest, id: str) -> Any:
    key_of(request)  # asked for as of every POST; the answer is the same however often it is asked
    milestone = subjects.load("contracts.milestone", id, actor=caller(request))
    require(FUND, caller(request), milestone)
    require(payments.SEE_INSTRUCTION, caller(request), milestone)
    instruction = instruction_for(milestone)
    assert instruction is not None, "the gate asks for an account"
    return drawing.instruction(instruction)
