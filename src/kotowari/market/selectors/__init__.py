"""Jobs, proposals and profiles as a person may see them, and the facts that gates ask for."""

from kotowari.market.selectors.facts import job_facts, own_proposals, posting_facts, profile_facts, proposal_facts
from kotowari.market.selectors.listing import JobCard, JobPage, job_cards, search_jobs
from kotowari.market.selectors.people import (
    PublicProfile,
    away_among,
    members_found,
    public_profile,
    public_profiles,
)
from kotowari.market.selectors.records import (
    CategoryCount,
    CategoryGroup,
    ClientRecord,
    categories_by_group,
    client_records,
)
from kotowari.market.selectors.rows import (
    find_job,
    find_proposal,
    jobs_of,
    jobs_visible_to,
    posting_defaults,
    profile_of,
    proposal_counts,
    proposals_visible_to,
    role_of,
)
from kotowari.market.selectors.waits import clocks_of_proposals

__all__ = [
    "CategoryCount",
    "CategoryGroup",
    "ClientRecord",
    "JobCard",
    "JobPage",
    "PublicProfile",
    "away_among",
    "categories_by_group",
    "client_records",
    "clocks_of_proposals",
    "find_job",
    "find_proposal",
    "job_cards",
    "job_facts",
    "jobs_of",
    "jobs_visible_to",
    "members_found",
    "own_proposals",
    "posting_defaults",
    "posting_facts",
    "profile_facts",
    "profile_of",
    "proposal_counts",
    "proposal_facts",
    "proposals_visible_to",
    "public_profile",
    "public_profiles",
    "role_of",
    "search_jobs",
]
