"""The description of the API as a person reads it: each operation with what to send and what comes back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Described = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One example: the status of its answer, when that comes, and both sides as text."""

    status: str
    summary: str
    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`samples` are what goes well, `refusals` are (status, when, what is said)."""

    method: str
    address: str
    described: Described
    samples: list[Sample]
    refusals: list[tuple[str, str, str]]


def operations(api: Described) -> Iterator[Operation]:
    """All of them, in the order of the description."""
    for address, methods in api["paths"].items():
        for method, described in methods.items():
            one = Operation(method.upper(), address, described, [], [])
            for status, response in described["responses"].items():
                examples = [
                    example
                    for content in response.get("content", {}).values()
                    for example in content.get("examples", {}).items()
                ]
                for name, example in examples:
                    _add(one, status, name, example)
                if not examples:
                    one.refusals.append((status, response["description"], ""))
            yield one


def _add(one: Operation, status: str, name: str, example: Described) -> None:
    if int(status) < 300:
        answer = _json(example["value"])
        one.samples.append(Sample(status, example["summary"], _request(one, name), answer))
    else:
        one.refusals.append((status, example["summary"], example["value"]["detail"]))


def _request(one: Operation, name: str) -> str:
    """What is sent, as it goes over the wire."""
    address, query, headers = one.address, [], []
    for place in one.described.get("parameters", ()):
        if name not in place.get("examples", {}):
            continue
        value = place["examples"][name]["value"]
        if place["in"] == "path":
            address = address.replace(f"{{{place['name']}}}", value)
        elif place["in"] == "query":
            query.append((place["name"], value))
        else:
            headers.append(f"{place['name']}: {value}")
    if "security" in one.described:
        headers.insert(0, "Authorization: Bearer ptl_…")
    body = one.described.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = body.get("examples", {}).get(name)
    if example is not None:
        headers.append("Content-Type: application/json")
    asked = f"{address}?{urlencode(query, doseq=True)}" if query else address
    head = "\n".join([f"{one.method} {asked}", *headers])
    return head if example is None else f"{head}\n\n{_json(example['value'])}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
