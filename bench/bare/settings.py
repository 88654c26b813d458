import environ

env = environ.Env()
SECRET_KEY = "bench"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.bare.site"
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL")) | {"CONN_MAX_AGE": 60}}
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": ["bench/bare"]}]
USE_TZ = True
DEBUG = False
