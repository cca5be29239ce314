"""A QR code as one path of SVG: no picture file, no style, no script."""

from __future__ import annotations

import qrcode
from django.utils.safestring import SafeString, mark_safe

MARGIN = 4


def square(text: str) -> SafeString:
    """The inside of an <svg>: one unit a module; its side is the first number."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(text.encode())
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows) + 2 * MARGIN
    runs = [
        f"M{x + MARGIN} {y + MARGIN}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    ]
    ground = f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
    # Figures alone: nothing of the text stands in it.
    size = f'viewBox="0 0 {side} {side}" width="200" height="200"'
    path = f'<path fill="#000" d="{"".join(runs)}"/>'
    return mark_safe(f'<svg class="sf-square" {size} aria-hidden="true">{ground}{path}</svg>')  # noqa: S308
