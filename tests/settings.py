"""Settings of the tests: those of a real newsroom, lying in a folder that goes away with the process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("STANDFIRST_") and "_TEST_" not in name]:
    # A developer's own newsroom must not decide what the tests find.
    del os.environ[name]

FOLDER = Path(tempfile.mkdtemp(prefix="standfirst-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

(FOLDER / "standfirst.toml").write_text(
    """\
name = "The Lantern"
base_url = "http://testserver"
language = "en"
languages = ["en", "uk"]
time_zone = "Europe/Kyiv"
secret_key = "a key for tests alone, known to everyone who reads this line"
""",
    encoding="utf-8",
)
os.environ["STANDFIRST_NEWSROOM"] = str(FOLDER)
if os.environ.get("STANDFIRST_TEST_DATABASE_URL"):
    os.environ["STANDFIRST_DATABASE_URL"] = os.environ["STANDFIRST_TEST_DATABASE_URL"]

from standfirst.config.settings import *  # noqa: E402, F403
from standfirst.config.settings import DATABASES, LOGGING, STORAGES  # noqa: E402

# The one expensive thing that no test is about.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Work in the background is done at once, so that a test sees its effect; two kinds when it looks there.
TASKS = {"default": {"BACKEND": "tests.later.Backend"}}

# Names without hashes: tests of pages need no collected files.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # A file and not memory: threads of the live server share it, and a copy restores it in no time.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}

# A failing test shows warnings and errors, not every task that went well.
LOGGING = {**LOGGING, "root": {"handlers": ["stderr"], "level": "WARNING"}}
