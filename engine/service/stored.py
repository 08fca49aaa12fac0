"""What is done with the store, in a thread; what cannot be done as it was asked for becomes a failure."""

import asyncio
from typing import Any

from engine.errors import UsageError
from engine.service.failures import Detail, Failure, bad_request
from engine.store import AccountExists, NoSuchAccount

__all__ = ["told"]


async def told(work: Any, *given: Any, **options: Any) -> Any:
    """Do something. Raises Failure 404 without such an account, 409 where there is one already, 400 for a name."""
    try:
        return await asyncio.to_thread(work, *given, **options)
    except NoSuchAccount as error:
        raise Failure(404, str(error)) from None
    except AccountExists as error:
        raise Failure(409, str(error), [Detail("id", str(error))]) from None
    except UsageError as error:
        raise bad_request("name", str(error)) from None
