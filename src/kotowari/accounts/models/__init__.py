"""Who people are, how they come in, and what keeps them out."""

from kotowari.accounts.models.addresses import AddressChange, AddressProof
from kotowari.accounts.models.checks import SecurityCheck
from kotowari.accounts.models.factors import (
    DeviceTrust,
    Factor,
    RecoveryCode,
    RecoverySheet,
    SentCode,
    TextMessage,
)
from kotowari.accounts.models.forced_resets import ForcedReset
from kotowari.accounts.models.members import Consent, Member, SignUp
from kotowari.accounts.models.recoveries import FactorRecovery, RecoveryWord
from kotowari.accounts.models.registered_names import RegisteredName
from kotowari.accounts.models.restrictions import Lock, Restriction
from kotowari.accounts.models.risk import RiskCase
from kotowari.accounts.models.rounds import Round, RoundMember
from kotowari.accounts.models.sessions import Device, Session, SignInRecord
from kotowari.accounts.models.tokens import ApiToken
from kotowari.accounts.models.usernames import FormerUsername

__all__ = [
    "AddressChange",
    "AddressProof",
    "ApiToken",
    "Consent",
    "Device",
    "DeviceTrust",
    "Factor",
    "FactorRecovery",
    "ForcedReset",
    "FormerUsername",
    "Lock",
    "Member",
    "RecoveryCode",
    "RecoverySheet",
    "RecoveryWord",
    "RegisteredName",
    "Restriction",
    "RiskCase",
    "Round",
    "RoundMember",
    "SecurityCheck",
    "SentCode",
    "Session",
    "SignInRecord",
    "SignUp",
    "TextMessage",
]
