"""One settings file for every installation; each value that may differ is read from the environment here."""

import os
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from wangge.common import database, secrets
from wangge.common.outside_map import read_outside_map

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    """Read a yes/no environment variable."""
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def secret(name: str) -> str:
    """Read a secret from the environment, or from the file that NAME_FILE names (containers, systemd credentials)."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, "")


def pairs(name: str) -> dict[str, str]:
    """Read ``one=1,two=2`` from the environment; what is no pair is left out."""
    words = os.environ.get(name, "").split(",")
    halves = (word.partition("=") for word in words)
    return {one.strip(): two.strip() for one, sign, two in halves if sign}


# -- What kind of installation this is ---------------------------------------------------------
PRODUCTION = flag("WANGGE_PRODUCTION")
DEMO = flag("WANGGE_DEMO", default=not PRODUCTION) and not PRODUCTION
DEBUG = flag("WANGGE_DEBUG") and not PRODUCTION
SHOW_MESSAGES = flag("WANGGE_SHOW_MESSAGES") and DEMO
WANGGE_DATA = Path(os.environ.get("WANGGE_DATA", BASE_DIR / "var")).resolve()
TRIAL_DATA = Path(os.environ.get("WANGGE_TRIAL_DATA", BASE_DIR.parent / "shared" / "data"))
INSTALLATION_NAME = os.environ.get("WANGGE_NAME", "")
PUBLIC_URL = os.environ.get("WANGGE_PUBLIC_URL", "").rstrip("/")

_keys = secrets.load(WANGGE_DATA)
SECRET_KEY = _keys.secret_key
SEALING_KEY = _keys.sealing_key
OLD_SEALING_KEYS: list[bytes] = []  # keys that no longer seal but still open

ALLOWED_HOSTS = os.environ.get("WANGGE_HOSTS", "" if PRODUCTION else "*").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("WANGGE_ORIGINS", "").split(",") if origin]

# -- Apps, in the drawn order (ARCHITECTURE.md) -------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_vite",
    "procrastinate.contrib.django",
    "wangge.common",
    "wangge.accounts",
    "wangge.audit",
    "wangge.attachments",
    "wangge.notifications",
    "wangge.territory",
    "wangge.registry",
    "wangge.cases",
    "wangge.intake",
    "wangge.fieldwork",
    "wangge.insight",
    "wangge.web",
    "demo",
]

MIDDLEWARE = [
    "wangge.web.middleware.NoUnkept",  # before whoever reads anything
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wangge.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wangge.accounts.middleware.IdleSignOut",
    "wangge.accounts.middleware.FreshPassword",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wangge.web.middleware.ContentPolicy",
    "django_htmx.middleware.HtmxMiddleware",
    "wangge.web.middleware.RefusalPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "wangge.web.context.site",
            ],
        },
    }
]

# -- Database and jobs ---------------------------------------------------------------------------
DATABASES = {"default": database.configuration()}
PROCRASTINATE_IMPORT_PATHS = ["config.jobs"]
LISTENERS = "config.listeners.LISTENERS"
TERRITORY_EFFECTS = "config.listeners.TERRITORY_EFFECTS"

# -- People ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
SIGNED_IN_BACKEND = "wangge.territory.signing.People"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    SIGNED_IN_BACKEND,
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "wangge.accounts.passwords.ThreeKindsOfCharacters"},
    {"NAME": "wangge.accounts.passwords.NotOneOfTheLastFive"},
]
PASSWORD_MAX_AGE = timedelta(days=int(os.environ.get("WANGGE_PASSWORD_DAYS", "90")))
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "web:start"
IDLE_SIGN_OUT = timedelta(minutes=int(os.environ.get("WANGGE_IDLE_MINUTES", "30")))

# Sign-in lockout: five failures lock this name from this address for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "wangge.accounts.views.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "wangge.common.requests.client_address"
AXES_VERBOSE = False

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Most times one address may do it without an account, in so many seconds; 0: without limit.
LIMITS = {
    "report": (int(os.environ.get("WANGGE_REPORTS_PER_HOUR", "30")), 3600),
    "addition": (int(os.environ.get("WANGGE_ADDITIONS_PER_HOUR", "30")), 3600),
    "badge": (int(os.environ.get("WANGGE_BADGE_LOOKUPS_PER_10_MINUTES", "60")), 600),
    "address": (int(os.environ.get("WANGGE_ADDRESS_SEARCHES_PER_10_MINUTES", "600")), 600),
    "sign_in": (int(os.environ.get("WANGGE_SIGN_INS_PER_10_MINUTES", "20")), 600),
}

# -- Sessions, cookies, headers --------------------------------------------------------------------
SESSION_ENGINE = "wangge.accounts.signing"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = flag("WANGGE_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "wangge.web.views.errors.stale_form"
# An outside base map under our own ground; its origin alone is let through the policy.
OUTSIDE_MAP = read_outside_map(
    os.environ.get("WANGGE_BASE_MAP", ""),
    key=secret("WANGGE_BASE_MAP_KEY"),
    credit=os.environ.get("WANGGE_BASE_MAP_CREDIT", ""),
    approval=os.environ.get("WANGGE_BASE_MAP_APPROVAL", ""),
)
MAP_ORIGINS = OUTSIDE_MAP.origins if OUTSIDE_MAP else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # MapLibre, ECharts and Tabler set inline style attributes; scripts stay strict.
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF, *MAP_ORIGINS],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# -- Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("WANGGE_TIME_ZONE", "Asia/Shanghai")

# -- Files -----------------------------------------------------------------------------------------
STATIC_URL = "static/"
# Nothing is collected: whitenoise finds the built front end and the few files of apps where they lie.
STATIC_ROOT = None
STATICFILES_DIRS = [BASE_DIR / "build" / "front"] if (BASE_DIR / "build" / "front").exists() else []
WHITENOISE_USE_FINDERS = True
# Vite names what it builds by content: a browser that has it need never ask again.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/static/assets/.+-[\w-]{8}\.\w+$"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE_DIR / "build" / "front" / "manifest.json",
        "static_url_prefix": "",
    }
}
FILES_DIR = WANGGE_DATA / "files"
# A TrueType file (.ttf, .ttc) with Chinese characters for what is printed as PDF; empty: the machine's, where it has one.
PRINT_FONT = os.environ.get("WANGGE_PRINT_FONT", "")
IMPORTS_DIR = WANGGE_DATA / "imports"  # files that wait to be looked at
FACILITY_FILES_DIR = WANGGE_DATA / "facilities"  # the same of facilities
EXTRACTS_DIR = WANGGE_DATA / "extracts"  # the same of OpenStreetMap
# The anchors of the log once more, out of reach of whoever can only change the database.
ANCHOR_FILE = WANGGE_DATA / "anchors.txt"

# -- Territory ---------------------------------------------------------------------------------------
# Width of the code of each level; a city with other grid codes changes the pattern here.
AREA_CODES = {
    "province": r"\d{2}",
    "city": r"\d{4}",
    "county": r"\d{6}",
    "street": r"\d{9}",
    "community": r"\d{12}",
    "grid": os.environ.get("WANGGE_GRID_CODE", r"\d{15}"),
    "micro": r"\d{15}[0-9A-Z]{2}",
    "unit_grid": r"[0-9A-Z]{15}",
}

# -- Open311 -----------------------------------------------------------------------------------------
OPEN311_JURISDICTION = os.environ.get("WANGGE_JURISDICTION", "")
OPEN311_CONTACT = os.environ.get("WANGGE_CONTACT", "")

# -- Notices -----------------------------------------------------------------------------------------
WORDINGS = [
    "wangge.territory.forces.wordings.WORDINGS",
    "wangge.cases.wordings.WORDINGS",
]  # what packages above the channels have to say
# Most single messages a colleague gets by one channel; what exceeds them is told in a summary. 0: without limit.
NOTICES_PER_HOUR = int(os.environ.get("WANGGE_NOTICES_PER_HOUR", "10"))
NOTICES_PER_DAY = int(os.environ.get("WANGGE_NOTICES_PER_DAY", "40"))
QUIET_FOR_REPORTERS = (time(21), time(8))
# A channel of which nothing is set is off; `wangge doctor` says what is wrong with one that is set.
CHANNELS: dict[str, dict[str, Any]] = {
    "email": {
        "host": os.environ.get("WANGGE_EMAIL_HOST", ""),
        "port": os.environ.get("WANGGE_EMAIL_PORT", "587"),
        "security": os.environ.get("WANGGE_EMAIL_SECURITY", "starttls"),
        "user": os.environ.get("WANGGE_EMAIL_USER", ""),
        "password": secret("WANGGE_EMAIL_PASSWORD"),
        "sender": os.environ.get("WANGGE_EMAIL_FROM", ""),
    },
    "sms": {
        "endpoint": os.environ.get("WANGGE_SMS_ENDPOINT", "https://dysmsapi.aliyuncs.com"),
        "key_id": os.environ.get("WANGGE_SMS_KEY_ID", ""),
        "key_secret": secret("WANGGE_SMS_KEY_SECRET"),
        "sign_name": os.environ.get("WANGGE_SMS_SIGN_NAME", ""),
        "templates": pairs("WANGGE_SMS_TEMPLATES"),
    },
    "wecom": {
        "endpoint": os.environ.get("WANGGE_WECOM_ENDPOINT", "https://qyapi.weixin.qq.com"),
        "corp_id": os.environ.get("WANGGE_WECOM_CORP_ID", ""),
        "agent_id": os.environ.get("WANGGE_WECOM_AGENT_ID", ""),
        "secret": secret("WANGGE_WECOM_SECRET"),
    },
    "wechat": {
        "endpoint": os.environ.get("WANGGE_WECHAT_ENDPOINT", "https://api.weixin.qq.com"),
        "app_id": os.environ.get("WANGGE_WECHAT_APP_ID", ""),
        "secret": secret("WANGGE_WECHAT_SECRET"),
        "templates": pairs("WANGGE_WECHAT_TEMPLATES"),
    },
    "push": {
        "key_file": os.environ.get("WANGGE_PUSH_KEY_FILE", ""),
        "contact": os.environ.get("WANGGE_PUSH_CONTACT", ""),
        # A browser names the address its pushes go to; only those of the known makers are believed.
        "hosts": [
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            ".push.apple.com",
            ".notify.windows.com",
            *filter(None, os.environ.get("WANGGE_PUSH_HOSTS", "").split(",")),
        ],
    },
}

# -- Logging -----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_codes": {"()": "wangge.common.logs.WithoutCodes", "values": DEBUG}},
    # The only way out of any logger, so that nothing passes the filter by.
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_codes"]}
    },
    "root": {"handlers": ["console"], "level": os.environ.get("WANGGE_LOG", "WARNING")},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        "django": {"handlers": []},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
