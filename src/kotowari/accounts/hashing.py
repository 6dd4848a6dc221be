"""Password hashing: Argon2id at OWASP's parameters, which a sign-in can afford on two cores."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """19 MiB, two passes, one lane (OWASP Password Storage, 2026)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
