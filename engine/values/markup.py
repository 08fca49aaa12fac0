"""HTML as plain text. For reading, not for cleaning: what comes out is text and must never be shown as HTML."""

import html
import re

__all__ = ["plain_text"]

_INVISIBLE = ("script", "style", "head", "template")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)([^<>]*)>")


def plain_text(markup: str) -> str:
    """Return HTML as plain text: tags and comments out, entities decoded, blanks folded.

    A `<` that begins no tag stays. The work grows with the text, whatever is in it.
    """
    return " ".join(html.unescape(" ".join(_pieces(_without_comments(markup)))).split())


def _without_comments(markup: str) -> str:
    pieces = []
    at = 0
    while (start := markup.find("<!--", at)) >= 0:
        pieces.append(markup[at:start])
        end = markup.find("-->", start + 4)
        if end < 0:
            return "".join(pieces)  # a browser shows nothing after a comment without an end
        at = end + 3
    return "".join([*pieces, markup[at:]])


def _pieces(markup: str) -> list[str]:
    """Return the texts between the tags, but for those of elements that show nothing."""
    pieces = []
    at = 0
    hidden = ""
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if not hidden:
            pieces.append(markup[at : tag.start()])
            hidden = name if name in _INVISIBLE and not tag[1] and not tag[3].endswith("/") else ""
        elif tag[1] and name == hidden:
            hidden = ""
        at = tag.end()
    return pieces if hidden else [*pieces, markup[at:]]
