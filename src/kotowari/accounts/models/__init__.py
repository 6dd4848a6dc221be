"""Who people are, how they come in, and what keeps them out."""

from kotowari.accounts.models.members import Consent, Member, SignUp
from kotowari.accounts.models.restrictions import Lock, Restriction
from kotowari.accounts.models.risk import RiskCase
from kotowari.accounts.models.sessions import Device, Session, SignInRecord
from kotowari.accounts.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Consent",
    "Device",
    "Lock",
    "Member",
    "Restriction",
    "RiskCase",
    "Session",
    "SignInRecord",
    "SignUp",
]
