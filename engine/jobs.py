"""Reports that are made while one waits: looked at until they are ready, a bounded number of times."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.client import Client
from engine.errors import Failed, ProviderError, Unreadable
from engine.exchange import Request, Response
from engine.jsonata import EvaluationProblem, Program, truth
from engine.mapping import Call, ErrorRule, Job
from engine.slices import Slices

__all__ = ["finished"]

#: Fills in a call; raises a ProviderError where it cannot.
Build = Callable[[Call, Mapping[str, Any]], Request]


async def finished(
    client: Client, job: Job, build: Build, asked: Response, holes: Mapping[str, Any], *, fetch: str,
    rules: Sequence[ErrorRule],
) -> tuple[Request, Response] | None:  # fmt: skip
    """Wait for the report that an answer tells of, and return its request and answer; None where a rule calls it empty.

    Raises Failed where the provider says that it failed, or where it is not ready in time.
    """
    holes = {**holes, "job": asked.data}
    for _ in range(job.most):
        await client.pause(job.pause)
        request = build(job.poll, holes)
        response = await client.send(request, fetch=fetch, rules=rules)
        if response is None:
            return None
        try:
            ready = await Slices().do(_is_ready, job, response)
            if ready and job.result is not None:
                holes = {**holes, "ready": response.data}
        except ProviderError as error:
            raise client.told(error, fetch, request) from None
        if ready:
            break
    else:
        what = f"the report is not ready after {job.most} looks in {job.most * job.pause:g} seconds"
        raise client.told(Failed(what, do="run again later, or raise `most` or `pause` of `job`"), fetch, request)
    if job.result is not None:
        request = build(job.result, holes)
        response = await client.send(request, fetch=fetch, rules=rules)
    return None if response is None else (request, response)


def _is_ready(job: Job, response: Response) -> bool:
    """Return whether an answer is that of a report that is ready.

    Raises Failed where it never will be, and Unreadable where that cannot be told.
    """
    if job.failed is not None and truth(_found(job.failed, response)):
        said = None if job.message is None else _found(job.message, response)
        told = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False) if said else ""
        raise Failed("the report failed" + (f": {told[:300]}" if told else ""), do="see the provider's documentation")
    ready = truth(_found(job.ready, response))
    if not ready and "text" not in job.ready.names and "body" not in response.seen and response.text.strip():
        response.data  # noqa: B018 - half a report, or a page, is no report that is still made
    return ready


def _found(program: Program, response: Response) -> Any:
    try:
        return program(response.seen)
    except EvaluationProblem as problem:
        what = f"`{program.text}` failed on the answer: {problem.message}"
        raise Unreadable(what, do="correct `job`") from None
