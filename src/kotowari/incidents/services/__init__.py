"""What staff do about faults of ours and changes of signing in, and what the clock does."""

from kotowari.incidents.services.affected import (
    name_affected,
    name_everybody,
    name_signed_in,
    reset_affected,
    tell_affected,
)
from kotowari.incidents.services.by_clock import close_by_time, lapse_incident, remind_staff
from kotowari.incidents.services.incidents import (
    add_update,
    close_incident,
    open_incident,
    publish_incident,
    recover_incident,
)
from kotowari.incidents.services.login_changes import (
    announce_login_change,
    complete_login_change,
    remind_of_login_change,
    withdraw_login_change,
)

__all__ = [
    "add_update",
    "announce_login_change",
    "close_by_time",
    "close_incident",
    "complete_login_change",
    "lapse_incident",
    "name_affected",
    "name_everybody",
    "name_signed_in",
    "open_incident",
    "publish_incident",
    "recover_incident",
    "remind_of_login_change",
    "remind_staff",
    "reset_affected",
    "tell_affected",
    "withdraw_login_change",
]
