"""Password hashing: Argon2id at OWASP's parameters, which a sign-in can afford on two cores."""

import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """19 MiB, two passes, one lane (OWASP Password Storage, 2026).

    A password is brought to NFKC first (NIST SP 800-63B-4, 3.1.1.2), so that the same words open the account
    whether they were typed in full width or half width. Nothing is trimmed, cut or folded in case.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        return super().encode(unicodedata.normalize("NFKC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(unicodedata.normalize("NFKC", password), encoded)
