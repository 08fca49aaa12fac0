"""What `import engine` gives, and that it costs next to nothing."""

import subprocess
import sys

import engine


def test_the_public_names_are_these_and_all_can_be_imported() -> None:
    assert engine.__all__ == sorted(engine.__all__)
    assert dir(engine) == engine.__all__
    for name in engine.__all__:
        assert getattr(engine, name).__name__ == name


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    assert not hasattr(engine, "nothing")


def test_importing_the_package_imports_no_library() -> None:
    code = (
        "import sys, engine; print([name for name in ('httpx2', 'pydantic', 'yaml', 'jsonata') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['rollbook', '--help']\n"
        "from engine.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('httpx2', 'pydantic', 'yaml', 'jsonata', 'rich') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"
