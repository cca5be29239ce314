"""Originals for colleagues: the only way out of their folder."""

from __future__ import annotations

import mimetypes

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from wagtail.permissions import policy_registry

from standfirst.stories.models import NewsImage


def original(request: HttpRequest, name: str) -> FileResponse:
    """Hand an original to someone who may work with pictures. Signing in is asked for by Wagtail around this."""
    image = get_object_or_404(NewsImage, file=name)
    policy = policy_registry.get_by_type(NewsImage)
    allowed = policy.instances_user_has_any_permission_for(request.user, ["choose", "change", "delete"])
    if not allowed.filter(pk=image.pk).exists():
        raise PermissionDenied
    try:
        file = image.file.storage.open(image.file.name, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = mimetypes.guess_type(image.file.name)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=kind if kind.startswith("image/") else "application/octet-stream")
    # A file from a stranger is shown, never run.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store, private"
    return response
