"""The one settings module: everything that differs between machines comes from the environment, loudly."""

from pathlib import Path
from typing import Any

from oscar.defaults import *  # noqa: F403

from shop import environment as env
from shop.addresses import parse_database_url, parse_email_url
from shop.bank import read_bank
from shop.broker import TRANSPORT_OPTIONS as CELERY_BROKER_TRANSPORT_OPTIONS  # noqa: F401
from shop.hashing import PASSWORD_HASHERS as PASSWORD_HASHERS
from shop.headers import PERMISSIONS_POLICY as PERMISSIONS_POLICY
from shop.headers import content_security_policy
from shop.logs import write_to_console
from shop.money import read_currency
from shop.price_rules import read_price_rules
from shop.seller import read_seller

BASE_DIR = env.BASE_DIR
STATE_DIR = env.state_dir()

# --- Where and who -----------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise env.refuse("SECRET_KEY has fewer than 50 characters; use at least 50 random ones.")
SECRET_KEY_FALLBACKS = env.items("SECRET_KEY_FALLBACKS")
SITE_URL = env.text("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
if not SITE_URL.startswith(("http://", "https://")):
    raise env.refuse(f"SITE_URL is {SITE_URL!r}; it must begin with https:// (or http:// on one machine).")
SERVED_BY_HTTPS = SITE_URL.startswith("https://")
SITE_HOST = SITE_URL.split("://", 1)[1].split("/")[0].split(":")[0]
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", default=f"{SITE_HOST},127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
METRICS_ALLOWED_ADDRESSES = env.items("METRICS_ALLOWED_ADDRESSES", default="127.0.0.1,::1")
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Services ----------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": env.parsed("DATABASE_URL", parse_database_url)}
_statement_timeout = env.number("DATABASE_STATEMENT_TIMEOUT", default=0, low=0, high=3_600_000)
_pool_size = env.number("DATABASE_POOL_SIZE", default=0, low=0, high=200)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 0 if _pool_size else 60
DATABASES["default"]["OPTIONS"] = {
    "options": f"-c lock_timeout=10000 -c statement_timeout={_statement_timeout}"
    " -c idle_in_transaction_session_timeout=60000",
}
if env.flag("DATABASE_PREPARE", default=True):  # One plan for all values: what is prepared asks by ids, a few.
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 1
    DATABASES["default"]["OPTIONS"]["options"] += " -c plan_cache_mode=force_generic_plan"
if _pool_size:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool_size, "timeout": 10}
REDIS_URL = env.text("REDIS_URL")
PAGE_CACHE_MEGABYTES = env.number("PAGE_CACHE_MEGABYTES", default=64, low=0, high=65_536)
ANSWER_CACHE_MEGABYTES = env.number("ANSWER_CACHE_MEGABYTES", default=32, low=0, high=65_536)
PAGE_CACHE_NAMESPACES = frozenset({"storefront"})
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_PUBLISHABLE_KEY, PAYMENT_ELEMENT = env.text("STRIPE_PUBLISHABLE_KEY", default=""), env.flag("PAYMENT_ELEMENT")
STRIPE_WEBHOOK_SECRETS = env.items("STRIPE_WEBHOOK_SECRET")
STRIPE_REAL_API = "https://api.stripe.com"
STRIPE_API_BASE = env.text("STRIPE_API_BASE", default=STRIPE_REAL_API).rstrip("/")
ALLOW_SANDBOX = env.flag("ALLOW_SANDBOX", default=False)
if not STRIPE_WEBHOOK_SECRETS or len(STRIPE_WEBHOOK_SECRETS) > 2:
    raise env.refuse("STRIPE_WEBHOOK_SECRET must hold one secret, or two separated by a comma during a rotation.")
if "_live_" in STRIPE_SECRET_KEY and DEBUG:
    raise env.refuse("STRIPE_SECRET_KEY is a live key and DEBUG is 1; use a test key, or set DEBUG=0.")
if STRIPE_API_BASE != STRIPE_REAL_API and not DEBUG and not ALLOW_SANDBOX:
    raise env.refuse(
        f"STRIPE_API_BASE is {STRIPE_API_BASE!r} and DEBUG is 0; set ALLOW_SANDBOX=1 for a demo, or leave it unset."
    )

globals().update(env.parsed("EMAIL_URL", parse_email_url, default=f"file://{STATE_DIR / 'mail'}"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Lumen & Loom <hello@lumen-and-loom.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The shop ----------------------------------------------------------------------------------------------------
SHOP_NAME = env.text("SHOP_NAME", default="Lumen & Loom")
SHOP_TAGLINE = env.text("SHOP_TAGLINE", default="Things for a calm home")
SHOP_CURRENCY = env.parsed("SHOP_CURRENCY", read_currency, default="EUR")
SHOP_COUNTRY = env.text("SHOP_COUNTRY", default="DE")
SELLER = read_seller(shop_name=SHOP_NAME, country=SHOP_COUNTRY, is_demo=ALLOW_SANDBOX or DEBUG)
BANK = read_bank(seller=SELLER.name, is_demo=ALLOW_SANDBOX or DEBUG)
EU_SALES_TAXED_AT_HOME = env.flag("EU_SALES_TAXED_AT_HOME", default=False)
if EU_SALES_TAXED_AT_HOME and SHOP_CURRENCY != "EUR":
    raise env.refuse("EU_SALES_TAXED_AT_HOME is 1, but the threshold is known in EUR only; set SHOP_CURRENCY=EUR or 0.")
PRICES_INCLUDE_TAX, VAT_CHECK = env.flag("PRICES_INCLUDE_TAX", default=True), env.flag("VAT_CHECK", default=True)
PRICES_ENTERED, SELLS_TO_BUSINESSES_ONLY = read_price_rules(country=SHOP_COUNTRY, include_tax=PRICES_INCLUDE_TAX)
RESERVATION_MINUTES = env.number("RESERVATION_MINUTES", default=15, low=1, high=24 * 60)
PAYMENT_MINUTES = env.number("PAYMENT_MINUTES", default=30, low=1, high=24 * 60)
PAYMENTS_AT_ONCE = env.number("PAYMENTS_AT_ONCE", default=20, low=1, high=100_000)
CAPTURE_ON_DISPATCH, CAPTURE_EACH_PARCEL = env.flag("CAPTURE_ON_DISPATCH"), env.flag("CAPTURE_EACH_PARCEL")
FEED_TOKEN, FEEDS_PUBLIC = env.text("FEED_TOKEN", default=""), env.flag("FEEDS_PUBLIC", default=False)
ORDER_LINK_DAYS = env.number("ORDER_LINK_DAYS", default=90, low=1, high=3650)

# --- Django ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # Unfold stands before the admin, so that its templates win; its basic config leaves the site to us.
    "unfold.contrib.filters",
    "unfold.apps.BasicAppConfig",
    "shop.backoffice.site.BackofficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    # The ground and the rooms.
    "shop.apps.GroundConfig",
    "shop.outbox",
    "shop.audit",
    "shop.doctor",
    "shop.page_cache",
    "shop.failures",
    "shop.redirects",
    "catalog",
    "catalog.addresses",
    "catalog.content",
    "inventory",
    "promotions",
    "shipping.rates",
    "shipping.fulfilment",
    "checkout.accounts",
    "checkout",
    "shop.storefront",
    "shop.backoffice",
    "shop.insight",
    "shop.demo",
    # The host: its tables and vocabulary, none of its pages.
    "oscar.config.Shop",
    "shop.apps.NoDashboard",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "haystack",
    "treebeard",
]

MIDDLEWARE = [
    "shop.requests.RequestIdMiddleware",
    "shop.page_cache.middleware.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "shop.requests.DatabaseDownMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "shop.storefront.frame.frame_context",
            ],
        },
    }
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.text("TIME_ZONE", default="Europe/Berlin")
USE_I18N = True
FORMAT_MODULE_PATH = ["shop.formats"]
USE_TZ = True

STATIC_URL, MEDIA_URL = "/static/", "/media/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
IMPORT_DIR = env.text("IMPORT_DIR", default=str(STATE_DIR / "imports"))
MEDIA_ROOT, GOODS_ROOT = STATE_DIR / "media", STATE_DIR / "goods"  # What is for sale never lies among what is shown.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
# A product of 500 variants is one form; the size in bytes stays the limit that protects.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000

# --- Accounts ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {"login": "checkout.accounts.sign_in.SignInForm"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SERVED_BY_HTTPS else "http"
ACCOUNT_ADAPTER = "checkout.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "checkout.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SHOP_NAME
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", default=True)

# --- Security ----------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SERVED_BY_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shop.storefront.refused.show_foreign_form"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_BY_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVED_BY_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_security_policy(
    payment_pages=["https://checkout.stripe.com"] if STRIPE_API_BASE == STRIPE_REAL_API else [STRIPE_API_BASE]
)

# --- Work that can wait ------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
OUTBOX_MAX_ATTEMPTS = 5

# --- Oscar, the host ---------------------------------------------------------------------------------------------
OSCAR_SHOP_NAME = SHOP_NAME
OSCAR_DEFAULT_CURRENCY = SHOP_CURRENCY
OSCAR_FROM_EMAIL = DEFAULT_FROM_EMAIL
OSCAR_DELETE_IMAGE_FILES = False
OSCAR_HOMEPAGE = "/"
OSCAR_SLUG_ALLOW_UNICODE = False
OSCAR_OFFERS_INCL_TAX = PRICES_INCLUDE_TAX
OSCAR_EAGER_ALERTS = False
OSCAR_MODERATE_REVIEWS = True
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}

# --- Back office -------------------------------------------------------------------------------------------------
from shop.backoffice.clothes import UNFOLD  # noqa: F401

# --- Logs --------------------------------------------------------------------------------------------------------
LOGGING = write_to_console(level=env.text("LOG_LEVEL", default="INFO"))

DEMO_DATA_DIR = Path(STATE_DIR) / "demo"
