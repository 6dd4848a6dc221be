"""The demo's living market: some weeks of it, lived through the services on a clock that is moved."""

from kotowari.demo.cast import PRINTED, ROLES, Role
from kotowari.demo.people import PASSPHRASE

__all__ = ["PASSPHRASE", "PRINTED", "ROLES", "Role"]
