"""Django's settings. Everything an operator may want otherwise is policy; this is only the machine room."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from kotowari.config import environment, external

DEMO = environment.is_on("KOTOWARI_DEMO")
TESTING = environment.is_on("KOTOWARI_TESTING")
DEBUG = False
SECRET_KEY = environment.secret("secret_key")
DATA_DIR = environment.data_dir()
BOOKS_AHEAD_UNTIL = environment.moment("KOTOWARI_BOOKS_AHEAD_UNTIL")
"""Entries of the books up to this moment are known to lie ahead of the clock (P018)."""
BASE_URL = os.environ.get("KOTOWARI_BASE_URL", "http://localhost:8000")
ALLOWED_HOSTS = os.environ.get("KOTOWARI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "procrastinate.contrib.django",
    "kotowari.foundation",
    "kotowari.demo",  # before the rooms: what its people do in a day is there when the day's deadlines are looked for
    "kotowari.ledger",
    "kotowari.accounts",
    "kotowari.incidents",
    "kotowari.enforcement",
    "kotowari.market",
    "kotowari.contracts",
    "kotowari.payments",
    "kotowari.payouts",
    "kotowari.papers",
    "kotowari.messaging",
    "kotowari.support",
    "kotowari.web",
    "kotowari.api",
    "kotowari.console",
]

MIDDLEWARE = [
    "kotowari.web.visitor_cache.visitor_cache",
    "django.middleware.security.SecurityMiddleware",
    "kotowari.web.middleware.content_security",
    "kotowari.web.middleware.devices",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kotowari.web.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kotowari.web.middleware.demo_clock",
    "kotowari.web.middleware.refusals",
]

ROOT_URLCONF = "kotowari.config.urls"
WSGI_APPLICATION = "kotowari.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "kotowari.web.jinja.environment"},
    },
]

if "DATABASE_URL" not in os.environ:
    raise ImproperlyConfigured(
        "No database is known: start through `kotowari`, which brings its own, or set DATABASE_URL."
    )
DATABASES = {"default": environment.database(os.environ["DATABASE_URL"])}

AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["kotowari.accounts.backends.MemberBackend"]
# How many processes share the machine's cores when they hash passwords; `kotowari serve` says it to its own.
WORKERS = int(os.environ.get("KOTOWARI_WORKERS", "1"))
PASSWORD_HASHERS = ["kotowari.accounts.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "kotowari.accounts.passwords.PasswordRules"}]
SESSION_ENGINE = "kotowari.accounts.sessions"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/my/"

# django-allauth recognises people; what it would count or mail by itself is done by kotowari.accounts: limits in
# PostgreSQL instead of a cache per process, and an address that is proved before anybody is a member.
ACCOUNT_ADAPTER = "kotowari.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "kotowari.accounts.reset_tokens.ResetTokens"  # noqa: S105 - a path
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SOCIALACCOUNT_ADAPTER = "kotowari.accounts.social_adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = external.providers()
SOCIALACCOUNT_STORE_TOKENS = False
PASSWORD_RESET_TIMEOUT = 24 * 3600  # the policy's minutes are at most this
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KOTOWARI_TRUSTED_PROXIES", "0"))

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [Path(__file__).parent.parent / "web" / "static"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kotowari.web.refusals.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

DEFAULT_FROM_EMAIL = os.environ.get("KOTOWARI_MAIL_FROM", "Kotowari <no-reply@localhost>")
EMAIL_BACKEND = os.environ.get("KOTOWARI_MAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("KOTOWARI_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("KOTOWARI_MAIL_PORT", "25"))
SMS_BACKEND = os.environ.get("KOTOWARI_SMS_BACKEND", "")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_ON_APP_READY = "kotowari.foundation.jobs.on_app_ready"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
