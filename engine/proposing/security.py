"""How a request proves who asks, by the security schemes of an OpenAPI document."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.errors import UsageError
from engine.holes import MARK
from engine.proposing.documents import Document, as_list, as_map, as_text
from engine.proposing.yaml import Noted
from engine.spelling import did_you_mean

__all__ = ["KINDS", "Security", "security", "security_of"]

_WHERE = f"{MARK} where a customer finds it"


class Security(NamedTuple):
    """The node for `auth`, and the connection fields it needs."""

    auth: Noted
    connection: Mapping[str, Any]


def security(document: Document) -> Security | None:
    """Return the way to prove who asks that suits a program best; None where a document tells of none."""
    known = as_map(
        document.at("components", "securitySchemes") if document.version == 3 else document.at("securityDefinitions")
    )
    required = [name for entry in as_list(document.data.get("security")) for name in as_map(entry)]
    order = [
        *dict.fromkeys(name for name in required if name in known),
        *(name for name in known if name not in required),
    ]
    ways = [(name, way) for name in order[:50] if (way := _way(as_map(document.follow(known[name])), document))]
    if not ways:
        return None
    ways.sort(key=lambda each: (each[1][0], each[0] not in required))
    name, (_, auth, connection, why) = ways[0]
    others = [other for other in order if other != name]
    above = (f"By the scheme {name}{f': {why}' if why else ''}.",)
    return Security(
        Noted(auth, above=(*above, *((f"There are also: {', '.join(others[:10])}.",) if others else ()))), connection
    )


#: What an author can ask for, as a scheme of a document would say it.
KINDS: dict[str, dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "api_key"},
    "client_credentials": {"type": "oauth2", "flows": {"clientCredentials": {}}},
    "password": {"type": "oauth2", "flows": {"password": {}}},
    "refresh_token": {"type": "oauth2", "flows": {"authorizationCode": {}}},
}


def security_of(kind: str) -> Security:
    """Return a way to prove who asks that an author names. Raises UsageError for one that is not known."""
    if kind == "none":
        return Security(Noted({"none": True}), {})
    if kind not in KINDS:
        raise UsageError(f"--auth {kind}: there is no such kind; {did_you_mean(kind, (*KINDS, 'none'))}")
    above = ("What it is called is a guess.",) if kind in ("header", "query") else ()
    way = _way(KINDS[kind], Document({}, 3))
    return Security(Noted(way[1], above=above), way[2]) if way else security_of("none")


_Way = tuple[int, dict[str, Any], dict[str, Any], str]


def _way(scheme: Mapping[str, Any], document: Document) -> _Way | None:
    """Return a way with its rank, the lower the better for a program that runs alone."""
    kind, word = as_text(scheme.get("type")), as_text(scheme.get("scheme")).lower()
    if kind == "basic" or (kind == "http" and word == "basic"):
        fields = {"username": _field("User name", secret=False), "password": _field("Password")}
        return 3, {"basic": {"username": "{connection.username}", "password": "{connection.password}"}}, fields, ""
    if kind == "http" and word == "bearer":
        return 1, {"bearer": "{connection.token}"}, {"token": _field("Access token")}, ""
    if kind == "apiKey":
        return _key(scheme)
    if kind == "oauth2":
        return _oauth2(scheme, document)
    if kind == "openIdConnect":
        return (
            5,
            {"bearer": "{connection.token}"},
            {"token": _field("Access token")},
            "OpenID Connect; a token is to be had first",
        )
    return None


def _field(title: str, *, secret: bool = True) -> dict[str, Any]:
    return {"title": title, **({"secret": True} if secret else {}), "help": _WHERE}


def _key(scheme: Mapping[str, Any]) -> _Way | None:
    name, place = as_text(scheme.get("name")), as_text(scheme.get("in"))
    if not name or place not in ("header", "query"):
        return None
    told = "query parameters end up in access logs" if place == "query" else ""
    if name.lower() == "authorization":
        told = "does the provider want a word before the key, such as Bearer?"
    kind = "headers" if place == "header" else "query"
    return (2 if kind == "headers" else 4), {kind: {name: "{connection.api_key}"}}, {"api_key": _field("API key")}, told


def _oauth2(scheme: Mapping[str, Any], document: Document) -> _Way | None:
    """Return the flow of OAuth2 that needs a person least."""
    flows = as_map(scheme.get("flows"))
    if document.version == 2:
        flows = {as_text(scheme.get("flow")): scheme}
    client = {"client_id": _field("Client ID", secret=False), "client_secret": _field("Client secret")}
    grants = {
        "clientCredentials": (0, "client_credentials", {}), "application": (0, "client_credentials", {}),
        "password": (4, "password", {"username": _field("User name", secret=False), "password": _field("Password")}),
        "authorizationCode": (4, "refresh_token", {"refresh_token": _field("Refresh token")}),
        "accessCode": (4, "refresh_token", {"refresh_token": _field("Refresh token")}),
    }  # fmt: skip
    for flow, (rank, grant, fields) in grants.items():
        if flow in flows:
            url = as_text(as_map(flows[flow]).get("tokenUrl")) or f"{MARK} where tokens are given out"
            scopes = [*as_map(as_map(flows[flow]).get("scopes"))]
            names = {name: f"{{connection.{name}}}" for name in (*client, *fields)}
            scope = {"scope": Noted(" ".join(scopes), "all there are; keep what is needed")} if scopes else {}
            oauth2 = {"token_url": _literal(url), "grant": grant, **names, **scope}
            return rank, {"oauth2": oauth2}, {**client, **fields}, f"the flow {flow}"
    if "implicit" in flows:
        return (
            5,
            {"bearer": "{connection.token}"},
            {"token": _field("Access token")},
            "the flow implicit needs a browser; a token is to be had first",
        )
    return None


def _literal(text: str) -> str:
    return text if text.startswith(MARK) else text.replace("{", "{{").replace("}", "}}")
