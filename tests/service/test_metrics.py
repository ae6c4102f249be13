"""What Prometheus is told."""

import asyncio
import json
from pathlib import Path

from prometheus_client import generate_latest
from tests.databases import NOWHERE
from tests.service.client import rows, serving

from sonica.gateway.bodies import FINGERPRINT
from sonica.gateway.figures import Figures
from sonica.platform.database import Database
from sonica.platform.telemetry import Metrics

WAITING = """
DO $$ BEGIN
    SET LOCAL search_path TO jobs;
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status) VALUES
        ('default', 'work', 'one at a time', 'doing'), ('default', 'rest', 'one at a time', 'todo');
END $$
"""
"""A job that is done, and one that has to wait for it."""


def test_how_right_answers_were_and_what_goes_on(home: Path, fingerprint: bytes) -> None:
    with serving(home) as service:
        for is_right in (True, True, False):
            answer = service.recognize(fingerprint, FINGERPRINT).json
            said = json.dumps({"token": answer["feedback_token"], "is_right": is_right})
            assert service.judge(answer["id"], said).status == 204
        paused = "gen_random_uuid(), 'folder', '/music', true, 'paused', '', '', 3, now()"
        rows(home, f"INSERT INTO ingests VALUES ({paused})")  # noqa: S608
        rows(home, WAITING)
        language, genre = rows(home, "SELECT language, genre FROM songs WHERE id = 3")[0]
        told = service.ask("GET", "/metrics").body.decode()
    kind = f'{{genre="{genre}",language="{language}"}}'
    shares = [line.split()[-1] for line in told.splitlines() if f"sonica_recognition_accuracy{kind}" in line]
    assert [round(float(share), 3) for share in shares] == [0.667]
    for line in (
        f"sonica_recognition_judged{kind} 3.0",
        'sonica_ingests{state="paused"} 1.0',
        'sonica_jobs{status="todo",task="rest"} 1.0',
        "sonica_concurrent_users 1.0",
        "sonica_catalogue_packs 1.0",
    ):
        assert line in told, (line, told)
    (waits,) = [
        line for line in told.splitlines() if line.startswith('sonica_jobs_wait_seconds{task="rest"}')
    ]
    assert 0 <= float(waits.split()[-1]) < 60  # since it was queued, which was just now


def test_without_a_database_no_old_figure_is_told() -> None:
    metrics = Metrics()
    metrics.jobs.labels("any", "todo").set(7)

    async def read() -> None:
        database = Database(NOWHERE, retry_s=0.0)
        try:
            await Figures(database, metrics).read()
        finally:
            await database.close()

    asyncio.run(read())
    told = generate_latest(metrics.registry).decode()
    assert "sonica_jobs{" not in told
    assert "sonica_concurrent_users" in told
