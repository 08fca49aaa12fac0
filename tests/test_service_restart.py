"""A service that is killed between two pages goes on where it was, after it has been started again."""

import signal
from pathlib import Path

from served import School, Service


def test_pages_go_on_after_a_kill_with_every_record_once(tmp_path: Path) -> None:
    school = School(9)
    got: list[str] = []
    cursor: str | None = ""
    account = key = ""
    with school.running() as url:
        while cursor is not None:
            with Service(tmp_path, allow=url.removeprefix("http://")) as service:
                service.begun()
                service.key = key = key or service.key
                account = account or service.connect(url)
                query = f"integrated_account_id={account}&limit=4&next_cursor={cursor}"
                page = service.get(f"/unified/lms/users?{query}").json()
                service.process.send_signal(signal.SIGKILL)
                service.process.wait(10)
            got += [record["id"] for record in page["result"]]
            cursor = page["next_cursor"]
    assert got == [str(number) for number in range(1, 10)]
