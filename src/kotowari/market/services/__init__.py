"""Commands of the market: every one locks, asks its gate, changes, audits and tells."""

from kotowari.market.services.jobs import close_job, lapse_job, post_job
from kotowari.market.services.privacy import set_privacy
from kotowari.market.services.profiles import ProfileText, update_profile
from kotowari.market.services.proposals import (
    ProposedMilestone,
    decline_proposal,
    lapse_proposal,
    mark_accepted,
    move_proposal_clock,
    send_proposal,
    withdraw_proposal,
)

__all__ = [
    "ProfileText",
    "ProposedMilestone",
    "close_job",
    "decline_proposal",
    "lapse_job",
    "lapse_proposal",
    "mark_accepted",
    "move_proposal_clock",
    "post_job",
    "send_proposal",
    "set_privacy",
    "update_profile",
    "withdraw_proposal",
]
