"""QR codes, for screens and for paper."""

import io

import segno


def svg(text: str) -> str:
    """A QR code as an SVG image that scales, without scripts or styles; ``text`` is usually an address."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", border=2, xmldecl=False, omitsize=True, svgclass="qr", lineclass=None
    )
    return picture.getvalue().decode()
