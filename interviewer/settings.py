"""All settings, read from the environment (or `.env`), with safe local defaults and a loud error on a bad value."""

from __future__ import annotations

import logging
import os
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from ai.masking import keep_secret
from interviewer.ai_conf import PROVIDERS, ai_settings, check_speech, check_voice, speech_model
from interviewer.conf import (
    caches,
    channel_layers,
    choice,
    content_security_policy,
    database,
    email,
    json_web_tokens,
    local_secret,
    logging_to_console,
    number,
    origin,
    rate,
    redis_url,
    secret,
    secrets_of,
    time_zone,
    truth,
    urls,
)
from interviewer.openapi_conf import spectacular
from interviewer.private import keep_private

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
env = environ.Env()
env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))

DEBUG = truth("DEBUG", default=False)
HTTPS = truth("HTTPS", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = secret("SECRET_KEY")
if not SECRET_KEY:
    if HTTPS:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. With HTTPS=1 give it at least 50 random characters."
        )
    SECRET_KEY = local_secret(VAR_DIR / "secret_key")
JWT_SECRET = secret("JWT_SECRET") or SECRET_KEY
HOST = env.str("HOST", default="127.0.0.1")
PORT = number("PORT", default=8000, low=1, high=65535)
NAME_IN_URL = f"[{HOST}]" if ":" in HOST else HOST
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", NAME_IN_URL, socket.gethostname()]
)
SITE_URL = origin("SITE_URL")
ALLOWED_ORIGINS = urls("ALLOWED_ORIGINS")
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
CORS_ALLOWED_ORIGINS = ALLOWED_ORIGINS
CORS_URLS_REGEX = r"^/api/.*$"
CORS_EXPOSE_HEADERS = ["Content-Location", "ETag", "Idempotent-Replayed", "Location", "Retry-After"]
CORS_ALLOW_HEADERS = [
    *("accept", "authorization", "content-type"),
    *("idempotency-key", "if-match", "if-none-match", "prefer"),
]

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "channels",
    "corsheaders",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "interviewer",
    "accounts",
    "interviews",
]

MIDDLEWARE = [
    "interviewer.middleware.HeadMiddleware",
    "interviewer.middleware.ProblemMiddleware",
    "interviewer.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "interviewer.proxy_hints.ProxyHintsMiddleware",
    "interviewer.middleware.WorkSlotMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "interviewer.middleware.NoStoreMiddleware",
    "interviewer.odd_input.OddInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "interviewer.urls"
ASGI_APPLICATION = "interviewer.asgi.application"
WSGI_APPLICATION = "interviewer.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["accounts.templatetags.names"],
        },
    }
]

DATABASES = {
    "default": database(
        "DATABASE_URL", default=f"sqlite:///{VAR_DIR}/interviewer.sqlite3", folder=VAR_DIR
    )
}
keep_private(VAR_DIR, DATABASES["default"])

REDIS_URL = redis_url("REDIS_URL")
CACHES = caches(REDIS_URL, folder=VAR_DIR)
CHANNEL_LAYERS = channel_layers(REDIS_URL)

AUTH_USER_MODEL = "accounts.User"
ERASE_PERSON = "interviews.services.erase_person"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.SignInLimit",
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "accounts.backends.CountFailure",
]
PASSWORD_HASHERS = [
    "interviewer.hashers.Argon2Hasher",
    "interviewer.hashers.PBKDF2Hasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "welcome"
AXES_FAILURE_LIMIT = number("LOGIN_FAILURE_LIMIT", default=8, low=1, high=1000)
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_USERNAME_CALLABLE = "accounts.lockout.account_name"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "csrfmiddlewaretoken", "next"]
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "accounts.clients.client_address"
PROXY_COUNT = number("PROXY_COUNT", default=0, low=0, high=10)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.parsing.ShallowJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "interviews.api.schema.Schema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "interviewer.negotiation.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "accounts.lists.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "accounts.lists.Orderings",
    ],
    "PAGE_SIZE": 20,
    "EXCEPTION_HANDLER": "interviewer.problems.problem_response",
    "DEFAULT_THROTTLE_RATES": {
        "register": rate("REGISTER_RATE", default="600/hour"),
        "login": rate("LOGIN_RATE", default="60/min"),
        "reset": rate("RESET_RATE", default="60/hour"),
        "mail": rate("MAIL_RATE", default="5/hour"),
        "password": rate("PASSWORD_RATE", default="60/hour"),
        "ticket": rate("TICKET_RATE", default="60/min"),
        "demo": rate("DEMO_RATE", default="20/min"),
        "submit": rate("SUBMIT_RATE", default="60/min"),
        "transcribe": rate("TRANSCRIBE_RATE", default="30/min"),
    },
    "NUM_PROXIES": PROXY_COUNT,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT = json_web_tokens(JWT_SECRET)
SPECTACULAR_SETTINGS = spectacular(VERSION)

CONTENT_SECURITY_POLICY = content_security_policy()
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "interviewer.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    20_000  # the admin deletes a whole bank at once, a field for each question
)

IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

LANGUAGE_CODE = "en"
TIME_ZONE = time_zone("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or "pytest" in sys.modules
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

vars().update(email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="interviewer@localhost")
EMAIL_TIMEOUT = number("EMAIL_TIMEOUT", default=10, low=1, high=120)
MAIL_CONTEXTS = {
    "password_reset": "accounts.mails.password_reset",
    "account_exists": "accounts.mails.account_exists",
    "practice_reminder": "interviews.services.reminders.practice_reminder",
}

AI_PROVIDER = choice("AI_PROVIDER", default="embedded", allowed=PROVIDERS)
PROVIDER_POOL_SIZE = number("PROVIDER_POOL_SIZE", default=128, low=1, high=1000)
SPEECH_PROVIDER = choice("SPEECH_PROVIDER", default="local", allowed=["none", "local", "google"])
VOICE_PROVIDER = choice("VOICE_PROVIDER", default="none", allowed=["none", "espeak-ng", "google"])
SPEECH_MODEL = speech_model("SPEECH_MODEL")
SPEECH_WORKERS = number("SPEECH_WORKERS", default=1, low=1, high=32)
SPEECH_THREADS = number("SPEECH_THREADS", default=1, low=1, high=32)
SPEECH_QUEUE = number("SPEECH_QUEUE", default=8, low=1, high=1000)
RECORDINGS_DIR = Path(env.str("RECORDINGS_DIR", default=str(VAR_DIR / "recordings")))
MAX_RECORDING_MB = number("MAX_RECORDING_MB", default=32, low=1, high=512)
MAX_RECORDING_SECONDS = number("MAX_RECORDING_SECONDS", default=900, low=10, high=7200)
MAX_RECORDINGS_PER_TURN = number("MAX_RECORDINGS_PER_TURN", default=20, low=1, high=1000)
AI = ai_settings(AI_PROVIDER)
GOOGLE_CREDENTIALS = check_speech(SPEECH_PROVIDER, AI)
check_voice(VOICE_PROVIDER, GOOGLE_CREDENTIALS, AI)
TURN_LEASE_SECONDS = number("TURN_LEASE_SECONDS", default=10, low=1, high=600)
ANSWER_GRACE_SECONDS = number("ANSWER_GRACE_SECONDS", default=10, low=0, high=120)
SESSION_IDLE_DAYS = number("SESSION_IDLE_DAYS", default=30, low=1, high=3650)
MAX_ANSWER_CHARACTERS = number("MAX_ANSWER_CHARACTERS", default=20_000, low=100, high=200_000)

keep_secret(SECRET_KEY, JWT_SECRET, AI.api_key, *secrets_of(os.environ, REDIS_URL, DATABASES))
logging.captureWarnings(True)
LOGGING = logging_to_console(
    choice("LOG_LEVEL", default="WARNING", allowed=["DEBUG", "INFO", "WARNING", "ERROR"])
)
