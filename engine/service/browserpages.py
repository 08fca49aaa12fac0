"""What a person sees in a browser who comes back from a provider: a small page without anything in it but words."""

from html import escape

from starlette.responses import HTMLResponse

from engine.telling import cut

__all__ = ["page"]

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",  # the address has a code in it
}
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}}</style>
<h1>{title}</h1>
<p>{text}</p>
</html>
"""


def page(title: str, text: str, status: int = 200) -> HTMLResponse:
    """Return a page; whatever is in title and text is shown as it is."""
    sentence = text[:1].upper() + text[1:]
    shown = _PAGE.format(title=escape(cut(title, 200)), text=escape(cut(sentence, 1000)))
    return HTMLResponse(shown, status, _HEADERS)
