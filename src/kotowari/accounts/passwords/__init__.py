"""What makes a password acceptable, why one is not, and which slips happen when one is typed.

After NIST SP 800-63B-4: long, any characters, not among the expected ones, not made of the person's own names. No
composition rules, no expiry. Everything is asked of the NFKC form, which is also the one that is hashed.
"""

from kotowari.accounts.passwords.rules import (
    MAX_LENGTH,
    PasswordRules,
    help_text,
    min_length,
    password_problems,
)
from kotowari.accounts.passwords.slips import slips
from kotowari.accounts.passwords.words import SITE_WORDS, name_parts

__all__ = [
    "MAX_LENGTH",
    "SITE_WORDS",
    "PasswordRules",
    "help_text",
    "min_length",
    "name_parts",
    "password_problems",
    "slips",
]
