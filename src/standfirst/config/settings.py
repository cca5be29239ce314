"""Django's settings, made from the newsroom's own few (see `newsroom.py`)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from standfirst.config import newsroom as _newsroom

NEWSROOM = _newsroom.load(_newsroom.find_folder())
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = NEWSROOM.secret_key
DEBUG = os.environ.get("STANDFIRST_DEBUG") == "1"
# Hosts are checked by our own middleware (421 before any look-up), see frame of decisions 13.
ALLOWED_HOSTS = (
    ["*"] if not NEWSROOM.base_url else [urlsplit(NEWSROOM.base_url).hostname or "", "127.0.0.1", "localhost", "[::1]"]
)
ROOT_URLCONF = "standfirst.config.urls"
# What the press renders by.
PUBLIC_URLCONF = "standfirst.config.public_urls"
WSGI_APPLICATION = "standfirst.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "standfirst.theme",
    "standfirst.wire",
    "standfirst.importers",
    "standfirst.corrections",
    "standfirst.patrons",
    "standfirst.fronts",
    "standfirst.stories",
    "standfirst.people",
    "standfirst.readers",
    "standfirst.mailroom",
    "standfirst.letterbox",
    "standfirst.press",
    "standfirst.ops",
    "standfirst.config.wagtail_apps.Redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.search_promotions",
    "wagtail.embeds",
    "wagtail.sites",
    "standfirst.config.wagtail_apps.Users",
    "standfirst.config.wagtail_apps.Snippets",
    "standfirst.config.wagtail_apps.Documents",
    "standfirst.config.wagtail_apps.Images",
    "wagtail.search",
    "wagtail.admin",
    "standfirst.config.wagtail_apps.Locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "standfirst.press.middleware.PressBeforeAnswer",
    "standfirst.config.middleware.TrustedProxy",
    "standfirst.config.middleware.HostAndLanguage",
    "standfirst.config.middleware.PublicOrPrivate",
    "standfirst.config.packing.Packed",
    "django.middleware.common.CommonMiddleware",
    "standfirst.config.middleware.DeskSession",
    "standfirst.config.middleware.DeskCsrf",
    "standfirst.config.middleware.DeskAuthentication",
    "standfirst.config.middleware.DeskMessages",
    "allauth.account.middleware.AccountMiddleware",
    "standfirst.people.middleware.SecondFactor",
    "standfirst.stories.publishing.PublishInOneTransaction",
    "standfirst.importers.middleware.OldAddresses",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "standfirst.theme.context.frame",
            ],
        },
    }
]

DATABASES = {"default": _newsroom.django_database(NEWSROOM)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}}

# Tries at the door count for all web processes together (counters.py); all else is each one's own memory.
CACHES = {
    "default": {
        "BACKEND": "standfirst.config.counters.Cache",
        "LOCATION": str(NEWSROOM.data / "run" / "counters.sqlite3"),
    }
}

# People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
# One backend, so that a wrong password costs the same time as a wrong address.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "standfirst.people.adapters.DeskAccounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Accounts are made by an administrator, who knows the address; a reset goes to it alone.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if NEWSROOM.base_url.startswith("https://") else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "standfirst.people.adapters.DeskSecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Whoever finds a desk left open must not find the codes there.
MFA_RECOVERY_CODES_SHOW_ONCE = True
# An administrator may leave it empty: the colleague gets a link and chooses her own (people/admin.py).
WAGTAILUSERS_PASSWORD_REQUIRED = False
# The half minute before and after counts too: phones' clocks are not exact.
MFA_TOTP_TOLERANCE = 1
# Browsers give passkeys to http://localhost and to https only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not NEWSROOM.is_public
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_PATH = "/desk/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = NEWSROOM.base_url.startswith("https://")
CSRF_COOKIE_PATH = "/desk/"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_FAILURE_VIEW = "standfirst.theme.errors.unproved"
CSRF_TRUSTED_ORIGINS = [NEWSROOM.base_url] if NEWSROOM.base_url else []

# Languages and time ------------------------------------------------------------------------------
LANGUAGE_CODE = NEWSROOM.language
LANGUAGES = [(code, _newsroom.LANGUAGE_NAMES.get(code, code)) for code in NEWSROOM.languages]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian"))]
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = NEWSROOM.time_zone
WAGTAIL_USER_TIME_ZONES = [NEWSROOM.time_zone]
FORMAT_MODULE_PATH = "standfirst.config.formats"

# Files -------------------------------------------------------------------------------------------
STATIC_URL = "/s/"
STATIC_ROOT = NEWSROOM.data / "static"
MEDIA_URL = "/m/"
MEDIA_ROOT = NEWSROOM.renditions
STORAGES = {
    "default": {
        "BACKEND": "standfirst.stories.pictures.storage.PublicStorage",
        # As text: Wagtail writes it into a task when a file is deleted.
        "OPTIONS": {"location": str(NEWSROOM.renditions)},
    },
    "originals": {
        # Never served to readers; colleagues get them through the desk.
        "BACKEND": "standfirst.stories.pictures.storage.OriginalsStorage",
        "OPTIONS": {"location": str(NEWSROOM.originals)},
    },
    "staticfiles": {"BACKEND": "standfirst.theme.storage.HashedStatic"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Mail --------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = NEWSROOM.mail_from
EMAIL_BACKEND = "standfirst.mailroom.backend.Mail"

# Security ----------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]

# Wagtail -----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = NEWSROOM.name
# For links in mail. `standfirst run` without a base_url serves loopback, and says where.
WAGTAILADMIN_BASE_URL = NEWSROOM.base_url or os.environ.get("STANDFIRST_SERVED_AT") or "http://localhost:8000"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 800
# An address typed without a scheme is meant as https.
FORMS_URLFIELD_ASSUME_HTTPS = True
WAGTAILIMAGES_IMAGE_MODEL = "stories.NewsImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "standfirst.stories.pictures.forms.NewsImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 120_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"gif": "png"}
WAGTAILIMAGES_AVIF_QUALITY = 52
WAGTAILIMAGES_WEBP_QUALITY = 76
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_DOCUMENT_MODEL = "stories.NewsDocument"
# Files that stories offer are public, under names nobody can guess; there is no other address for them.
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_MODERATION_ENABLED = True
# Our addresses do not follow the tree; stories.services.address_change makes the redirects.
WAGTAILREDIRECTS_AUTO_CREATE = False
WAGTAIL_APPEND_SLASH = True
# The e-mail address is the key: an administrator changes it. Passwords are allauth's (people/urls.py).
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILEMBEDS_FINDERS: list[dict] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "standfirst.stories.searching"}}
TAGGIT_CASE_INSENSITIVE = True
TAG_SPACES_ALLOWED = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}
