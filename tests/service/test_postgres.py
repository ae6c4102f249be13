"""The own PostgreSQL, for real: started, shared, killed in every part, and healed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from tests.service.conftest import seed

from sonica.platform.postgres import Postgres, PostgresError
from sonica.platform.postgres import place as places
from sonica.platform.postgres.keeper import pid_file
from sonica.platform.postgres.place import Place, find_place

PATIENCE_S = 60.0
"""After which waiting has failed; no test asserts how long anything took."""

TASKS = Path("/proc/self/task")

USER = """
import sys
from pathlib import Path
from sonica.platform.postgres import Postgres
with Postgres(Path(sys.argv[1]), Path(sys.argv[2])) as postgres:
    print(postgres.url, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def home(reachable: Path) -> Iterator[Path]:
    before = children()  # such as the server of tests in other files
    yield reachable / "home"
    assert not processes(reachable), "something is left running"
    eventually(lambda: children() <= before)


@pytest.fixture
def seeded(home: Path, cluster: Place) -> None:
    seed(cluster, home)


def processes(folder: Path) -> dict[int, str]:
    """Every process whose command names the folder: keepers and servers, not their children.

    A child that was only just made still has its parent's command.
    """
    found = {}
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if str(folder) in command and ("keeper.py" in command or "/postgres -D" in command):
                found[int(entry.name)] = command
                parents[int(entry.name)] = parent
    return {pid: command for pid, command in found.items() if found.get(parents[pid]) != command}


def children() -> set[int]:
    """The processes that this one has started, also those that ended and were not asked how."""
    return {int(pid) for file in TASKS.glob("*/children") for pid in file.read_text().split()}


def only(folder: Path, what: str) -> int:
    (pid,) = [pid for pid, command in processes(folder).items() if what in command]
    return pid


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask(url: str, *statements: str) -> object:
    """The value of the last statement, asked again while the server is not there."""

    async def asked() -> object:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            connection.terminate()

    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return asyncio.run(asked())
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def user(home: Path, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """A process that uses the server until it reads a line."""
    system = home.parent / "system"
    command = [*prefix, sys.executable, "-c", USER, str(home), str(system)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_from_nothing_and_again(home: Path) -> None:
    with Postgres(home) as postgres:
        assert str(ask(postgres.url, "CREATE TABLE t AS SELECT 7 AS n", "SHOW server_version")).startswith(
            "18"
        )
        password = postgres.place.folder / "password"
        assert (password.stat().st_mode & 0o777, password.stat().st_uid) == (0o600, os.geteuid())
        wrong = postgres.url.replace(password.read_text(), "guessed")
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(wrong, "SELECT 1")
        assert ask(postgres.url, "SHOW listen_addresses") == ""
    assert not processes(home.parent)
    with Postgres(home) as postgres:
        assert ask(postgres.url, "SELECT n FROM t") == 7


@pytest.mark.usefixtures("seeded")
def test_the_server_is_not_roots(home: Path) -> None:
    with Postgres(home) as postgres:
        server = int(pid_file(postgres.place.data)[0])
        owner = Path(f"/proc/{server}").stat().st_uid
        assert owner != 0
        assert postgres.place.data.stat().st_uid == owner
        assert postgres.place.data.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("seeded")
def test_one_server_for_all_and_the_last_stops_it(home: Path) -> None:
    with Postgres(home) as first:
        other = user(home)
        assert url_of(other) == first.url
        server = only(home.parent, "/postgres -D")
    assert only(home.parent, "/postgres -D") == server  # the other still uses it
    other.communicate("\n")
    assert not processes(home.parent)


def test_many_start_at_once(home: Path) -> None:
    users = [user(home) for _ in range(4)]
    urls = {url_of(one) for one in users}
    assert len(urls) == 1
    eventually(
        lambda: len(processes(home.parent)) == 2
    )  # a keeper and its server; others have seen it and end
    for one in users:
        one.communicate("\n")
    eventually(lambda: not processes(home.parent))  # two that leave at once need not wait for the end


def acknowledged(url: str, count: int, disturb: Callable[[], None]) -> list[int]:
    """Writes row after row, disturbed in the middle; those whose commit was acknowledged."""
    done = []

    async def write() -> None:
        connection = await asyncpg.connect(url)
        try:
            for number in range(count):
                await connection.execute("INSERT INTO t VALUES ($1)", number)
                done.append(number)
                if number == count // 2:
                    disturb()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            pass
        finally:
            connection.terminate()

    asyncio.run(write())
    return done


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("what", ["/postgres -D", "keeper.py"])
def test_kill_9_amid_writes_loses_nothing_and_heals(home: Path, what: str) -> None:
    with Postgres(home) as postgres:
        ask(postgres.url, "CREATE TABLE t (n integer)", "SELECT 1")
        dead = only(home.parent, what)
        done = acknowledged(postgres.url, 400, lambda: os.kill(dead, signal.SIGKILL))
        assert len(done) > 200
        eventually(lambda: not Path(f"/proc/{dead}").exists())
        eventually(lambda: len(processes(home.parent)) == 2)
        lost = ask(
            postgres.url,
            f"SELECT count(*) FROM generate_series(0, {done[-1]}) AS n "  # noqa: S608  a number of ours
            "WHERE n NOT IN (SELECT n FROM t)",
        )
        assert lost == 0


@pytest.mark.usefixtures("seeded")
def test_kill_9_of_all_users_stops_the_server_and_the_next_one_starts(home: Path) -> None:
    one = user(home)
    ask(url_of(one), "CREATE TABLE t AS SELECT 7 AS n", "SELECT 1")
    one.kill()
    one.communicate()
    eventually(lambda: not processes(home.parent))
    with Postgres(home) as postgres:
        assert ask(postgres.url, "SELECT n FROM t") == 7


@pytest.mark.usefixtures("seeded")
def test_kill_9_of_everything_at_once(home: Path) -> None:
    one = user(home)
    ask(url_of(one), "CREATE TABLE t AS SELECT 7 AS n", "SELECT 1")
    for pid in (one.pid, *processes(home.parent)):
        os.kill(pid, signal.SIGKILL)
    one.communicate()
    with Postgres(home) as postgres:
        assert ask(postgres.url, "SELECT n FROM t") == 7


@pytest.mark.usefixtures("seeded")
def test_a_pid_file_that_means_somebody_else(home: Path) -> None:
    with Postgres(home) as postgres:
        place = postgres.place
    user_id = place.owner[0] if place.owner else None
    sleeper = subprocess.Popen(["sleep", "600"], user=user_id)  # of the server's own user
    (place.data / "postmaster.pid").write_text(f"{sleeper.pid}\n{place.data}\n")
    os.chown(place.data / "postmaster.pid", *(place.owner or (-1, -1)))
    try:
        with Postgres(home) as postgres:
            assert ask(postgres.url, "SELECT 1") == 1
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_first_start_that_was_cut_off(home: Path) -> None:
    place = find_place(home)
    (place.folder / "data.new" / "base").mkdir(parents=True)
    with Postgres(home) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1
    assert not (place.folder / "data.new").exists()


@pytest.mark.usefixtures("seeded")
def test_data_of_another_version_is_left_alone(home: Path) -> None:
    with Postgres(home) as postgres:
        place = postgres.place
    version = place.data / "PG_VERSION"
    version.write_text("15\n")
    with pytest.raises(PostgresError, match="ends as soon as it is started") as told:
        Postgres(home).start()
    assert "server.log" in told.value.hint
    version.write_text("18\n")
    with Postgres(home) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket(home: Path) -> None:
    deep = home / ("d" * 100)
    with Postgres(deep) as postgres:
        assert len(str(postgres.place.sockets)) > 107
        assert ask(postgres.url, "SELECT 1") == 1


@pytest.mark.usefixtures("seeded")
def test_ctrl_c_is_for_the_program_and_not_for_its_server(home: Path) -> None:
    one = user(home)
    url_of(one)
    keeper = only(home.parent, "keeper.py")
    assert os.getsid(keeper) != os.getsid(one.pid)
    one.send_signal(signal.SIGINT)
    one.communicate()
    assert not processes(home.parent)


def test_without_the_programs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PACKAGE", "sonica_no_such_package")
    with pytest.raises(PostgresError, match="not there") as told:
        Postgres(home).start()
    assert "DATABASE_URL" in told.value.hint


# --- as root and as somebody else -------------------------------------------------------------------

IS_ROOT = os.geteuid() == 0
AS_NOBODY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
"""Somebody who owns nothing but may read this checkout, wherever it lies."""


def test_as_somebody_who_is_not_root(home: Path) -> None:
    home.mkdir()
    if IS_ROOT:
        os.chown(home, 65534, 65534)
    one = user(home, AS_NOBODY if IS_ROOT else ())
    assert ask(url_of(one), "SELECT 1") == 1
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700
    assert Path(f"/proc/{only(home.parent, 'keeper.py')}").stat().st_uid == home.stat().st_uid != 0
    one.communicate("\n")
    assert not processes(home.parent)


def test_roots_closed_folder_and_programs(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not IS_ROOT:
        assert find_place(home).folder == home / "postgres"  # nobody else needs to reach it
        return
    monkeypatch.setattr(places, "is_reachable", closed_but_for(home.parent / "system"))
    closed = tmp_path / "home"  # pytest's folders are closed to others, as /root is
    system = home.parent / "system"
    with Postgres(closed, system) as postgres:
        place = postgres.place
        assert place.folder.parent == system
        assert place.programs.is_relative_to(system)
        assert ask(postgres.url, "CREATE TABLE t AS SELECT 7 AS n", "SHOW server_version")
    closed.rename(tmp_path / "moved")
    with Postgres(tmp_path / "moved", system) as postgres:
        assert ask(postgres.url, "SELECT n FROM t") == 7
    place.folder.rename(system / "away")
    with pytest.raises(PostgresError, match="is not there"):
        Postgres(tmp_path / "moved", system).start()


def closed_but_for(open_folder: Path) -> Callable[[Path, tuple[int, int]], bool]:
    real = places.is_reachable
    return lambda folder, owner: folder.is_relative_to(open_folder) and real(folder, owner)
