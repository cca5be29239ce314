"""One newsroom on disk: a folder with `standfirst.toml` and `data/`, and what its settings mean.

Imports no Django, so that the supervisor and the `standfirst` command can read it at once.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from standfirst.kit.links import is_loopback
from standfirst.kit.mailurl import NoSupplier, mail_url, without_secret

SETTINGS_FILE = "standfirst.toml"

# Shown in a reader's list of languages, each in its own tongue. Others work too, under their code.
LANGUAGE_NAMES = {
    "ar": "العربية",
    "be": "Беларуская",
    "bg": "Български",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "et": "Eesti",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "hy": "Հայերեն",
    "it": "Italiano",
    "ka": "ქართული",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sr": "Српски",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
}


class NewsroomError(Exception):
    """A newsroom cannot be opened.

    ├── NoNewsroom      there is no standfirst.toml in that folder
    └── WrongSetting    a setting has a value we cannot use

    The text is one whole sentence or two for the operator: what, which value, what to do.
    """


class NoNewsroom(NewsroomError):
    pass


class WrongSetting(NewsroomError):
    def __init__(self, name: str, value: object, instead: str) -> None:
        self.name = name
        super().__init__(f"{name} is {value!r}, which we cannot use. {instead}")


@dataclass(frozen=True)
class Setting:
    """One setting: its key in standfirst.toml; the environment variable is STANDFIRST_ + the key in capitals."""

    key: str
    default: object
    help: str

    @property
    def variable(self) -> str:
        return "STANDFIRST_" + self.key.upper()


SETTINGS = (
    Setting("name", "Standfirst", "The name of the paper, until it is changed at the desk."),
    Setting("base_url", "", "The public address, such as https://news.example. Empty: the address served."),
    Setting("language", "en", "The first language; its pages have no prefix in their address."),
    Setting("languages", [], "All languages, the first one first. Empty: only the first language."),
    Setting("time_zone", "UTC", "The newsroom's time zone, such as Europe/Kyiv; it dates the stories."),
    Setting("secret_key", "", "Signs sessions and forms. At least 50 random characters; made by `standfirst new`."),
    Setting("database_url", "", "Empty: SQLite in data/. Or postgres://user:password@host:port/name."),
    Setting("media_store", "", "The folder of pictures and files. Empty: data/media."),
    Setting("press_store", "", "The folder of pressed pages, which a web server may serve. Empty: data/press."),
    Setting("mail_url", "", "smtp://user:password@host:587, smtps://…, an API or file:///folder; several with commas."),
    Setting("mail_from", "", "The sender of the newsroom's mail. Empty: newsroom@ the host of base_url."),
    Setting("mail_bounce_to", "", "Where bounces go: bounces+*@news.example, * being of each mail. Empty: mail_from."),
    Setting(
        "mail_bounce_mailbox", "", "Where bounces are read: imaps://user:password@host/INBOX or maildir:///folder."
    ),
    Setting("mail_dkim_selector", "", "The name of your mail provider's DKIM key, which doctor looks for in the DNS."),
    Setting("mail_warm_up", 200, "Letters in an hour on a supplier's first day; it doubles daily. 0: none."),
    Setting("mail_per_hour", 20_000, "Letters in an hour to one supplier, at most. 0: as many as it takes."),
    Setting("mail_domain_per_hour", 10_000, "Letters in an hour to addresses of one domain, at most. 0: any number."),
    Setting("trusted_proxies", [], "Addresses or networks whose X-Forwarded-For and -Proto are believed."),
    Setting("payments_sandbox", "", "yes: a payment company that moves no money, for trying out; refused in public."),
    Setting("payments_stripe_secret_key", "", "Stripe's secret or restricted key, sk_… or rk_…. Empty: no Stripe."),
    Setting("payments_stripe_webhook_secret", "", "What signs Stripe's messages, whsec_…."),
    Setting("payments_stripe_address", "https://api.stripe.com", "Where Stripe's interface is."),
    Setting("payments_liqpay_public_key", "", "LiqPay's public key of the shop. Empty: no LiqPay."),
    Setting("payments_liqpay_private_key", "", "LiqPay's private key of the shop."),
    Setting("payments_liqpay_algorithm", "sha1", "How LiqPay signs: sha1 or sha3-256, as your contract with it says."),
    Setting("payments_liqpay_address", "https://www.liqpay.ua", "Where LiqPay is."),
)


NUMBERS = ("mail_warm_up", "mail_per_hour", "mail_domain_per_hour")


@dataclass(frozen=True)
class Payments:
    """What the payment companies gave the newsroom."""

    sandbox: bool = False
    stripe_secret_key: str = field(default="", repr=False)
    stripe_webhook_secret: str = field(default="", repr=False)
    stripe_address: str = "https://api.stripe.com"
    liqpay_public_key: str = ""
    liqpay_private_key: str = field(default="", repr=False)
    liqpay_algorithm: str = "sha1"
    liqpay_address: str = "https://www.liqpay.ua"


@dataclass(frozen=True)
class Newsroom:
    """The settings of one newsroom, checked. Paths are absolute."""

    folder: Path
    name: str = "Standfirst"
    base_url: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ("en",)
    time_zone: str = "UTC"
    secret_key: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    media_store: Path = Path()
    press_store: Path = Path()
    mail_url: str = field(default="", repr=False)
    mail_from: str = ""
    mail_bounce_to: str = ""
    mail_bounce_mailbox: str = field(default="", repr=False)
    mail_dkim_selector: str = ""
    mail_warm_up: int = 200
    mail_per_hour: int = 20_000
    mail_domain_per_hour: int = 10_000
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    payments: Payments = Payments()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def database_file(self) -> Path:
        return self.data / "standfirst.sqlite3"

    @property
    def originals(self) -> Path:
        """Pictures and files as they were handed in. Outside every served folder."""
        return self.media_store / "originals"

    @property
    def renditions(self) -> Path:
        """What readers get at /m/: renditions of pictures and public files, under unguessable names."""
        return self.media_store / "public"

    @property
    def is_public(self) -> bool:
        """Whether the paper has an address of its own, not this machine's loopback."""
        return bool(self.base_url) and not is_loopback(urlsplit(self.base_url).hostname or "")


def find_folder(given: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The newsroom's folder: what was given, else STANDFIRST_NEWSROOM, else ./newsroom."""
    return Path(given or environ.get("STANDFIRST_NEWSROOM") or "newsroom").resolve()


def load(folder: Path, environ: Mapping[str, str] = os.environ) -> Newsroom:
    """Read and check a newsroom's settings; the environment goes before the file.

    Raises NoNewsroom when the folder holds none, and WrongSetting for a value we cannot use.
    """
    file = folder / SETTINGS_FILE
    if not file.is_file():
        raise NoNewsroom(
            f"There is no newsroom in {folder}: it has no {SETTINGS_FILE}. Make one with `standfirst new` "
            "or `standfirst demo`, or name another folder with --newsroom."
        )
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NewsroomError(f"{file} cannot be read as TOML: {error}. Correct that line and start again.") from error
    known = {setting.key for setting in SETTINGS}
    for key in written:
        if key not in known:
            raise WrongSetting(
                key, written[key], f"No setting has that name; the names are {', '.join(sorted(known))}."
            )
    values = {s.key: environ.get(s.variable, written.get(s.key, s.default)) for s in SETTINGS}
    return _checked(folder, values)


def _checked(folder: Path, values: dict[str, object]) -> Newsroom:
    others = {"languages", "trusted_proxies", *NUMBERS}
    text = {key: _text(key, values[key]) for key in values if key not in others}
    language = language_checked("language", text["language"] or "en")
    languages = tuple(language_checked("languages", item) for item in _list("languages", values["languages"])) or (
        language,
    )
    if languages[0] != language:
        languages = (language, *(item for item in languages if item != language))
    if not text["secret_key"] or len(text["secret_key"]) < 50:
        raise WrongSetting(
            "secret_key",
            f"{len(text['secret_key'])} characters long",
            "It needs at least 50 random characters; make some with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`.",
        )
    media = Path(text["media_store"]) if text["media_store"] else folder / "data" / "media"
    if "://" in text["media_store"]:
        raise WrongSetting("media_store", text["media_store"], "Use a folder on this machine.")
    pressed = Path(text["press_store"]) if text["press_store"] else folder / "data" / "press"
    if "://" in text["press_store"]:
        raise WrongSetting("press_store", text["press_store"], "Use a folder on this machine.")
    base_url = base_url_checked(text["base_url"])
    return Newsroom(
        folder=folder,
        name=text["name"] or "Standfirst",
        base_url=base_url,
        language=language,
        languages=languages,
        time_zone=time_zone_checked(text["time_zone"]),
        secret_key=text["secret_key"],
        database_url=_database_url(text["database_url"]),
        media_store=media if media.is_absolute() else folder / media,
        press_store=pressed if pressed.is_absolute() else folder / pressed,
        mail_url=_mail_url(text["mail_url"]),
        mail_from=text["mail_from"] or f"newsroom@{urlsplit(base_url).hostname or 'localhost'}",
        mail_bounce_to=_bounce_to(text["mail_bounce_to"]),
        mail_bounce_mailbox=_mailbox(text["mail_bounce_mailbox"]),
        mail_dkim_selector=text["mail_dkim_selector"],
        **{key: _number(key, values[key]) for key in NUMBERS},
        trusted_proxies=_networks(_list("trusted_proxies", values["trusted_proxies"])),
        payments=_payments(text, base_url),
    )


def _payments(text: dict[str, str], base_url: str) -> Payments:
    said = {key.removeprefix("payments_"): value for key, value in text.items() if key.startswith("payments_")}
    sandbox = said.pop("sandbox").lower()
    if sandbox not in ("", "yes", "no"):
        raise WrongSetting("payments_sandbox", sandbox, "Write yes or no.")
    if sandbox == "yes" and base_url and not is_loopback(urlsplit(base_url).hostname or ""):
        raise WrongSetting(
            "payments_sandbox", sandbox, f"The newsroom is public at {base_url}, and nobody may be given what is paid "
            "for without money. Leave it out, or take base_url out while you try."
        )  # fmt: skip
    for company, keys in (
        ("stripe", ("stripe_secret_key", "stripe_webhook_secret")),
        ("liqpay", ("liqpay_public_key", "liqpay_private_key")),
    ):
        missing = [key for key in keys if not said[key]]
        if missing and len(missing) < len(keys):
            raise WrongSetting(f"payments_{missing[0]}", "", f"Set all of {company}'s keys, or none of them.")
        address = said[f"{company}_address"].rstrip("/")
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise WrongSetting(f"payments_{company}_address", address, "Use an address that begins with https://.")
        said[f"{company}_address"] = address
    if said["stripe_secret_key"] and not said["stripe_secret_key"].startswith(("sk_", "rk_")):
        raise WrongSetting("payments_stripe_secret_key", "…", "Stripe's secret keys begin with sk_ or rk_.")
    if said["stripe_webhook_secret"] and not said["stripe_webhook_secret"].startswith("whsec_"):
        raise WrongSetting("payments_stripe_webhook_secret", "…", "Stripe's signing secrets begin with whsec_.")
    if said["liqpay_algorithm"] not in ("sha1", "sha3-256"):
        raise WrongSetting("payments_liqpay_algorithm", said["liqpay_algorithm"], "Use sha1 or sha3-256.")
    return Payments(sandbox=sandbox == "yes", **said)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise WrongSetting(key, value, "Write it as text in quotation marks.")
    return value.strip()


def _number(key: str, value: object) -> int:
    written = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", written):
        raise WrongSetting(key, value, "Use a whole number, 0 for no limit.")
    return int(written)


def _list(key: str, value: object) -> list[str]:
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise WrongSetting(key, value, 'Write it as a list of texts, such as ["en", "uk"].')


def language_checked(key: str, code: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code):
        raise WrongSetting(key, code, "Use a language code in small letters, such as en, uk or pt-br.")
    return code


def time_zone_checked(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongSetting("time_zone", name, "Use a name of the tz database, such as Europe/Kyiv or UTC.") from error
    return name


def base_url_checked(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        # As browsers send it: a name in other letters than Latin has an ASCII form.
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
        wrong = not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+", host) or "@" in parts.netloc
    except ValueError:  # among them UnicodeError, and a port that is none
        wrong = True
    if wrong or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise WrongSetting("base_url", url, "Use scheme and host alone, such as https://news.example.")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _database_url(url: str) -> str:
    if url and urlsplit(url).scheme not in ("postgres", "postgresql", "sqlite"):
        raise WrongSetting(
            "database_url",
            re.sub(r"//[^@/]*@", "//…@", url),
            "Leave it empty for SQLite in data/, or use postgres://user:password@host:5432/name.",
        )
    return url


def _mail_url(url: str) -> str:
    names = set()
    for one in filter(None, (item.strip() for item in url.split(","))):
        try:
            name = mail_url(one).name
        except NoSupplier as error:
            raise WrongSetting("mail_url", without_secret(one), str(error)) from None
        if name in names:
            raise WrongSetting("mail_url", without_secret(one), f"{name} stands there twice: add ?name=… to one.")
        names.add(name)
    return url


def _mailbox(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("imaps", "imap") and bool(parts.hostname and parts.username) and parts.port != 0
        is_folder = parts.scheme == "maildir" and not parts.netloc and len(parts.path) > 1
    except ValueError:
        is_right = is_folder = False
    if url and not (is_right or is_folder):
        do = "Use imaps://user:password@host/INBOX, or maildir:///folder."
        raise WrongSetting("mail_bounce_mailbox", without_secret(url), do)
    return url


def _bounce_to(address: str) -> str:
    # What stands for * is at most 36 signs long, and 64 may stand before the @ (RFC 5321, 4.5.3.1.1).
    is_right = re.fullmatch(r"([a-z0-9._-]{1,26}\+\*|\*|[a-z0-9._+-]{1,64})@[a-z0-9-]+(\.[a-z0-9-]+)*", address)
    if address and not is_right:
        do = "Use an address in small letters, such as bounces+*@news.example, or *@bounces.news.example."
        raise WrongSetting("mail_bounce_to", address, do)
    return address


def _networks(items: list[str]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    networks = []
    for item in items:
        try:
            networks.append(ipaddress.ip_network(item, strict=False))
        except ValueError as error:
            raise WrongSetting("trusted_proxies", item, "Use addresses or networks, such as 10.0.0.0/8.") from error
    return tuple(networks)


def django_database(newsroom: Newsroom) -> dict[str, object]:
    """The `default` entry of Django's DATABASES for this newsroom."""
    if newsroom.database_url and not newsroom.database_url.startswith("sqlite"):
        parts = urlsplit(newsroom.database_url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "standfirst",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            # A server that has gone silent must not hold a reader's request for minutes.
            "OPTIONS": {"connect_timeout": 5},
        }
    from standfirst.config.existing import ExistingFile

    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": newsroom.database_file,
        "OPTIONS": {
            "factory": ExistingFile,
            # IMMEDIATE: two writers wait for each other instead of failing with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
                "PRAGMA cache_size=-20000; PRAGMA recursive_triggers=ON;"
            ),
        },
    }
