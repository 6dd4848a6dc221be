"""What people may do with accounts, their own and as staff, and every reason why not. Pure: facts in, blockers out."""

from kotowari.accounts.gates.devices import (
    END_ALL_SESSIONS,
    END_OTHER_SESSIONS,
    END_SESSION,
    FORGET_DEVICE,
    DeviceFacts,
    SessionsFacts,
)
from kotowari.accounts.gates.diagnosis import ASK_WHY
from kotowari.accounts.gates.locks import LOCK, UNLOCK, UnlockFacts
from kotowari.accounts.gates.oneself import (
    CHANGE_SETTINGS,
    SEE_OWN,
    SIGN_OUT,
    OwnFacts,
    ProvedFacts,
)
from kotowari.accounts.gates.passwords import (
    ASK_RESET,
    CHECK_PASSWORD,
    REMIND_OF_PASSWORD,
    SET_PASSWORD,
    ReminderFacts,
)
from kotowari.accounts.gates.remedies import (
    TO_CONFIRM,
    TO_DEVICES,
    TO_DIAGNOSIS,
    TO_LOGIN,
    TO_NEW_CODE,
    TO_PROVE_AGAIN,
    TO_RESET,
    TO_SECURITY_CHECK,
    TO_SIGN_UP,
    TO_TOKENS,
)
from kotowari.accounts.gates.restrictions import LIFT, RESTRICT, By, LiftFacts, RestrictFacts, held_blocker
from kotowari.accounts.gates.risks import RAISE_RISK
from kotowari.accounts.gates.sign_in import (
    SIGN_IN,
    Attempt,
    SignInFacts,
    frozen_blocker,
)
from kotowari.accounts.gates.sign_up import (
    ADD_MEMBER,
    CONFIRM_SIGN_UP,
    LAPSE_SIGN_UP,
    RESEND_CODE,
    SIGN_UP,
    PendingFacts,
    SignUpFacts,
    SystemFacts,
)
from kotowari.accounts.gates.staff import (
    APPOINT_STAFF,
    StaffFacts,
)
from kotowari.accounts.gates.tokens import (
    CREATE_TOKEN,
    REVOKE_TOKEN,
    USE_TOKEN,
    NewTokenFacts,
    TokenFacts,
)

__all__ = [
    "ADD_MEMBER",
    "APPOINT_STAFF",
    "ASK_RESET",
    "ASK_WHY",
    "CHANGE_SETTINGS",
    "CHECK_PASSWORD",
    "CONFIRM_SIGN_UP",
    "CREATE_TOKEN",
    "END_ALL_SESSIONS",
    "END_OTHER_SESSIONS",
    "END_SESSION",
    "FORGET_DEVICE",
    "LAPSE_SIGN_UP",
    "LIFT",
    "LOCK",
    "RAISE_RISK",
    "REMIND_OF_PASSWORD",
    "RESEND_CODE",
    "RESTRICT",
    "REVOKE_TOKEN",
    "SEE_OWN",
    "SET_PASSWORD",
    "SIGN_IN",
    "SIGN_OUT",
    "SIGN_UP",
    "TO_CONFIRM",
    "TO_DEVICES",
    "TO_DIAGNOSIS",
    "TO_LOGIN",
    "TO_NEW_CODE",
    "TO_PROVE_AGAIN",
    "TO_RESET",
    "TO_SECURITY_CHECK",
    "TO_SIGN_UP",
    "TO_TOKENS",
    "UNLOCK",
    "USE_TOKEN",
    "Attempt",
    "By",
    "DeviceFacts",
    "LiftFacts",
    "NewTokenFacts",
    "OwnFacts",
    "PendingFacts",
    "ProvedFacts",
    "ReminderFacts",
    "RestrictFacts",
    "SessionsFacts",
    "SignInFacts",
    "SignUpFacts",
    "StaffFacts",
    "SystemFacts",
    "TokenFacts",
    "UnlockFacts",
    "frozen_blocker",
    "held_blocker",
]
