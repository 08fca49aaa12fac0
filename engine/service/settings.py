"""The settings of the service, from `ROLLBOOK_*` in the environment. Their docstrings are the page in `docs/`."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from engine.errors import UsageError
from engine.spelling import did_you_mean

__all__ = ["OF_OTHERS", "PREFIX", "Settings", "settings", "unknown"]

#: What the names of all settings begin with in the environment.
PREFIX = "ROLLBOOK_"


#: What else begins so, and is read elsewhere.
OF_OTHERS = ("DATABASE", "ENV", "JSONATA", "MAPPINGS", "SECRET_KEYS", "SECRET_KEYS_FILE")


class Settings(BaseSettings):
    """Each is read from `ROLLBOOK_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # an empty host would be every address of the machine
        extra="ignore",
        use_attribute_docstrings=True,
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    host: str = Field(default="127.0.0.1", min_length=1)
    """The address to listen on. Before anything but this machine can reach it, put TLS in front of it."""
    port: int = Field(default=8000, ge=0, le=65535)
    """The port to listen on; 0 takes a free one."""
    allow: Annotated[tuple[str, ...], NoDecode] = ()
    """Hosts and networks of your own that requests may go to, with commas between them: the guard's allow-list."""
    public_url: str = ""
    """Where browsers reach the service, such as `https://rollbook.example`; needed to connect accounts with OAuth2."""
    page_seconds: float = Field(default=60.0, gt=0, le=3600)
    """How long a page of a live list may take. What was read by then is given out, with a cursor for the rest."""
    stream_seconds: float = Field(default=4 * 3600.0, gt=0)
    """How long a stream may take."""
    patience_seconds: float = Field(default=10.0, ge=0)
    """How long a provider may ask to wait before the answer is 429 instead."""
    most_records: int = Field(default=10_000, ge=1)
    """How many records an answer with `ignore_limit` holds at most; a cursor leads to the rest."""
    most_bytes: int = Field(default=64_000_000, ge=1)
    """From how many bytes on a page ends before its limit; a cursor leads to the rest."""
    requests_per_minute: int = Field(default=600, ge=1)
    """How many requests one API key may make a minute, where the key says nothing else."""
    body_seconds: float = Field(default=30.0, gt=0)
    """How long a client may take to send the body of a request."""
    metrics_open: bool = False
    """Whether `/metrics` answers without an API key."""
    docs_open: bool = False
    """Whether `/docs` and `/openapi.json` answer without an API key, as a browser asks."""
    body_bytes: int = Field(default=1_000_000, ge=1)
    """How large the body of a request may be."""
    idle_seconds: float = Field(default=300.0, gt=0)
    """How long the connections and the token of an account are kept after its last request."""
    most_channels: int = Field(default=200, ge=1)
    """Of how many accounts connections and tokens are kept at once."""
    workers: int = Field(default=1, ge=1, le=64)
    """How many processes answer requests. They share one store."""
    head_seconds: float = Field(default=10.0, gt=0)
    """How long a client may take to send the head of a request."""
    head_bytes: int = Field(default=65_536, ge=1024)
    """How large the head of a request may be."""
    write_seconds: float = Field(default=60.0, gt=0)
    """How long a client may take nothing of its answer; then it is broken off."""
    keep_alive_seconds: int = Field(default=30, ge=1)
    """How long a connection without a request is kept."""
    most_connections: int = Field(default=1000, ge=1)
    """How many connections of clients a process has at once; more are answered with 503."""
    most_requests: int = Field(default=200, ge=1)
    """How many requests a process answers at once; more are answered with 503. Those for its health do not count."""
    shutdown_seconds: float = Field(default=30.0, ge=0)
    """How long requests may take to finish after the service was told to end; then pages and streams stop there."""
    log_format: Literal["auto", "json", "text"] = "auto"
    """How the log is written to stderr: `auto` is text on a terminal, and JSON everywhere else."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """From which level on there is a log. `debug` has every request to a provider, its secrets hidden."""

    @field_validator("allow", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        return tuple(part.strip() for part in given.split(",") if part.strip()) if isinstance(given, str) else given

    @field_validator("public_url")
    @classmethod
    def _address(cls, given: str) -> str:
        if given and not given.startswith(("https://", "http://")):
            raise ValueError("must be an address such as https://rollbook.example")
        return given.rstrip("/")


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Return what is to be told of variables that look like settings and are none."""
    known = [*(field.upper() for field in Settings.model_fields), *OF_OTHERS]
    given = sorted(name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX))
    told = {
        name: did_you_mean(name, known, "docs/settings.md has those there are") for name in given if name not in known
    }
    return [f"{PREFIX}{name} is no setting and changes nothing; {advice}" for name, advice in told.items()]


def settings(**given: object) -> Settings:
    """Read the settings; what is given stands in for the environment. Raises UsageError that lists what is wrong."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise UsageError("the settings are not right:\n  " + "\n  ".join(wrong)) from None
