"""How public pages travel: small, and not at all when the reader has them already (standards PF-02, PF-04)."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from standfirst.config.middleware import is_private
from standfirst.press.negotiation import accepted

GetResponse = Callable[[HttpRequest], HttpResponse]

PACKABLE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:xml|json)|application/javascript|image/svg", re.IGNORECASE)
#: Below this a packed page is hardly smaller than a plain one.
SMALLEST_BYTES = 400
LEVEL = 5


class Packed:
    """Give public pages a strong ETag and compress them, by brotli where the browser knows it.

    Nothing secret and nothing of the reader stands on a public page, so its size tells nobody anything.
    The desk is left alone: there both are mixed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_private(request) or request.method not in ("GET", "HEAD") or response.streaming:
            return response
        if response.has_header("Content-Encoding") or not PACKABLE.match(response.get("Content-Type", "")):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        encoding = (
            accepted(request.headers.get("Accept-Encoding", "")) if len(response.content) > SMALLEST_BYTES else ""
        )
        if response.status_code == 200 and "no-store" not in response.get("Cache-Control", ""):
            digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
            # Strong tags differ where the bytes do.
            etag = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
            response["ETag"] = etag
            known = get_conditional_response(request, etag=etag, response=response)
            if known is not None and known is not response:
                return known
        if encoding:
            plain = response.content
            response.content = (
                brotli.compress(plain, mode=brotli.MODE_TEXT, quality=LEVEL)
                if encoding == "br"
                else gzip.compress(plain, LEVEL, mtime=0)
            )
            response["Content-Encoding"] = encoding
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response
