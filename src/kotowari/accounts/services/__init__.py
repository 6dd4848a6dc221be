"""Commands about accounts."""

from kotowari.accounts.services import recovery_overtaken  # noqa: F401 - it listens to events
from kotowari.accounts.services.addresses import (
    ask_address,
    drop_address,
    lapse_address,
    prove_address,
    remove_address,
    resend_address_code,
)
from kotowari.accounts.services.alarms import watch_sign_ins
from kotowari.accounts.services.devices import end_all_sessions, end_other_sessions, end_session, forget_device
from kotowari.accounts.services.diagnosis import ask_why, check_login
from kotowari.accounts.services.external import join_with_external, link_external, unlink_external
from kotowari.accounts.services.factors import (
    add_passkey,
    begin_app,
    begin_telephone,
    confirm_factor,
    lapse_factor,
    make_recovery_codes,
    remove_factor,
    rename_factor,
)
from kotowari.accounts.services.forced_resets import (
    approve_forced_reset,
    ask_forced_reset,
    check_forced_reset,
    decline_forced_reset,
    lapse_forced_reset,
)
from kotowari.accounts.services.locks import end_lock, lock_account
from kotowari.accounts.services.main_address import make_primary, undo_primary
from kotowari.accounts.services.password_reminder import remind_of_password
from kotowari.accounts.services.passwords import ask_password_reset, change_password, set_password
from kotowari.accounts.services.programs import sign_in_program
from kotowari.accounts.services.recoveries import (
    answer_recovery,
    approve_recovery,
    ask_in_recovery,
    ask_recovery,
    cancel_recovery,
    refuse_recovery,
    send_recovery_code,
    start_recovery,
    state_recovery,
)
from kotowari.accounts.services.recovery_by_clock import finish_recovery, lapse_recovery, tell_recovery
from kotowari.accounts.services.registered_names import register_name
from kotowari.accounts.services.restrictions import lift, overturn, restrict
from kotowari.accounts.services.risks import close_risk, escalate_risk, lapse_risk, raise_risk
from kotowari.accounts.services.rounds import run_round
from kotowari.accounts.services.security_check import complete_check, remind_of_check, report_not_me
from kotowari.accounts.services.settings import change_settings
from kotowari.accounts.services.showing import (
    prove_by_code,
    prove_by_passkey,
    prove_by_password,
    send_factor_code,
    send_proof_code,
    show_code,
    show_passkey,
    trust_device,
    warn_of_codes,
)
from kotowari.accounts.services.sign_in import sign_in, sign_out
from kotowari.accounts.services.sign_in_links import ask_link_to_link, ask_sign_in_link
from kotowari.accounts.services.sign_up import (
    check_sign_up,
    confirm_sign_up,
    lapse_sign_up,
    register_member,
    resend_code,
    start_sign_up,
)
from kotowari.accounts.services.staff import appoint_staff, tell_staff
from kotowari.accounts.services.staff_acts import end_sessions_for, force_new_password
from kotowari.accounts.services.tokens import (
    authenticate_token,
    create_api_token,
    require_scope,
    revoke_api_token,
    shown_token,
    usable,
)
from kotowari.accounts.services.usernames import change_username

__all__ = [
    "add_passkey",
    "answer_recovery",
    "appoint_staff",
    "approve_forced_reset",
    "approve_recovery",
    "ask_address",
    "ask_forced_reset",
    "ask_in_recovery",
    "ask_link_to_link",
    "ask_password_reset",
    "ask_recovery",
    "ask_sign_in_link",
    "ask_why",
    "authenticate_token",
    "begin_app",
    "begin_telephone",
    "cancel_recovery",
    "change_password",
    "change_settings",
    "change_username",
    "check_forced_reset",
    "check_login",
    "check_sign_up",
    "close_risk",
    "complete_check",
    "confirm_factor",
    "confirm_sign_up",
    "create_api_token",
    "decline_forced_reset",
    "drop_address",
    "end_all_sessions",
    "end_lock",
    "end_other_sessions",
    "end_session",
    "end_sessions_for",
    "escalate_risk",
    "finish_recovery",
    "force_new_password",
    "forget_device",
    "join_with_external",
    "lapse_address",
    "lapse_factor",
    "lapse_forced_reset",
    "lapse_recovery",
    "lapse_risk",
    "lapse_sign_up",
    "lift",
    "link_external",
    "lock_account",
    "make_primary",
    "make_recovery_codes",
    "overturn",
    "prove_address",
    "prove_by_code",
    "prove_by_passkey",
    "prove_by_password",
    "raise_risk",
    "refuse_recovery",
    "register_member",
    "register_name",
    "remind_of_check",
    "remind_of_password",
    "remove_address",
    "remove_factor",
    "rename_factor",
    "report_not_me",
    "require_scope",
    "resend_address_code",
    "resend_code",
    "restrict",
    "revoke_api_token",
    "run_round",
    "send_factor_code",
    "send_proof_code",
    "send_recovery_code",
    "set_password",
    "show_code",
    "show_passkey",
    "shown_token",
    "sign_in",
    "sign_in_program",
    "sign_out",
    "start_recovery",
    "start_sign_up",
    "state_recovery",
    "tell_recovery",
    "tell_staff",
    "trust_device",
    "undo_primary",
    "unlink_external",
    "usable",
    "warn_of_codes",
    "watch_sign_ins",
]
