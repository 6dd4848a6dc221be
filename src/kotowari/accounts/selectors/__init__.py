"""What people may see of accounts, and the facts that gates ask for."""

from kotowari.accounts.selectors import facts, programs  # noqa: F401 - they register the facts of gates
from kotowari.accounts.selectors.devices import (
    OpenSession,
    devices_visible_to,
    last_here,
    open_sessions,
    records_visible_to,
    sessions_visible_to,
)
from kotowari.accounts.selectors.external import LinkedAccount, WaysIn, linked_accounts, owner_of, ways_in
from kotowari.accounts.selectors.factors import (
    codes_left,
    factors_of,
    factors_visible_to,
    is_trusted,
    telephone_of,
    trust_mark,
)
from kotowari.accounts.selectors.login_facts import proved_facts
from kotowari.accounts.selectors.login_information import (
    address_proof,
    addresses_of,
    former_usernames_of,
    has_password,
    is_taken,
    owner_of_former,
    waiting_addresses_of,
)
from kotowari.accounts.selectors.passwords import due_for_reminder
from kotowari.accounts.selectors.people import (
    MemberCard,
    card_of,
    cards_of,
    member_by_username,
    members_visible_to,
    sign_up,
    tokens_visible_to,
    working_tokens_of,
)
from kotowari.accounts.selectors.recoveries import open_recovery_of, recoveries_visible_to, statement_of
from kotowari.accounts.selectors.registered_names import name_history_of, registered_name_of, registered_names_of
from kotowari.accounts.selectors.restrictions import (
    locked_until,
    locks_in_force,
    locks_visible_to,
    restrictions_among,
    restrictions_in_force,
    restrictions_on,
    restrictions_visible_to,
)
from kotowari.accounts.selectors.roles import is_system, lacks_factor
from kotowari.accounts.selectors.rounds import forced_resets_visible_to, members_named
from kotowari.accounts.selectors.security_check import due_for_check, hold_since, last_check
from kotowari.accounts.selectors.shut_out import shut_out_spans
from kotowari.accounts.selectors.staff_acts import risk_cases_visible_to
from kotowari.accounts.selectors.standing import has_factor

__all__ = [
    "LinkedAccount",
    "MemberCard",
    "OpenSession",
    "WaysIn",
    "address_proof",
    "addresses_of",
    "card_of",
    "cards_of",
    "codes_left",
    "devices_visible_to",
    "due_for_check",
    "due_for_reminder",
    "factors_of",
    "factors_visible_to",
    "forced_resets_visible_to",
    "former_usernames_of",
    "has_factor",
    "has_password",
    "hold_since",
    "is_system",
    "is_taken",
    "is_trusted",
    "lacks_factor",
    "last_check",
    "last_here",
    "linked_accounts",
    "locked_until",
    "locks_in_force",
    "locks_visible_to",
    "member_by_username",
    "members_named",
    "members_visible_to",
    "name_history_of",
    "open_recovery_of",
    "open_sessions",
    "owner_of",
    "owner_of_former",
    "proved_facts",
    "records_visible_to",
    "recoveries_visible_to",
    "registered_name_of",
    "registered_names_of",
    "restrictions_among",
    "restrictions_in_force",
    "restrictions_on",
    "restrictions_visible_to",
    "risk_cases_visible_to",
    "sessions_visible_to",
    "shut_out_spans",
    "sign_up",
    "statement_of",
    "telephone_of",
    "tokens_visible_to",
    "trust_mark",
    "waiting_addresses_of",
    "ways_in",
    "working_tokens_of",
]
