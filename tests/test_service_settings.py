"""The settings, from the environment, and their page."""

import inspect
import re

import pytest
from settings_page import OF_STORE, PAGE, page

from engine.errors import UsageError
from engine.service.settings import OF_OTHERS, Settings, settings, unknown
from engine.store import places


def test_the_page_is_fresh_and_has_a_word_for_every_setting() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make fix"
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"`ROLLBOOK_{name.upper()}`" in page()


def test_the_page_has_what_the_store_reads() -> None:
    assert set(re.findall(r'"(ROLLBOOK_\w+)"', inspect.getsource(places))) == set(OF_STORE)


def test_what_is_given_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_PORT", "9000")
    monkeypatch.setenv("ROLLBOOK_HOST", "10.0.0.1")
    monkeypatch.setenv("ROLLBOOK_ALLOW", "10.0.0.0/8, lms.example:8443,")
    found = settings(port=1)
    assert (found.port, found.host) == (1, "10.0.0.1")
    assert found.allow == ("10.0.0.0/8", "lms.example:8443")


def test_all_that_is_wrong_is_told_at_once_and_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_PORT", "http-4711")
    monkeypatch.setenv("ROLLBOOK_WORKERS", "0")
    monkeypatch.setenv("ROLLBOOK_PUBLIC_URL", "rollbook-4711.example")
    with pytest.raises(UsageError) as caught:
        settings()
    told = str(caught.value)
    for name in ("PORT", "WORKERS", "PUBLIC_URL"):
        assert f"ROLLBOOK_{name}: " in told
    assert "4711" not in told


def test_a_variable_that_is_empty_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "ALLOW", "WORKERS"):
        monkeypatch.setenv(f"ROLLBOOK_{name}", "")
    assert settings() == Settings()
    with pytest.raises(UsageError, match="ROLLBOOK_HOST: String should have at least 1 character"):
        settings(host="")


@pytest.mark.parametrize("number", ["inf", "nan"])
def test_a_time_is_a_number_that_ends(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    for name in ("SHUTDOWN_SECONDS", "STREAM_SECONDS", "PATIENCE_SECONDS"):
        monkeypatch.setenv(f"ROLLBOOK_{name}", number)
    with pytest.raises(UsageError, match=r"SHUTDOWN_SECONDS(.|\n)*STREAM_SECONDS|STREAM_SECONDS(.|\n)*SHUTDOWN"):
        settings()


def test_a_variable_that_is_no_setting_is_told_and_those_of_others_are_not() -> None:
    environment = {"ROLLBOOK_PROT": "9", "ROLLBOOK_XYZZY": "1", "ROLLBOOK_PORT": "9", "PORT": "9"}
    assert unknown({**environment, **{f"ROLLBOOK_{name}": "x" for name in OF_OTHERS}}) == [
        "ROLLBOOK_PROT is no setting and changes nothing; did you mean `PORT`?",
        "ROLLBOOK_XYZZY is no setting and changes nothing; docs/settings.md has those there are",
    ]
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in OF_OTHERS if f"`ROLLBOOK_{name}`" not in page] == []
