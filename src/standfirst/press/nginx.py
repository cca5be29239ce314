"""A web server's configuration for one newsroom: nginx serves the store itself and passes everything else on.

Written from the same facts as our own layer: the store's headers, the addresses that are live, the types of files.
A test starts nginx with it and compares every kind of answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from standfirst.press import moved
from standfirst.press.addresses import COUNTED_LINK, INTERNAL, live_pattern, patterns
from standfirst.press.files import FOREVER, HANDED_IN_POLICY, HASHED, OTHER_TYPE, SHOWN, TYPES
from standfirst.press.memory import Headers
from standfirst.press.negotiation import LOOPBACK
from standfirst.press.plainly import RETRY_SECONDS, headers_of_error
from standfirst.press.serve import EMERGENCY, Place


@dataclass(frozen=True)
class Site:
    """What a configuration is written for. app: host and port where `standfirst run` listens."""

    place: Place
    headers: dict[str, Headers]
    app: str = "127.0.0.1:8000"
    listen: tuple[str, ...] = ("80", "[::]:80")

    @property
    def pages(self) -> str:
        return f"{self.place.store}/pages"

    @property
    def host(self) -> str:
        return urlsplit(self.place.base_url).netloc

    @property
    def prefixed(self) -> tuple[str, ...]:
        return self.place.languages[1:]

    def kinds(self) -> list[tuple[str, str, Headers]]:
        """Each kind of page that has been stored: its name, its pattern, its headers."""
        return [
            (name, pattern, self.headers[name])
            for name, pattern in patterns()
            if name in self.headers and not name.startswith("internal")
        ]


def configuration(site: Site) -> str:
    """The whole text. It belongs in the `http` block, as every file of sites-enabled does."""
    return "\n".join(
        [
            *_introduction(site),
            *_maps(site),
            "",
            "upstream standfirst_app {",
            f"    server {site.app};",
            "    keepalive 16;",
            "}",
            "",
            "server {",
            *(f"    listen {listen};" for listen in site.listen),
            f"    server_name {urlsplit(site.place.base_url).hostname or '_'};",
            "    server_tokens off;",
            "    merge_slashes off;",
            "    client_max_body_size 256m;",
            "    gzip_proxied any;",
            "    gzip_vary off;",
            "    recursive_error_pages on;",
            *_types(),
            *_to_app(),
            *_who_asks(site),
            "",
            "    # In an emergency the whole paper becomes its text edition: a file of that name, and no restart.",
            "    # Looked for once a second; pages and files every time, so that what is withdrawn is gone at once.",
            "    open_file_cache max=1 inactive=60s;",
            "    open_file_cache_valid 1s;",
            "    open_file_cache_min_uses 1;",
            "    open_file_cache_errors on;",
            f"    if (-f {_q(site.place.folder + '/' + EMERGENCY)}) {{",
            f"        rewrite ^(.*/)$ {INTERNAL}emergency$1 last;",
            "    }",
            *_front(site),
            *_page(site),
            *_internal(site),
            "",
            "    # Doubled slashes: no page of ours, though the disk would find one. Live: always the app.",
            f"    location ~ {_q(f'//|^{live_pattern(site.place.languages)}$')} {{",
            "        try_files /- @standfirst;",
            "    }",
            *(line for kind in site.kinds() if kind[0] != "page" for line in _kind(site, *kind)),
            *_files(site),
            "",
            "    location / {",
            "        try_files /- @standfirst;",
            "    }",
            *_app(),
            "}",
            "",
        ]
    )


def _introduction(site: Site) -> list[str]:
    host = site.host or "this newsroom"
    return [
        f"# nginx for {host}, made by `standfirst press nginx`. Print it anew after an upgrade.",
        "#",
        "# Put it into /etc/nginx/sites-enabled/, then `nginx -t && systemctl reload nginx`. nginx's account must be",
        "# able to read the folders named below. HTTPS: `certbot --nginx` adds it to this file.",
        '# In standfirst.toml, so that the app believes what nginx says about readers: trusted_proxies = ["127.0.0.1"]',
        "# With the package libnginx-mod-http-brotli-static, write `brotli_static on;` beside each `gzip_static on;`.",
        "",
    ]


def _maps(site: Site) -> list[str]:
    pages = site.pages
    names = "|".join(moved.QUERY_NAMES)
    known: list[str] = []
    if site.host:
        loopback = "|".join(name.replace(".", "\\.").replace("[", "\\[").replace("]", "\\]") for name in LOOPBACK)
        known = [
            "# Whoever asks by another name is told so, before anything is looked up.",
            "map $http_host $standfirst_is_ours {",
            "    default 0;",
            f"    {_q(site.host)} 1;",
            f"    {_q(f'~*^(?:{loopback})(?::[^:]*)?$')} 1;",
            "}",
        ]
    return [
        *known,
        "# Old addresses that are a query on the front page; the app knows where they lead.",
        "map $args $standfirst_asks {",
        "    default 0;",
        f"    {_q(f'~(?:^|&)(?:{names})=')} 1;",
        "}",
        "# Where old addresses lead while the app is not there, as of the last reload.",
        "map $uri $standfirst_bare {",
        "    default $uri;",
        # Also as a page's file, or an emergency, has made of it.
        f'    "~^(?:{INTERNAL}emergency)?(?<standfirst_stem>/.*?)/?(?:index[.]html)?$" $standfirst_stem;',
        "}",
        "map $standfirst_bare$is_args$args $standfirst_moved {",
        "    default '';",
        f"    include {_q(pages + '/-/moved.ma[p]')};",
        "}",
        "map $standfirst_bare$is_args$args $standfirst_moved_for_now {",
        "    default '';",
        f"    include {_q(pages + '/-/moved-temporarily.ma[p]')};",
        "}",
        "# Links of letters that are counted lead on uncounted.",
        "map $request_uri $standfirst_onward {",
        "    default '';",
        f"    {_q(f'~^{COUNTED_LINK}(?:[?].*)?$')} $1;",
        "}",
        "map $uri $standfirst_sorry {",
        f"    default {INTERNAL}503/;",
        *(f"    {_q(f'~^(?:{INTERNAL}emergency)?/{code}/')} {INTERNAL}{code}/503/;" for code in site.prefixed),
        "}",
        "map $uri $standfirst_keep {",
        "    default no-cache;",
        f"    {_q('~' + HASHED.pattern)} {_q(FOREVER)};",
        "}",
        "map $uri $standfirst_disposition {",
        "    default attachment;",
        f"    {_q('~*[^/](?:' + '|'.join(sorted('[.]' + ending[1:] for ending in SHOWN)) + ')$')} '';",
        "}",
    ]


def _types() -> list[str]:
    endings: dict[str, list[str]] = {}
    for ending, name in sorted(TYPES.items()):
        endings.setdefault(name, []).append(ending[1:])
    return [
        f"    default_type {OTHER_TYPE};",
        "    types {",
        *(f"        {_q(name)} {' '.join(rows)};" for name, rows in endings.items()),
        "    }",
    ]


def _who_asks(site: Site) -> list[str]:
    if not site.host:
        return []
    return [
        "",
        "    if ($standfirst_is_ours = 0) {",
        "        return 421;",
        "    }",
    ]


def _front(site: Site) -> list[str]:
    headers = site.headers.get("page", [])
    return [
        "",
        "    # The front page, unless an old address is asked for.",
        "    location = / {",
        "        error_page 418 = @standfirst;",
        "        if ($standfirst_asks) {",
        "            return 418;",
        "        }",
        *_page_of_store(site.pages, headers),
        "        rewrite ^ /index.html break;",
        "    }",
    ]


def _page(site: Site) -> list[str]:
    """First of all patterns, because most requests are for pages. A live address that ends so has no file."""
    return [
        "",
        "    # Stored: page",
        '    location ~ "^/(?!-/)(?:[^/]+/)+$" {',
        *_page_of_store(site.pages, site.headers.get("page", [])),
        "        rewrite ^ ${uri}index.html break;",
        "    }",
        "",
        "    # In an emergency: its text edition where there is one, else the page itself.",
        f'    location ~ "^{INTERNAL}emergency(?<standfirst_page>/(?:[^/]+/)*)$" {{',
        "        internal;",
        *_page_of_store(site.pages, site.headers.get("page", [])),
        "        try_files ${standfirst_page}text/index.html ${standfirst_page}index.html @standfirst;",
        "    }",
    ]


def _kind(site: Site, name: str, pattern: str, headers: Headers) -> list[str]:
    return [
        "",
        f"    # Stored: {name}",
        f"    location ~ {_q(f'^(?:{pattern})$')} {{",
        *_page_of_store(site.pages, headers),
        "    }",
    ]


def _page_of_store(pages: str, headers: Headers) -> list[str]:
    kind = dict(headers).get("content-type", "text/html; charset=utf-8")
    return [
        f"        root {_q(pages)};",
        "        # nginx's own word for a method that is not for files.",
        "        error_page 403 404 405 = @standfirst;",
        "        log_not_found off;",
        "        gzip_static on;",
        "        open_file_cache off;",
        "        types { }",
        f"        default_type {_q(kind)};",
        *_told(headers),
        "        add_header Vary Accept-Encoding;",
        "        # Never sent in parts.",
        "        max_ranges 0;",
    ]


def _told(headers: Headers, *, always: str = "") -> list[str]:
    return [
        f"        add_header {name.title()} {_q(value)}{always};"
        for name, value in headers
        if name not in ("content-type", "vary")
    ]


def _files(site: Site) -> list[str]:
    static, renditions = site.place.static, site.place.renditions
    hidden = ['        location ~ "/[.]|//" {', "            try_files /- @standfirst;", "        }"]
    return [
        "",
        "    # Static files: hashed names, kept by readers for good.",
        "    location ^~ /s/ {",
        f"        alias {_q(static + '/')};",
        f"        disable_symlinks on from={_q(static)};",
        "        gzip_static on;",
        "        open_file_cache off;",
        "        max_ranges 0;",
        "        if_modified_since off;",
        "        error_page 403 404 = @standfirst;",
        "        add_header Cache-Control $standfirst_keep;",
        "        add_header X-Content-Type-Options nosniff;",
        "        add_header Vary Accept-Encoding;",
        *hidden,
        "    }",
        "",
        "    # Pictures and what else was handed in: never run as a page of ours.",
        "    location ^~ /m/ {",
        f"        alias {_q(renditions + '/')};",
        f"        disable_symlinks on from={_q(renditions)};",
        "        open_file_cache off;",
        "        if_modified_since off;",
        "        error_page 403 404 = @standfirst;",
        f"        add_header Cache-Control {_q(FOREVER)};",
        "        add_header X-Content-Type-Options nosniff;",
        f"        add_header Content-Security-Policy {_q(HANDED_IN_POLICY)};",
        "        add_header Content-Disposition $standfirst_disposition;",
        *hidden,
        "    }",
    ]


def _internal(site: Site) -> list[str]:
    headers = headers_of_error(503, site.headers.get("page", []))
    return [
        "",
        "    # Error pages: nobody asks for them by name.",
        f'    location ~ "^{INTERNAL}" {{',
        "        internal;",
        "        error_page 404 = @standfirst;",
        f"        root {_q(site.pages)};",
        "        gzip_static on;",
        "        open_file_cache off;",
        "        etag off;",
        "        types { }",
        f"        default_type {_q(dict(headers).get('content-type', 'text/html; charset=utf-8'))};",
        *_told(headers, always=" always"),
        "        add_header Vary Accept-Encoding always;",
        "        add_header Last-Modified '' always;",
        "        max_ranges 0;",
        f"        try_files ${{uri}}index.html {INTERNAL}503/index.html =503;",
        "    }",
    ]


def _to_app() -> list[str]:
    """Said once for the whole server: the app is asked from more than one place."""
    return [
        "",
        "    proxy_http_version 1.1;",
        "    proxy_set_header Connection '';",
        "    proxy_set_header Host $http_host;",
        "    proxy_set_header X-Forwarded-For $remote_addr;",
        "    proxy_set_header X-Forwarded-Proto $scheme;",
        "    # What the sender wrote himself is believed by nobody.",
        "    proxy_set_header X-Forwarded-Host '';",
        "    proxy_set_header X-Real-IP '';",
        "    proxy_set_header Forwarded '';",
        "    proxy_connect_timeout 3s;",
        "    proxy_read_timeout 120s;",
        "    proxy_next_upstream off;",
        "    error_page 502 504 = @standfirst_away;",
    ]


def _app() -> list[str]:
    return [
        "",
        "    location @standfirst {",
        "        proxy_pass http://standfirst_app$request_uri;",
        "    }",
        "",
        "    # The app is not there: old addresses lead on, and everything else that is not stored says so.",
        "    location @standfirst_away {",
        f"        # Come back in {RETRY_SECONDS} seconds.",
        "        error_page 503 $standfirst_sorry;",
        "        if ($standfirst_moved) {",
        "            return 301 $standfirst_moved;",
        "        }",
        "        if ($standfirst_onward) {",
        "            return 302 $standfirst_onward;",
        "        }",
        "        if ($standfirst_moved_for_now) {",
        "            return 302 $standfirst_moved_for_now;",
        "        }",
        "        return 503;",
        "    }",
    ]


def _q(text: str) -> str:
    """A word of nginx's language: quoted, and no variable of its own."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
