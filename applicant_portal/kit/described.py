"""The OpenAPI description of an app: its problems as they are answered, and examples that are tried out.

Beside its handler an operation says what may be sent and what is answered: `openapi_extra=exchanges(…)`. Here
that goes to the places where OpenAPI keeps examples: at parameters, at the body, at the answers. An exchange
has the same name in all of them, and a status at which its answer stands, so a reader of the description
alone can send every one and knows what to expect: `ABOUT` says how, and a test does it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_DECLARED = "x-exchanges"
_JSON, _PROBLEM = "application/json", "application/problem+json"

ABOUT = """
Every operation has examples. Those of one name belong together: send the parameters and the body that have
an example of this name, and leave out those that have none; the answer stands under the same name at its
status. Values that `x-placeholders` lists stand for your own: put them in wherever such a value is seen.
Examples of an operation with a key are sent with a key that may change what it reads, but for those at 401
(none), 403 (one that may only read) and 429 (one that has asked too often). They may be tried in the order
in which they stand. The institution and the programme of the examples are made up.

Errors are `application/problem+json` (RFC 9457): `detail` says in one sentence what is wrong, `errors` names
the fields. Texts are UTF-8, days YYYY-MM-DD, moments ISO 8601 in UTC; unknown is null.
""".strip()


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is sent, and what is answered. `sent`: parameters by name, of path, query and headers."""

    name: str
    status: int
    summary: str
    answer: Any
    sent: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


def exchanges(*all_of_them: Exchange) -> dict[str, Any]:
    """The `openapi_extra` of an operation."""
    # As text: on its way through the framework an object loses what is null in it.
    return {_DECLARED: json.dumps([asdict(one) for one in all_of_them])}


def install(app: FastAPI, placeholders: Mapping[str, str]) -> None:
    """Make `app` describe itself so. `placeholders`: a value of the examples -> what it stands for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, placeholders)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _described(app: FastAPI, placeholders: Mapping[str, str]) -> dict[str, Any]:
    api = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
    api["x-placeholders"] = dict(placeholders)
    for methods in api["paths"].values():
        for operation in methods.values():
            _as_problems(operation)
            for exchange in json.loads(operation.pop(_DECLARED, "[]")):
                _place(operation, exchange)
    # The framework's own shape of an error, which nobody is answered here.
    for name in ("HTTPValidationError", "ValidationError"):
        api["components"]["schemas"].pop(name, None)
    return api


def _as_problems(operation: dict[str, Any]) -> None:
    """An error is a problem here. The one that the framework adds by itself, in its own shape, is not
    answered: who reads parameters that may be wrong declares a 422."""
    for status, response in list(operation["responses"].items()):
        if int(status) >= 400:
            schema = response["content"][_JSON]["schema"]
            response["content"] = {_PROBLEM: {"schema": schema}}
            if schema["$ref"].endswith("/HTTPValidationError"):
                del operation["responses"][status]


def _place(operation: dict[str, Any], exchange: Mapping[str, Any]) -> None:
    name, status = exchange["name"], str(exchange["status"])

    parameters = {one["name"].lower(): one for one in operation.get("parameters", ())}
    for parameter, value in exchange["sent"].items():
        parameters[parameter.lower()].setdefault("examples", {})[name] = {"value": value}
    (answered,) = operation["responses"][status]["content"].values()
    told = {"summary": exchange["summary"]}
    answered.setdefault("examples", {})[name] = told | {"value": exchange["answer"]}
    if exchange["body"] is not None:
        sent = operation["requestBody"]["content"][_JSON]
        sent.setdefault("examples", {})[name] = told | {"value": exchange["body"]}
