"""For those who operate Sonica: is it alive, is it ready, how is it doing."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from sonica.gateway.examples import as_json
from sonica.gateway.parts import Parts, parts_of
from sonica.gateway.schemas import Health, Readiness
from sonica.gateway.together import METRICS, joined
from sonica.platform.errors import SonicaError

router = APIRouter(tags=["operations"])

READY = {"status": "ready", "database": True, "catalogue": True, "objects": True}
NOT_READY = {"status": "not ready", "database": False, "catalogue": True, "objects": True}

PATIENCE_S = 2.0
"""Seconds for which readiness waits for the database, and for the store of objects."""


@router.get("/healthz", responses={200: as_json({"alive": {"value": {"status": "ok"}}})})
async def is_alive() -> Health:
    """Whether the process answers; where it does not, start it again."""
    return Health()


@router.get(
    "/readyz",
    response_model_exclude_none=True,
    responses={
        200: as_json({"ready": {"value": READY}}),
        503: {"model": Readiness, "description": "Not ready", **as_json({"not ready": {"value": NOT_READY}})},
    },
)
async def is_ready(request: Request, response: Response) -> Readiness:
    """Whether queries can be answered now; where not, send them elsewhere."""
    parts = parts_of(request)
    database, catalogue, objects = await asyncio.gather(
        _database(parts), _catalogue(parts), parts.objects.is_there(PATIENCE_S)
    )
    engines = parts.engines.connected if parts.engines else None
    is_well = database and catalogue
    response.status_code = 200 if is_well else 503
    status: Literal["ready", "not ready"] = "ready" if is_well else "not ready"
    return Readiness(status=status, database=database, catalogue=catalogue, objects=objects, engines=engines)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """For Prometheus."""
    parts = parts_of(request)
    told = joined(await parts.others.ask(METRICS)) if parts.others else await metrics_of(parts)
    return Response(told, media_type=CONTENT_TYPE_LATEST)


async def metrics_of(parts: Parts) -> bytes:
    """What this process tells of itself."""
    for state, count in parts.database.pool().items():
        parts.metrics.connections.labels(state).set(count)
    await asyncio.gather(_catalogue(parts), parts.figures.read())
    return generate_latest(parts.metrics.registry)


async def _database(parts: Parts) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await parts.database.is_there()
    except TimeoutError:
        return False


async def _catalogue(parts: Parts) -> bool:
    """Whether there are packs to search that can be read, here or by an engine."""
    return parts.engines.is_well if parts.engines else await asyncio.to_thread(_packs, parts)


def _packs(parts: Parts) -> bool:
    try:
        packs, _ = parts.recognizer.open_packs()
        parts.metrics.packs.set(len(packs))
        parts.metrics.recordings.set(len(parts.recognizer))
    except (SonicaError, OSError):
        return False
    return True
