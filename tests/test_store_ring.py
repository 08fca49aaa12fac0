"""The key ring: what is sealed comes back as it was, and nothing else does."""

import base64
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Unsealed, UsageError
from engine.store import KeyRing

RING = KeyRing.generate()
KEY = base64.b64encode(os.urandom(32)).decode()


@given(st.text(), st.binary(max_size=300), st.lists(st.text(max_size=20), max_size=4))
def test_what_is_sealed_comes_back_as_it_was(purpose: str, data: bytes, bound: list[str]) -> None:
    purpose = purpose.encode(errors="replace").decode()
    assert RING.open(purpose, RING.seal(purpose, data, bound), bound) == data


@given(st.data())
def test_a_text_with_any_character_changed_taken_out_or_put_in_is_refused(data: st.DataObject) -> None:
    sealed = RING.seal("cursor", b"page 2")
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("ABab01-_.=é\n"))
    for changed in (
        sealed[:at] + other + sealed[at + 1 :],
        sealed[:at] + sealed[at + 1 :],
        sealed[:at] + other + sealed[at:],
    ):
        if changed != sealed:
            with pytest.raises(Unsealed):
                RING.open("cursor", changed)


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Unsealed):
        RING.open("cursor", text)


@pytest.mark.parametrize(
    "text", ["", ".", "r1..", "r1.k1.", "r1.k1.A", "r1.k1." + "A" * 22, "r1.k1." + "A" * (1 << 21)]
)
def test_a_text_of_the_right_form_and_nothing_in_it_is_refused(text: str) -> None:
    with pytest.raises(Unsealed):
        RING.open("cursor", text)


def test_it_opens_for_its_purpose_and_its_place_only() -> None:
    sealed = RING.seal("secret", b"x", ["accounts", "1", "token"])
    for purpose, bound in [
        ("cursor", ["accounts", "1", "token"]),
        ("secret", ["accounts", "2", "token"]),
        ("secret", ["accounts", "1", "password"]),
        ("secret", ["accounts", "1token", ""]),
        ("secret", ["accounts", '1", "token']),
        ("secret", []),
    ]:
        with pytest.raises(Unsealed, match="changed, or sealed for something else"):
            RING.open(purpose, sealed, bound)


def test_the_same_data_is_never_sealed_the_same() -> None:
    assert len({RING.seal("cursor", b"same") for _ in range(100)}) == 100


def test_the_first_key_seals_and_any_opens() -> None:
    old = KeyRing.generate("old")
    sealed = old.seal("cursor", b"x")
    both = KeyRing.parse(f"{KeyRing.generate('new').text},{old.text}")
    assert both.open("cursor", sealed) == b"x"
    assert both.seal("cursor", b"x").startswith("r1.new.")
    with pytest.raises(Unsealed, match=r"the key new, which is not on the ring \(old\)"):
        old.open("cursor", both.seal("cursor", b"x"))


def test_a_key_of_the_same_name_is_not_the_same_key() -> None:
    with pytest.raises(Unsealed, match="changed"):
        KeyRing.generate("k1").open("cursor", KeyRing.generate("k1").seal("cursor", b"x"))


def test_a_new_key_comes_in_front_and_takes_no_name_that_is_taken() -> None:
    assert KeyRing.generate("k2").with_new_key().with_new_key().kids == ("k4", "k3", "k2")


def test_a_ring_is_read_as_it_is_written_in_either_alphabet_of_base64() -> None:
    ring = KeyRing.generate().with_new_key()
    assert KeyRing.parse(ring.text).kids == ("k2", "k1")
    plain = ring.text.replace("+", "-").replace("/", "_").replace("=", "").replace("\n", " , ")
    assert KeyRing.parse(plain).open("x", ring.seal("x", b"1")) == b"1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "entry 1 is no key"),
        (KEY, "entry 1 is no key"),
        (f"a:{KEY},b:{KEY[:-4]}", "entry 2 is no key"),
        (f"a b:{KEY}", "entry 1 is no key"),
        (f"{'a' * 33}:{KEY}", "entry 1 is no key"),
        (f"a:{KEY}!", "entry 1 is no key"),
        (f"a:{KEY},a:{KEY}", "a is there twice"),
        (f"a:{KEY},b:{KEY}", "two of them have the same key"),
        ("a:" + base64.b64encode(b"\0" * 32).decode(), "the key a is not random"),
    ],
)
def test_what_is_no_key_is_refused_without_being_quoted(text: str, told: str) -> None:
    with pytest.raises(UsageError, match="the variable: .*; ") as error:
        KeyRing.parse(text, "the variable")
    assert told in str(error.value)
    assert KEY[:8] not in str(error.value)


def test_a_ring_shows_no_key() -> None:
    ring = KeyRing.parse(f"a:{KEY}")
    assert repr(ring) == "KeyRing(a)"
    assert KEY[:8] not in f"{ring} {ring!r}"


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_file_that_others_may_use_is_refused(tmp_path: Path) -> None:
    for mode in (0o640, 0o604, 0o620, 0o602, 0o644):
        with pytest.raises(UsageError, match=rf"others may use it \(mode {mode:o}\); run `chmod 600 "):
            KeyRing.read(write(tmp_path / "keys", f"a:{KEY}", mode))
    assert KeyRing.read(write(tmp_path / "keys", f"a:{KEY}", 0o400)).kids == ("a",)


def test_a_file_that_is_not_there_or_has_no_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the keys in .*: No such file"):
        KeyRing.read(tmp_path / "none")
    for text in ("", "\n", "é", "a" * 100_000):
        with pytest.raises(UsageError, match="is not a file of keys"):
            KeyRing.read(write(tmp_path / "keys", text))
    with pytest.raises(UsageError, match="keys: entry 1 is no key"):
        KeyRing.read(write(tmp_path / "keys", "hello"))


def test_a_key_put_into_the_file_later_is_found_without_a_new_start(tmp_path: Path) -> None:
    path = write(tmp_path / "keys", KeyRing.generate().text)
    started = KeyRing.read(path)
    longer = KeyRing.read(path).with_new_key()
    write(path, longer.text)
    assert list(started.kids) == ["k1"]
    assert started.open("cursor", longer.seal("cursor", b"x")) == b"x"
    assert list(started.kids) == ["k2", "k1"]
    with pytest.raises(Unsealed, match="the key k9"):
        started.open("cursor", "r1.k9." + "A" * 60)
