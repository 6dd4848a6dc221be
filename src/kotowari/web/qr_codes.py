"""QR codes as drawings of a page: one path, no style, no script."""

import qrcode
from markupsafe import Markup

QUIET = 4
"""The white edge, in modules, that readers need."""


def drawn(words: str, label: str) -> Markup:
    """The QR code of these words as inline SVG; `label` says what it is to whoever does not see it."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(words)
    code.make()
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path d="{}" fill="#000"/></svg>'
    ).format(label, len(rows), len(rows), path)
