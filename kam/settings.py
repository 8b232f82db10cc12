"""Settings of every installation: a laptop with SQLite by default, PostgreSQL and Redis by environment.

Everything that differs between machines comes from the environment or from `.env` beside `manage.py`;
docs/settings.md lists the variables.
"""

import secrets
import sys
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = env.bool("PRODUCTION", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _local_secret_key() -> str:
    """The key of a laptop installation, made once and kept under var/ with mode 600."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured("Set SECRET_KEY in the environment or in .env.")
    SECRET_KEY = _local_secret_key()

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "import_export",
    "simple_history",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "kam.core",
    "kam.people",
    "kam.catalogue",
    "kam.jobs",
    "kam.outbox",
    "kam.approvals",
    "accounts",
    "accounts.care",
    "quotations",
    "visits",
    "contracts",
    "appraisal",
    "kam.desk",
    "kam.desk.apps.PanelConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kam.people.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kam.people.middleware.MemberMiddleware",
    "kam.people.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kam.core.middleware.BadgeMiddleware",
    "kam.core.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kam.urls"
WSGI_APPLICATION = "kam.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "kam.desk.context.frame",
            ],
            "builtins": ["kam.core.templatetags.kam"],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'kam.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Django's defaults fail one in five concurrent writes; IMMEDIATE transactions with WAL fail none.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=60))
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

BADGE_SECONDS = 15
"""How old the counts beside the menu and the bell may be."""

# Sign-in and sessions.
AUTH_USER_MODEL = "people.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "kam.people.backends.MemberBackend",
    "guardian.backends.ObjectPermissionBackend",
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "desk:workbench"
LOGOUT_REDIRECT_URL = "people:sign_in"
PASSWORD_MIN_LENGTH = env.int("PASSWORD_MIN_LENGTH", default=10)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "phone", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "kam.people.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=10) * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=120) * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "kam.core.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURES", default=5)
AXES_COOLOFF_TIME = env.int("SIGN_IN_LOCK_HOURS", default=1)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "kam.people.client_address.client_address"
AXES_USERNAME_CALLABLE = "kam.people.views.sign_in.username_as_counted"
AXES_LOCKOUT_CALLABLE = "kam.people.views.sign_in.locked"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
REACH_TABLE = "kam.people.permissions.reach_of"
ACCOUNT_GRANT_MODEL = "accounts.AccountGrant"
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False
IMPORT_EXPORT_USE_TRANSACTIONS = False

# Language, time, figures.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "kam_language"
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]
FORMAT_MODULE_PATH = ["kam.core.formats"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Files.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_MB", default=20) * 1024 * 1024

# E-mail.
EMAIL_URL = env.str("EMAIL_URL", default="" if PRODUCTION else f"filemail:///{VAR_DIR / 'mail'}")
globals().update(env.email_url_config(EMAIL_URL or "dummymail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="kam@localhost")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")

# Work that runs alone: Redis when there is one, otherwise files under var/.
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    _queue = VAR_DIR / "queue"
    for _folder in ("messages", "processed", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "processed_folder": str(_queue / "processed"),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "fast"
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "kam.jobs.tasks.tick", "schedule": crontab(), "options": {"expires": 55, "queue": "fast"}},
}

# Safety of the browser side.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = env.bool("HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DEPARTMENT_NAME = env.str("DEPARTMENT_NAME", default="大客户部")
COMPANY_NAME = env.str("COMPANY_NAME", default="江州分公司")

# SMS.
SMS_SIGNATURE = env.str("SMS_SIGNATURE", default=DEPARTMENT_NAME)
SMS_SIGNATURE_FIRST = env.bool("SMS_SIGNATURE_FIRST", default=True)
SMS_BACKEND = env.str("SMS_BACKEND", default="" if PRODUCTION else "file")
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_METHOD = env.str("SMS_GATEWAY_METHOD", default="POST").upper()
SMS_GATEWAY_FORMAT = env.str("SMS_GATEWAY_FORMAT", default="json")
SMS_GATEWAY_HEADERS = env.json("SMS_GATEWAY_HEADERS", default={})
SMS_GATEWAY_BODY = env.json(
    "SMS_GATEWAY_BODY",
    default={
        "appId": "{key}",
        "mobile": "{phone}",
        "content": "{text}",
        "requestId": "{id}",
        "timestamp": "{timestamp}",
        "nonce": "{nonce}",
        "sign": "{signature}",
    },
)
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", default="")
SMS_GATEWAY_SECRET = env.str("SMS_GATEWAY_SECRET", default="")
SMS_GATEWAY_SIGN = env.str("SMS_GATEWAY_SIGN", default="{key}{phone}{timestamp}{nonce}")
SMS_GATEWAY_HASH = env.str("SMS_GATEWAY_HASH", default="sha256")
SMS_GATEWAY_SIGNATURE = env.str("SMS_GATEWAY_SIGNATURE", default="hex")
SMS_GATEWAY_OK_FIELD = env.str("SMS_GATEWAY_OK_FIELD", default="code")
SMS_GATEWAY_OK_VALUES = env.list("SMS_GATEWAY_OK_VALUES", default=["0"])
SMS_GATEWAY_REFUSED_VALUES = env.list("SMS_GATEWAY_REFUSED_VALUES", default=[])
SMS_GATEWAY_ID_FIELD = env.str("SMS_GATEWAY_ID_FIELD", default="data.msgId")
SMS_GATEWAY_ERROR_FIELD = env.str("SMS_GATEWAY_ERROR_FIELD", default="message")
SMS_GATEWAY_TIMEOUT = env.int("SMS_GATEWAY_TIMEOUT", default=10)
SMS_REPORTS_URL = env.str("SMS_REPORTS_URL", default="")
SMS_REPORTS_BODY = env.json(
    "SMS_REPORTS_BODY",
    default={"appId": "{key}", "timestamp": "{timestamp}", "nonce": "{nonce}", "sign": "{signature}"},
)
SMS_REPORTS_SIGN = env.str("SMS_REPORTS_SIGN", default="{key}{timestamp}{nonce}")
SMS_REPORTS_LIST = env.str("SMS_REPORTS_LIST", default="data")
SMS_REPORTS_ID_FIELD = env.str("SMS_REPORTS_ID_FIELD", default="msgId")
SMS_REPORTS_OWN_ID_FIELD = env.str("SMS_REPORTS_OWN_ID_FIELD", default="requestId")
SMS_REPORTS_STATE_FIELD = env.str("SMS_REPORTS_STATE_FIELD", default="status")
SMS_REPORTS_DELIVERED_VALUES = env.list("SMS_REPORTS_DELIVERED_VALUES", default=["DELIVRD", "0"])
SMS_REPORTS_WAITING_VALUES = env.list("SMS_REPORTS_WAITING_VALUES", default=["ACCEPTD", "ENROUTE"])
BIRTHDAY_GREETING = env.str(
    "BIRTHDAY_GREETING", default="{name}{title}，您好！今天是您的生日，祝您生日快乐、身体健康、万事顺意。"
)

TESTING = "pytest" in sys.modules
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"kam": {"level": "INFO"}, "django.server": {"level": "INFO"}},
}
