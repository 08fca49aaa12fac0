"""A credential renewed: once for all who wait for it, and stored before anything of it is used."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from engine import answers
from engine.auth import Renewal as Flow
from engine.channel import Channel
from engine.errors import Expired, Missing, ProviderError, Refused, Unreadable
from engine.exchange import Request, Response
from engine.mapping import ErrorRule
from engine.report import Note, Report

__all__ = ["Renewal"]

Exchange = Callable[[Request, str], Awaitable[Response]]


class Renewal:
    """Renews the credential of a channel."""

    def __init__(self, channel: Channel, errors: Sequence[ErrorRule], report: Report) -> None:
        self._channel = channel
        self._auth = channel.auth
        self._state = channel.renewing
        self._errors = errors
        self._report = report

    @property
    def is_due(self) -> bool:
        """Whether the credential is to be renewed before the next request."""
        return self._auth.expired() or self._state.unstored

    @property
    def done(self) -> int:
        """How often it was renewed so far: whoever finds it expired tells by this which one that was."""
        return self._state.done

    async def renew(self, used: int, exchange: Exchange) -> None:
        """Renew the credential that was `used`; what was begun is done to its end, where somebody keeps it.

        `exchange` makes a request, under the name that errors have for it.
        Raises Refused where there is no new one to have, any other ProviderError where there is none for the moment.
        """
        await self._channel.finish(self._once(used, exchange))

    async def _once(self, used: int, exchange: Exchange) -> None:
        """Renew the credential that was `used`, once for all who wait for it; a failure is shared as well."""
        state = self._state
        failed = state.failed
        async with state.lock:
            if used != state.done:
                return
            if state.failure is not None and (failed != state.failed or isinstance(state.failure, Refused)):
                raise replace(state.failure)
            try:
                await self._alone(exchange)
            except ProviderError as error:
                state.failed, state.failure = state.failed + 1, error
                raise
            state.done += 1

    async def _alone(self, exchange: Exchange) -> None:
        """Renew the credential, unless another process has done so; what is not stored yet is not renewed again."""
        async with self._channel.locked():
            if not self._state.unstored:
                if await self._channel.resumed():
                    return
                await self._drive(self._auth.renew(), exchange)
                self._channel.hide_tokens()
                self._state.unstored = True
            await self._store()
            self._state.unstored = False

    async def _store(self) -> None:
        """Hand out what the provider replaced, before anything is used of it: a run that breaks off locks nobody out.

        Whatever the receiver raises ends the run.
        """
        replaced = self._auth.replaced()
        if self._channel.keeper is not None:
            await self._channel.keeper.keep(self._auth.held(), replaced)
        elif replaced and self._channel.on_token is None:
            name = ", ".join(replaced)
            what = f"the provider replaced `{name}`, and nobody stored the new one"
            do = f"have one made for the next run, and give --set {name}=@file:PATH, or `on_token` from Python"
            self._report.note(Note("token_replaced", what, do=do))
        elif replaced and self._channel.on_token is not None:
            stored = self._channel.on_token(replaced)
            if stored is not None:
                await stored
        self._auth.stored()

    async def _drive(self, flow: Flow, exchange: Exchange) -> None:
        """Make the requests of a token flow."""
        request, response = next(flow), None
        try:
            while True:
                response = await exchange(request, self._auth.called)
                if self._auth.judged:
                    self._judge_token(response)
                request = flow.send(response)
        except StopIteration:
            return
        except ProviderError as error:
            if response is not None and error.wait is None:
                error.wait = answers.retry_after(response)
            raise error.at(fetch=self._auth.called, request=self._channel.redact(str(request))) from None

    def _judge_token(self, response: Response) -> None:
        """Raise what the answer of a token endpoint means; what is no fault of the moment is a refusal."""
        try:
            answers.judge(response, self._errors, self._channel.redact)
        except ProviderError as error:
            if error.action == "retry" and not isinstance(error, Expired):
                raise
            elsewhere = isinstance(error, (Missing, Unreadable))
            do = f"check the {'address and the ' if elsewhere else ''}credentials of the connection"
            raise Refused(f"there is no {self._auth.called}: {error.what}", do=do, status=error.status) from None
