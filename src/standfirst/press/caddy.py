"""A Caddyfile for one newsroom: Caddy serves the store itself, passes everything else on, and minds the certificate.

Like `nginx.py`, and tested in the same way. Caddy cannot read the map of old addresses, so those wait for the app; and
it follows symbolic links, so nobody should lay one into the folder of renditions.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from standfirst.press import moved
from standfirst.press.addresses import COUNTED_LINK, INTERNAL, live_pattern
from standfirst.press.files import FOREVER, HANDED_IN_POLICY, HASHED, OTHER_TYPE, SHOWN, TYPES
from standfirst.press.memory import Headers
from standfirst.press.nginx import Site
from standfirst.press.plainly import headers_of_error
from standfirst.press.serve import EMERGENCY


def caddyfile(site: Site) -> str:
    """The whole text. An address without a scheme gets a certificate by itself."""
    lines = [
        f"# {site.host or 'This newsroom'} behind Caddy, made by `standfirst press caddy`.",
        "# Print it anew after an upgrade.",
        "#",
        "# Put it into /etc/caddy/Caddyfile, then `caddy validate` and `systemctl reload caddy`. Caddy's account must",
        "# be able to read the folders named below.",
        '# In standfirst.toml, so that the app believes what Caddy says about readers: trusted_proxies = ["127.0.0.1"]',
        "",
        f"{_address(site)} {{",
        "route {",
        *_strangers(site),
        *_live_and_others(site),
        *_pages(site),
        *_files(site),
        "import standfirst_app",
        "}",
        *_errors(site),
        "}",
        "",
    ]
    return "\n".join(_indented([*lines[:7], *_app(site), *lines[7:]]))


def _address(site: Site) -> str:
    if site.listen != Site.listen:
        return ", ".join(f"http://:{listen.rpartition(':')[2]}" for listen in site.listen)
    base = urlsplit(site.place.base_url)
    return (f"http://{base.netloc}" if base.scheme == "http" else base.netloc) or ":80"


def _app(site: Site) -> list[str]:
    return [
        "(standfirst_app) {",
        f"reverse_proxy {site.app} {{",
        "header_up -X-Forwarded-Host",
        "header_up -X-Real-IP",
        "header_up -Forwarded",
        "}",
        "}",
        "",
    ]


def _strangers(site: Site) -> list[str]:
    if not site.host:
        return []
    return [
        f"@stranger not host {urlsplit(site.place.base_url).hostname} localhost 127.0.0.1",
        "respond @stranger 421",
        "",
    ]


def _live_and_others(site: Site) -> list[str]:
    names = " ".join(f"{name}=*" for name in moved.QUERY_NAMES)
    return [
        "# The app's: what is live or changes things, old addresses that are a query, addresses that are nobody's.",
        f"@live path_regexp {_q(f'^{live_pattern(site.place.languages)}$')}",
        "handle @live {",
        "import standfirst_app",
        "}",
        "@changing not method GET HEAD",
        "handle @changing {",
        "import standfirst_app",
        "}",
        "@old {",
        "path /",
        f"query {names}",
        "}",
        "handle @old {",
        "import standfirst_app",
        "}",
        "@nobodys {",
        f"path_regexp {_q(f'^{INTERNAL}')}",
        "}",
        "handle @nobodys {",
        "import standfirst_app",
        "}",
        "@doubled path *//*",
        "handle @doubled {",
        "import standfirst_app",
        "}",
        "",
    ]


def _pages(site: Site) -> list[str]:
    lines = [
        "# In an emergency the whole paper becomes its text edition: a file of that name, and no restart.",
        "vars standfirst_page index.html",
        "@emergency file {",
        f"root {_q(site.place.folder)}",
        f"try_files {EMERGENCY}",
        "}",
        "vars @emergency standfirst_page text/index.html",
        "",
    ]
    for name, pattern, headers in site.kinds():
        is_page = name == "page"
        order = "{path}{vars.standfirst_page} {path}index.html" if is_page else "{path}"
        matcher = name.replace("-", "_")
        lines += [
            f"@{matcher} {{",
            f"path_regexp {_q(f'^(?:{pattern})$')}",
            "file {",
            f"root {_q(site.pages)}",
            f"try_files {order}",
            "}",
            "}",
            f"handle @{matcher} {{",
            "rewrite * {http.matchers.file.relative}",
            "# Never sent in parts.",
            "request_header -Range",
            "header {",
            *_told(headers),
            "Vary Accept-Encoding",
            "-Accept-Ranges",
            "}",
            *_file_server(site.pages, "precompressed br gzip"),
            "}",
        ]
    return [*lines, ""]


def _told(headers: Headers) -> list[str]:
    return [f"{name.title()} {_q(value)}" for name, value in headers if name != "vary"]


def _file_server(root: str, *more: str) -> list[str]:
    return [
        "file_server {",
        f"root {_q(root)}",
        *(f"{line}" for line in more),
        "disable_canonical_uris",
        "}",
    ]


def _files(site: Site) -> list[str]:
    types = [f"~[.]{ending[1:]}$ {_q(name)}" for ending, name in sorted(TYPES.items())]
    lines: list[str] = []
    for prefix, folder in (("/s/", site.place.static), ("/m/", site.place.renditions)):
        is_static = prefix == "/s/"
        name = prefix.strip("/")
        lines += [
            f"handle {prefix}* {{",
            "route {",
            "uri strip_prefix " + prefix.rstrip("/"),
            f"@there_{name} {{",
            "not path_regexp /[.]",
            "not path */",
            "file {",
            f"root {_q(folder)}",
            "try_files {path}",
            "}",
            "}",
            f"handle @there_{name} {{",
            "route {",
            *_file_headers(types, is_static=is_static),
            *_file_server(folder, *(["precompressed br gzip"] if is_static else [])),
            "}",
            "}",
            f"rewrite * {prefix.rstrip('/')}{{uri}}",
            "import standfirst_app",
            "}",
            "}",
        ]
    return lines


def _file_headers(types: list[str], *, is_static: bool) -> list[str]:
    shown = " ".join(f"*{ending}" for ending in sorted(SHOWN))
    lines = [
        "request_header -If-Modified-Since",
        "map {path} {standfirst_type} {",
        *types,
        f"default {OTHER_TYPE}",
        "}",
        "header Content-Type {standfirst_type}",
        "header X-Content-Type-Options nosniff",
    ]
    if is_static:
        lines += [
            "request_header -Range",
            "header Cache-Control no-cache",
            f"@hashed path_regexp {_q(HASHED.pattern)}",
            f"header @hashed Cache-Control {_q(FOREVER)}",
            "header {",
            "Vary Accept-Encoding",
            "-Accept-Ranges",
            "}",
        ]
    else:
        lines += [
            f"header Cache-Control {_q(FOREVER)}",
            f"header Content-Security-Policy {_q(HANDED_IN_POLICY)}",
            f"@saved not path {shown}",
            "header @saved Content-Disposition attachment",
        ]
    return lines


def _errors(site: Site) -> list[str]:
    headers = headers_of_error(503, site.headers.get("page", []))
    lines = [
        "",
        "# The app is not there: what is not stored says so.",
        "handle_errors {",
        "# A link of a letter that is counted leads on uncounted.",
        f"@letter path_regexp letter {_q(f'^{COUNTED_LINK}$')}",
        "redir @letter {re.letter.1} 302",
        "request_header -Range",
        "request_header -If-None-Match",
        "request_header -If-Modified-Since",
        "header {",
        *_told(headers),
        "Vary Accept-Encoding",
        "-Last-Modified",
        "-Accept-Ranges",
        "-Etag",
        "}",
        "route {",
    ]
    for code in site.prefixed:
        lines += [
            f"@sorry_{code} {{",
            f"path_regexp {_q(f'^/{code}/')}",
            "file {",
            f"root {_q(site.pages)}",
            f"try_files {INTERNAL}{code}/503/index.html",
            "}",
            "}",
            f"handle @sorry_{code} {{",
            f"rewrite * {INTERNAL}{code}/503/index.html",
            "}",
        ]
    return [
        *lines,
        "handle {",
        f"rewrite * {INTERNAL}503/index.html",
        "}",
        *_file_server(site.pages, "precompressed br gzip", "status 503"),
        "}",
        "}",
    ]


def _indented(lines: list[str]) -> list[str]:
    """The lines as `caddy fmt` would lay them out."""
    depth, laid = 0, []
    for line in lines:
        depth -= line == "}"
        laid.append("\t" * depth + line if line else "")
        depth += line.endswith("{")
    return laid


def _q(text: str) -> str:
    """A word of Caddy's language: quoted."""
    return "`" + text + "`" if "`" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
