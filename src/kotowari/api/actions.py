"""Which action each call asks: shown in the OpenAPI document, so a program can ask `/me/gates/{action}` before."""

from kotowari.accounts import gates as accounts
from kotowari.api.gates import SEE_CATALOGUE
from kotowari.contracts import gates as contracts
from kotowari.incidents import gates as incidents
from kotowari.kernel.gates import Action
from kotowari.market import gates as market
from kotowari.messaging import gates as messaging
from kotowari.papers import gates as papers
from kotowari.payments import gates as payments
from kotowari.payouts import gates as payouts
from kotowari.support import gates as support

ACTIONS: dict[str, Action] = {
    "programs.sign_in": accounts.SIGN_IN,
    "programs.finish": accounts.SIGN_IN_PROGRAM,
    "programs.send_code": accounts.SEND_FACTOR_CODE,
    "programs.sign_out": accounts.REVOKE_TOKEN,
    "decisions.catalogue": SEE_CATALOGUE,
    "decisions.my_decisions": accounts.USE_TOKEN,
    "decisions.my_decision": accounts.USE_TOKEN,
    "jobs.list_jobs": market.SEARCH_JOBS,
    "jobs.post_job": market.POST_JOB,
    "jobs.get_job": market.SEE_JOB,
    "jobs.close_job": market.CLOSE_JOB,
    "jobs.list_proposals": market.SEE_JOB,
    "jobs.propose": market.SEND_PROPOSAL,
    "jobs.accept_proposal": contracts.HIRE,
    "jobs.decline": market.DECLINE_PROPOSAL,
    "jobs.withdraw": market.WITHDRAW_PROPOSAL,
    "contracts.list_contracts": contracts.SEE_CONTRACT,
    "contracts.get_contract": contracts.SEE_CONTRACT,
    "contracts.ask_end": contracts.ASK_END,
    "contracts.agree_end": contracts.AGREE_END,
    "contracts.refuse_end": contracts.REFUSE_END,
    "contracts.withdraw_end": contracts.WITHDRAW_END,
    "contracts.deliver": contracts.DELIVER,
    "contracts.accept": contracts.ACCEPT,
    "contracts.request_changes": contracts.REQUEST_CHANGES,
    "threads.list_threads": messaging.SEE_THREAD,
    "threads.list_messages": messaging.SEE_THREAD,
    "threads.mark_read": messaging.SEE_THREAD,
    "threads.write": messaging.SEND_MESSAGE,
    "threads.write_about": messaging.SEND_MESSAGE,
    "money.my_rewards": payouts.SEE,
    "money.choose_payout_method": payouts.CHOOSE_METHOD,
    "money.quick_payout": payouts.QUICK,
    "money.my_payouts": payouts.SEE,
    "money.my_journals": accounts.SEE_OWN,
    "money.my_journal": accounts.SEE_OWN,
    "money.set_bank_account": payouts.SET_ACCOUNT,
    "money.fund": contracts.FUND,
    "money.card_payment": payments.SEE_CARD,
    "money.hear": payments.HEAR,
    "names.my_name": accounts.SEE_OWN,
    "names.register_name": accounts.REGISTER_NAME,
    "papers.my_papers": papers.LIST,
    "papers.get_paper": papers.SEE,
    "papers.get_paper_pdf": papers.SEE,
    "tickets.ask": support.OPEN,
    "tickets.read": support.SEE,
    "status.see_status": incidents.SEE_STATUS,
}
"""By module and function of the call."""


def action_of(operation_id: str) -> Action:
    """The action of a call, by its id in the document (`kotowari_api_jobs_post_job`)."""
    module, _, function = operation_id.removeprefix("kotowari_api_").partition("_")
    return ACTIONS[f"{module}.{function}"]
