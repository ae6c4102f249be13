"""The page of all routes, from the description of the service (openapi.json)."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sonica.gateway.app import create_routes
from sonica.gateway.document import document_bytes

HEAD = """\
# The API

What a service answers over HTTP. A service shows the same at its own `/docs`, to be tried there, and as
`/openapi.json`, of which [the client in TypeScript](../../clients/sdk/README.md) is made; there is [a
client for Python](../client.md), too. Of a failure tells [a problem document](errors.md#over-http). Live
listening is [a WebSocket](../live.md), which is not described here.

    curl -s http://127.0.0.1:8000/openapi.json

Every answer carries `X-Request-ID`. Routes marked "with a key" want a key of [`sonica admin
key`](../operating/service.md#who-may-change-things), as `Authorization: Bearer KEY`.

This page is made of the code by `make reference`.
"""
TITLES = {
    "recognition": "Recognise",
    "songs": "Songs and charts",
    "packs": "Packs",
    "ingest": "Add music",
    "operations": "Is it well?",
}
"""Of the groups, in the order of the page; others follow."""


def page() -> str:
    """The page, in Markdown."""
    document: dict[str, Any] = json.loads(document_bytes(create_routes()))
    groups: dict[str, list[str]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_operation(method.upper(), path, operation))
    order = [*TITLES, *(tag for tag in groups if tag not in TITLES)]
    parts = [HEAD]
    for tag in order:
        parts += [f"\n## {TITLES.get(tag, tag.capitalize())}\n", *groups.get(tag, [])]
    parts.append("\n## What is sent and answered\n")
    parts += [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return "\n".join(parts)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    mark = ", with a key" if operation.get("security") else ""
    lines = [f"### `{method} {path}`{mark}\n", f"{_line(operation['description'])}\n"]
    for one in operation.get("parameters", []):
        schema = one["schema"]
        said = one.get("description") or schema.get("description", "")
        where = "" if one["in"] == "query" else f", in the {one['in']}"
        rules = f"{_type(schema)}{where}{_bounds(schema)}"
        lines.append(f"- `{one['name']}` ({rules})" + (f": {_line(said)}" if said else ""))
    kinds = [
        f"`{kind}`{_reference(content)}"
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
    ]
    if kinds:
        lines.append(f"- Body: {', '.join(kinds)}")
    lines.append(f"- Answers: {'; '.join(_answers(operation['responses']))}")
    return "\n".join(lines) + "\n"


def _answers(responses: dict[str, Any]) -> list[str]:
    good = [
        f"{status}" + "".join(_reference(content) for content in answer.get("content", {}).values())
        for status, answer in sorted(responses.items())
        if status < "400"
    ]
    bad = [status for status in sorted(responses) if status >= "400"]
    return [*good, *([f"refused with {', '.join(bad)}"] if bad else [])]


def _reference(content: dict[str, Any]) -> str:
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return f" [{name}](#{name.lower()})" if name else ""


def _schema(name: str, schema: dict[str, Any]) -> str:
    lines = [f"### {name}\n"]
    if said := schema.get("description"):
        lines.append(f"{_line(said)}\n")
    required = set(schema.get("required", []))
    for key, one in schema.get("properties", {}).items():
        may = "" if key in required else ", may be missing"
        told = one.get("description", "")
        lines.append(f"- `{key}` ({_type(one)}{_bounds(one)}{may})" + (f": {_line(told)}" if told else ""))
    return "\n".join(lines) + "\n"


def _type(schema: dict[str, Any]) -> str:
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if many := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(map(_type, many)))
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("type", "anything"))


def _bounds(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = f", {low} to {high}" if low is not None and high is not None else ""
    default = schema.get("default")
    return bounds + (f", else `{default}`" if default not in (None, "", [], {}) else "")


def _line(said: str) -> str:
    return " ".join(said.split()).replace("<", "&lt;")
