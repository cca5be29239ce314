"""`standfirst new`: ask what is not given, check each answer at once, and found an empty newsroom.

Asks for the name, the address, the languages, the time zone and the first editor; where the four that the machine
cannot know are given it asks nothing.
"""

from __future__ import annotations

import contextlib
import difflib
import ipaddress
import os
import re
import shlex
import sys
import tempfile
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from standfirst.config import newsroom as config
from standfirst.kit.links import is_loopback
from standfirst.ops import create, folders
from standfirst.ops.errors import Refused, WrongUsage

# Two letters that people write for a language and that mean a country, or another language.
MEANT = dict(
    pair.split("=")
    for pair in """
    ua=uk cz=cs gr=el dk=da jp=ja cn=zh-hans gb=en us=en at=de ukr=uk eng=en deu=de ger=de fra=fr fre=fr spa=es
    pol=pl ita=it por=pt rus=ru ces=cs cze=cs ron=ro rum=ro tur=tr
    """.split()  # noqa: SIM905
)
# 184 codes; as a list they would fill pages.
ISO_639_1 = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na
    nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905
)
# Where most private addresses are; one letter off is a slip of the finger.
MAIL_HOSTS = ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "ukr.net", "gmx.de")
# Names that never mean a public host.
PRIVATE_NAMES = (".local", ".internal", ".lan", ".test", ".home.arpa")


@dataclass(frozen=True)
class Answers:
    name: str
    base_url: str
    languages: tuple[str, ...]
    time_zone: str
    editor_email: str


def found(
    *,
    folder: Path,
    given: Mapping[str, str | None],
    editor_name: str,
    ask: Asking | None,
) -> tuple[dict[str, Any], list[str]]:
    """Make the newsroom; returns what programs and what people are told.

    given: what the command line said, by the names of `Answers`. ask: None where nobody can be asked.
    Raises Refused for an answer that cannot be used, WrongUsage when one is missing; then nothing was made.
    """
    create.refuse_if_taken(folder)
    _refuse_unwritable(folder)
    answers = _answers(given, ask)
    wanted = create.Wanted(
        name=answers.name,
        base_url=answers.base_url,
        languages=answers.languages,
        time_zone=answers.time_zone,
        database_url=os.environ.get("STANDFIRST_DATABASE_URL", ""),
        trusted_proxies=("127.0.0.1", "::1") if answers.base_url.startswith("https://") else (),
    )
    checked = _checked(wanted)
    if ask is not None:
        ask.say("Founding it …")
    made = [parent for parent in folder.parents if not parent.exists()]
    try:
        with create.making(folder, wanted) as scratch:
            create.open_django(scratch)
            create.paper_filled(
                folder=scratch, wanted=wanted, editor_email=answers.editor_email, editor_name=editor_name
            )
            create.close_django()
    except OSError as error:
        raise Refused(
            f"The newsroom could not be made in {folder}: {error.strerror or error}. Nothing is left of it."
        ) from error
    finally:
        if not folder.exists():
            for parent in made:
                with contextlib.suppress(OSError):
                    parent.rmdir()
    return _told(folder, checked)


def _told(folder: Path, checked: config.Newsroom) -> tuple[dict[str, Any], list[str]]:
    sign_in = folder / "data" / "secrets" / folders.SIGN_INS
    here = f"standfirst --newsroom {shlex.quote(str(folder))}"
    steps = {"run": f"{here} run", "sign_in": str(sign_in), "doctor": f"{here} doctor"}
    value = {
        "newsroom": str(folder),
        "name": checked.name,
        "base_url": checked.base_url,
        "languages": list(checked.languages),
        "time_zone": checked.time_zone,
        "sign_in": str(sign_in),
        "next": steps,
    }
    languages = ", ".join(config.LANGUAGE_NAMES.get(code, code) for code in checked.languages)
    lines = [
        f"{checked.name} is founded in {folder}.",
        f"  {checked.base_url or 'no public address yet'} · {languages} · {checked.time_zone}",
        "Next:",
        f"  1. Serve it: {steps['run']}",
        f"  2. Sign in at /desk/ with what stands in {sign_in} (only you can read it); then delete that file.",
        f"  3. See what is missing before readers come: {steps['doctor']}",
    ]
    return value, lines


def _refuse_unwritable(folder: Path) -> None:
    """Before any question is asked."""
    nearest = next(parent for parent in folder.parents if parent.exists())
    if not nearest.is_dir():
        raise Refused(f"{nearest} is a file, so no newsroom can be made in {folder}. Name another folder.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise Refused(
            f"Nothing can be written in {nearest}. Name another folder with --newsroom, "
            "or run this as the account that owns it."
        )


def _checked(wanted: create.Wanted) -> config.Newsroom:
    """As the program will read it at every start."""
    with tempfile.TemporaryDirectory(prefix="standfirst-") as scratch:
        (Path(scratch) / config.SETTINGS_FILE).write_text(create.settings_text(wanted), encoding="utf-8")
        return config.load(Path(scratch), {})


# Asking ----------------------------------------------------------------------------------------


class Asking:
    """Asks a person at a terminal, on stderr when stdout belongs to a program."""

    def __init__(self, *, aside: bool) -> None:
        self._aside = aside

    def __call__(self, question: str, default: str = "") -> str:
        prompt = f"{question}{f' [{default}]' if default else ''}: "
        if self._aside:
            self.say(prompt, end="")
            prompt = ""
        try:
            return input(prompt).strip() or default
        except EOFError:
            raise Refused("\nThe answers ended before the last question. Nothing was made.") from None

    def until(self, question: str, check: Callable[[str], Any], default: str = "") -> Any:
        """Ask until the answer can be used."""
        while True:
            try:
                return check(self(question, default))
            except (Refused, config.WrongSetting) as refusal:
                self.say(f"  {refusal}")

    def say(self, words: str, end: str = "\n") -> None:
        print(words, end=end, flush=True, file=sys.stderr if self._aside else sys.stdout)


def _answers(given: Mapping[str, str | None], ask: Asking | None) -> Answers:
    """What was given, checked, and then what must be asked."""
    checks: dict[str, Callable[[str], Any]] = {
        "name": name_checked,
        "base_url": address_checked,
        "languages": languages_checked,
        "time_zone": time_zone_checked,
        "editor_email": email_checked,
    }
    questions = {
        "name": ("Name of the paper", ""),
        "base_url": ("Its public address, such as https://news.example (empty: none yet)", ""),
        "languages": ("Language; several with commas, the first one first", machine_language()),
        "time_zone": ("Time zone, which dates the stories", machine_time_zone()),
        "editor_email": ("Your e-mail address, for the first account", ""),
    }
    flags = {"languages": "--language", "editor_email": "--editor-email", "base_url": "--base-url"}
    # First all that was given, so that nobody answers four questions to hear that a flag was wrong.
    values = {key: checks[key](text.strip()) for key, text in given.items() if text is not None}
    missing = [key for key in checks if key not in values]
    if missing == ["time_zone"]:
        values["time_zone"] = machine_time_zone()
    elif missing and ask is None:
        missing = [key for key in missing if key != "time_zone"]
        raise WrongUsage(f"{flags.get(missing[0], '--' + missing[0])} is needed where nobody can be asked.")
    elif ask is not None and missing:
        ask.say("A few questions; Enter takes what stands in brackets, Ctrl+C ends it and leaves nothing.")
        for key in missing:
            question, default = questions[key]
            check = _typed_address(ask) if key == "base_url" else checks[key]
            values[key] = ask.until(question, check, default)
            if key == "editor_email":
                values[key] = _slip_of_the_finger(values[key], ask)
    return Answers(**values)


def _typed_address(ask: Asking) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text and "://" not in text:
            text = f"https://{text}"
            ask.say(f"  Taken as {text.lower()}.")
        return address_checked(text)

    return check


def _slip_of_the_finger(email: str, ask: Asking) -> str:
    user, _at, host = email.rpartition("@")
    near = difflib.get_close_matches(host, MAIL_HOSTS, n=1, cutoff=0.85)
    if not near or near[0] == host:
        return email
    answer = ask(f"Did you mean {user}@{near[0]}? (y or n)", "y")
    return f"{user}@{near[0]}" if answer.lower().startswith("y") else email


# What an answer must be ------------------------------------------------------------------------


def name_checked(text: str) -> str:
    if not text:
        raise Refused("The paper needs a name; it can be changed at the desk later.")
    if len(text) > 100 or not text.isprintable():
        raise Refused("Use one line of at most 100 characters for the name.")
    return text


def address_checked(text: str) -> str:
    """Raises WrongSetting for what cannot be an address, Refused for one that would harm the paper."""
    if not text:
        return ""
    address = config.base_url_checked(text)
    host = urlsplit(address).hostname or ""
    if address.startswith("http://") and not _is_private(host):
        raise Refused(
            f"{text} would send passwords and readers' letters unencrypted. Use https://{host}; "
            "Caddy or nginx in front of Standfirst fetches the certificate (docs: Going live)."
        )
    if address.startswith("https://") and "." not in host and host != "localhost":
        raise Refused(f"{host} is no public name. Use the whole domain, such as https://news.example.")
    return address


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return is_loopback(host) or "." not in host or host.endswith(PRIVATE_NAMES)


def languages_checked(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))
    if not codes:
        raise Refused("At least one language is needed, as a code such as en or uk.")
    for code in codes:
        meant = _code_meant(code)
        if meant:
            raise config.WrongSetting("language", code, f"Perhaps you mean {meant}; use codes such as en, uk or pt-br.")
        config.language_checked("language", code)
        if len(code.split("-")[0]) == 2 and code.split("-")[0] not in ISO_639_1:
            raise config.WrongSetting("language", code, "No language has that code. Use one such as en, uk or pt-br.")
    return codes


def _code_meant(text: str) -> str:
    """The code behind a language's name, a country's code or capitals; empty when the text may be a code itself."""
    small = text.lower().replace("_", "-")
    if small in MEANT:
        return MEANT[small]
    names = {name.lower(): code for code, name in config.LANGUAGE_NAMES.items()}
    from django.conf.locale import LANG_INFO

    for code, facts in LANG_INFO.items():
        if "name" in facts:
            names.update({facts["name"].lower(): code, facts["name_local"].lower(): code})
    if small in names:
        return names[small]
    return small if small != text and small.split("-")[0] in ISO_639_1 else ""


def time_zone_checked(text: str) -> str:
    try:
        return config.time_zone_checked(text)
    except config.WrongSetting as refusal:
        near = [
            zone for zone in sorted(zoneinfo.available_timezones()) if zone.rpartition("/")[2].lower() == _place(text)
        ]
        if near:
            raise config.WrongSetting("time_zone", text, f"Perhaps you mean {near[0]}.") from None
        raise refusal from None


def _place(text: str) -> str:
    return {"kiev": "kyiv", "lviv": "kyiv", "odesa": "kyiv", "kharkiv": "kyiv"}.get(text.lower(), text.lower()).replace(
        " ", "_"
    )


def email_checked(text: str) -> str:
    host = text.rpartition("@")[2]
    whole = re.fullmatch(r"[^\s@,;<>()\[\]\\\"]+@[^\s@,;<>()\[\]\\\"/:]+", text)
    local = text.rpartition("@")[0]
    try:
        labels = host.encode("idna").decode().split(".")
    except UnicodeError:
        labels = [""]
    fits = all(re.fullmatch(r"(?i)[a-z0-9]([a-z0-9-]*[a-z0-9])?", label) for label in labels)
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if not whole or dots or not fits or (len(labels) < 2 and host != "localhost") or labels[-1].isdigit():
        raise Refused(f"{text or 'Nothing'} is no e-mail address. Give one such as editor@news.example.")
    return text.lower()


# What the machine knows ------------------------------------------------------------------------


def machine_language(environ: Mapping[str, str] = os.environ) -> str:
    """From LC_ALL, LC_MESSAGES or LANG, such as uk for uk_UA.UTF-8; English when they say nothing."""
    said = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    code = re.split(r"[_.@]", said)[0].lower()
    return code if code in ISO_639_1 else "en"


def machine_time_zone(environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc")) -> str:
    """From TZ, /etc/timezone or the link /etc/localtime; UTC when they say nothing we know."""
    candidates = [environ.get("TZ", "").lstrip(":")]
    with contextlib.suppress(OSError, UnicodeDecodeError):
        candidates.append((etc / "timezone").read_text(encoding="utf-8").strip())
    with contextlib.suppress(OSError):
        candidates.append(os.readlink(etc / "localtime").partition("zoneinfo/")[2])  # noqa: PTH115 (not resolved)
    for name in filter(None, candidates):
        with contextlib.suppress(config.WrongSetting):
            zone = config.time_zone_checked(name)
            return "UTC" if zone in ("Etc/UTC", "Etc/GMT", "GMT", "UCT", "Etc/UCT") else zone
    return "UTC"
