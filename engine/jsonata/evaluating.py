"""From trees to functions of Python: one for many expressions over the same data, each failing on its own.

The code is written when it is first needed. There are two of it: most data is an object, whose parts are looked up at
once; for any other data the general code is written.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, TracebackType
from typing import Any, NamedTuple

from engine.jsonata import nodes
from engine.jsonata.generator import Context, Frame, Generator, declare
from engine.jsonata.generator.places import Place, put_together
from engine.jsonata.generator.writer import LINES
from engine.jsonata.library import Builtin
from engine.jsonata.nodes import Node
from engine.jsonata.problems import EvaluationProblem, JsonataProblem
from engine.jsonata.runtime.names import NAMES

__all__ = ["Bound", "Language", "fields_written", "problem_of", "written"]

#: The name of the file that generated code seems to come from.
_FILE = "<expression>"
#: What the names of readers begin with in generated code.
_READER = "READ"


class Language(NamedTuple):
    """What expressions may call, and whether null means absent."""

    library: Mapping[str, Builtin]
    drops_nulls: bool


def written(tree: Node, language: Language, names: Sequence[str] = (), *, for_objects: bool) -> Callable[..., Any]:
    """Return a function of data, a run and the values of variables, that evaluates a tree."""
    generator = _generator(language, [tree], for_objects=for_objects)
    writer = generator.writer
    parameters = [f"a{number}" for number in range(len(names))]
    with writer.aside() as body:
        frame = Frame(None, {"$": generator.root, **dict(zip(names, parameters, strict=True))})
        start = generator.root if for_objects else "start"
        context = Context(start, frame, is_object=for_objects, is_root=for_objects)
        inner = context._replace(frame=Frame(frame))
        declare(generator, [tree], inner)
        value = generator.value(tree, inner)
        writer.line(f"return {finished(generator, value)}")
    with writer.function("evaluate", generator.root, "run", *parameters):
        _begin(generator, for_objects=for_objects)
        writer.place(body)
    return _compiled(generator)["evaluate"]  # type: ignore[no-any-return]


#: Makes a function of what reads each value, where something does.
Bound = Callable[[Sequence[Callable[[Any], Any] | None]], Callable[..., Any]]


def fields_written(
    trees: Sequence[Node], language: Language, read: Sequence[bool], places: Sequence[Place | None]
) -> Bound:
    """Return what makes functions of data, a run and `failed`, that evaluate trees over an object and read each value.

    `read` says of which trees the value is read; the readers are given to what is returned. A function returns an
    object with what the readers return at the places, and a tuple of the values without a place. What is raised for
    one tree goes to `failed(number, error, found, run)`, with the value if it was the reader that raised; the others
    are not touched by it.
    """
    generator = _generator(language, trees, for_objects=True)
    writer = generator.writer
    results = []
    with writer.aside() as body:
        for number, (tree, is_read) in enumerate(zip(trees, read, strict=True)):
            writer.base = number * LINES
            results.append(_field(generator, number, tree, is_read=is_read))
        writer.base = 0
        put_together(writer, results, places)
    with writer.function("evaluate", generator.root, "run", "failed"):
        _begin(generator, for_objects=True)
        writer.place(body)
    code, names = _code(generator)

    def bound(readers: Sequence[Callable[[Any], Any] | None]) -> Callable[..., Any]:
        own = {**names, **{f"{_READER}{number}": reader for number, reader in enumerate(readers)}}
        exec(code, own)  # noqa: S102 - the code is made of names and constants of ours
        function: Callable[..., Any] = own.pop("evaluate")  # what refers to itself is garbage that has to be looked for
        return function

    return bound


def _field(generator: Generator, number: int, tree: Node, *, is_read: bool) -> str:
    """Write one field within a `try` of its own, and return the name of its value."""
    writer = generator.writer
    found = writer.named("None")
    result = writer.named("None") if is_read else found
    with writer.block("try:"):
        frame = Frame(Frame(None, {"$": generator.root}))
        context = Context(generator.root, frame, is_object=True, is_root=True)
        declare(generator, [tree], context)
        writer.assign(found, finished(generator, generator.value(tree, context)))
        if is_read:
            with writer.block(f"if {found} is not None:"):
                writer.assign(result, f"{_READER}{number}({found})")
    with writer.rescue():
        writer.line(f"failed({number}, problem, {found}, run)")
        writer.assign(result, "None")
    return result


def finished(generator: Generator, value: Any) -> str:
    """Return code for a value as plain JSON; most values of the data are that."""
    if value.kind in ("bool", "maybe", "text", "words"):
        return str(value.code)
    if value.made:
        return f"plain(run, {value.code})"
    name = generator.named(value).code
    return f"raw({name}) if type({name}) in RAW else {name}"


def _begin(generator: Generator, *, for_objects: bool) -> None:
    writer = generator.writer
    if not for_objects:
        writer.line(f"start = Outer(({generator.root},)) if isinstance({generator.root}, list) else {generator.root}")
    for holder, found in generator.head.items():
        if holder == generator.root:
            _look_up(generator, holder, found)
            continue
        with writer.block(f"if type({holder}) is dict:"):
            _look_up(generator, holder, found)
        with writer.otherwise():
            for name, last in found:
                writer.line(f"{name} = inside(run, {holder}, None, {last!r})")


def _look_up(generator: Generator, holder: str, found: Sequence[tuple[str, str]]) -> None:
    """Write what is looked up in one object for all paths; what is no object itself is made to look like one."""
    writer = generator.writer
    for name, last in found:
        writer.line(f"{name} = {holder}.get({last!r})")
        with writer.block(f"if type({name}) is not dict:"):
            writer.line(f"{name} = inside(run, {holder}, {name}, {last!r})")


def _generator(language: Language, trees: Sequence[Node], *, for_objects: bool) -> Generator:
    generator = Generator(language.library, drops_nulls=language.drops_nulls)
    generator.root_is_object = for_objects
    for tree in trees:
        generator.row_names += [name for name in _row_names(tree) if name not in generator.row_names]
    return generator


def _row_names(tree: Node) -> list[str]:
    """Return the variables and labels that rows of an expression may have."""
    names: dict[str, None] = {}
    for node in nodes.walk(tree):
        for name in (node.focus, node.index, node.ancestor and node.ancestor.label):
            if name:
                names[name] = None
        names.update({stage.name: None for stage in node.stages if isinstance(stage, nodes.Index)})
    return list(names)


def _compiled(generator: Generator) -> dict[str, Any]:
    code, names = _code(generator)
    exec(code, names)  # noqa: S102 - the code is made of names and constants of ours
    return names


def _code(generator: Generator) -> tuple[CodeType, dict[str, Any]]:
    """Return what was written, compiled, and the names it needs."""
    module = ast.fix_missing_locations(generator.writer.module())
    return compile(module, _FILE, "exec"), {**NAMES, **generator.writer.constants}


def located(traceback: TracebackType | None) -> int | None:
    """Return the line of generated code where an error was raised, or None: the innermost, if there are several."""
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == _FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def problem_of(error: Exception) -> EvaluationProblem:
    """Return what an evaluation raised as a problem that says where in the expression it is."""
    line = located(error.__traceback__)
    offset = None if line is None else (line - 1) % LINES
    if isinstance(error, EvaluationProblem):
        return error if offset is None else error.at(offset)
    if isinstance(error, RecursionError):
        return EvaluationProblem("U1001", "the expression nests too deep on this data", offset)
    if isinstance(error, JsonataProblem):
        return EvaluationProblem(error.code, error.message, offset)
    if isinstance(error, OverflowError | ZeroDivisionError):
        return EvaluationProblem("D1001", "the number is out of range", offset)
    return EvaluationProblem("D3000", f"the expression fails on this data ({type(error).__name__})", offset)
