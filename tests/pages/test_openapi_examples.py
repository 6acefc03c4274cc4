"""The API is what its description says: every example is sent to a running portal and answered as it says."""

import copy
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import jsonschema_rs
import pytest
from sqlalchemy import delete, func, select

from applicant_portal.accounts import keys
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.catalogue.models import Institution, OutboxEntry
from applicant_portal.catalogue.naming import fold_name, sort_key
from applicant_portal.finder.api_examples import LISTING
from applicant_portal.kit.db import Database
from applicant_portal.workspace.api import _throttle
from applicant_portal.workspace.api_examples import DRAFT, ETAG, PROGRAMME
from tests.seeded import Templates
from tests.servers import LiveServer, portal_command

OWN = "/api/v1/workspace/listings"
NO_EXAMPLE = {"304", "413", "415"}
"""Statuses without an example: no body is answered; the one sent has megabytes, or is of another type."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Api:
    """A running portal in which the institution of the examples has a programme and a draft."""

    client: httpx.Client
    description: Json
    key: str
    reader: str
    used_up: str
    listing_id: str
    draft_id: str

    def own(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """A request of the institution's program that has to succeed."""
        answer = self.client.request(
            method, OWN + path, json=body, headers={"authorization": f"Bearer {self.key}"}
        )
        assert answer.is_success, answer.text
        return answer

    def real(self, value: Any) -> Any:
        """An example with what its placeholders stand for."""
        if isinstance(value, str):
            if value == ETAG:
                return self.own("GET", f"/{self.listing_id}").headers["etag"]
            return value.replace(LISTING, self.listing_id).replace(DRAFT, self.draft_id)
        if isinstance(value, list):
            return [self.real(one) for one in value]
        if isinstance(value, dict):
            return {name: self.real(one) for name, one in value.items()}
        return value

    def headers(self, operation: Json, status: str) -> dict[str, str]:
        """The key that an example of the status is sent with."""
        if "security" not in operation or status == "401":
            return {}
        key = {"403": self.reader, "429": self.used_up}.get(status, self.key)
        return {"authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Api]:
    """The made-up institution comes to a seeded portal and brings its programme as its program would."""
    with LiveServer(templates.portal(tmp_path_factory.mktemp("examples") / "data")) as server:
        database = Database(f"sqlite:///{server.data_dir / 'portal.sqlite3'}")
        institution_id = _settle(database)
        made = subprocess.run(
            portal_command("key", "create", "--institution", PROGRAMME["institution"]["edebo_id"]),
            env=server.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        key = made.stdout.strip()
        with database.write() as session:
            now = datetime.now(UTC)
            reader, used_up = (
                keys.make_key(session, institution_id, "приклад", scopes, by=COMMAND, now=now).shown
                for scopes in (("read",), ("read", "write"))
            )
        with httpx.Client(base_url=server.url, timeout=60) as client:
            description = client.get("/api/openapi.json").json()
            here = Api(client, description, key, reader, used_up, "", "")
            offers = [
                {name: value for name, value in offer.items() if name != "id"}
                for offer in PROGRAMME["offers"]
            ]
            whole = {name: PROGRAMME[name] for name in ("kind", "fields", "skills")} | {"offers": offers}
            listing_id = here.own("POST", "", whole).json()["id"]
            draft_id = here.own("POST", "", {"kind": "programme", "fields": {"title": "Чернетка"}}).json()[
                "id"
            ]
            here.own("POST", f"/{listing_id}/publish")
            for _ in range(_throttle.times):
                client.get(f"{OWN}/p-0000000000", headers={"authorization": f"Bearer {used_up}"})
            _wait_until_found(client)
            # The log forgets its oldest places in a month; here at once.
            with database.write() as session:
                first = session.scalar(select(func.min(OutboxEntry.position))) or 0
                session.execute(delete(OutboxEntry).where(OutboxEntry.position < first + 5))
            yield Api(client, description, key, reader, used_up, listing_id, draft_id)
        database.dispose()


def _settle(database: Database) -> int:
    told = PROGRAMME["institution"]
    with database.write() as session:
        institution = Institution(
            edebo_id=told["edebo_id"],
            slug="pryklad",
            name=told["name"],
            short_name=told["short_name"],
            name_en="Example Training University",
            folded_name=fold_name(told["name"]),
            name_key=sort_key(told["name"]),
            city="Харків",
            region="Харківська область",
            site="https://example.edu",
            origin="registry",
            stamps={},
        )
        session.add(institution)
        session.flush()
        return institution.id


def _wait_until_found(client: httpx.Client, seconds: float = 20) -> None:
    """Until the programme is in the search and among the suggestions."""
    title = PROGRAMME["fields"]["title"]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        hits = client.get("/api/v1/search", params={"q": title}).json()["hits"]
        meant = client.get("/api/v1/suggest", params={"q": title}).json()["suggestions"]
        if hits and meant:
            return
        time.sleep(0.1)
    raise AssertionError("the programme of the examples is not found")


def operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def answers(operation: Json) -> Iterator[tuple[str, str, str, Json, Any]]:
    """The examples of an operation in their order: name, status, media type, schema, answer."""
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            for name, example in content.get("examples", {}).items():
                yield name, status, media, content.get("schema", {}), example["value"]


def lacking(description: Json) -> list[str]:
    """What a programmer would look for in vain."""
    missing = []
    for method, path, operation in operations(description):
        at = f"{method} {path}"
        told = list(answers(operation))
        names = [name for name, *_ in told]
        if len(operation.get("description", "")) < 20:
            missing.append(f"{at}: what it does")
        wanted = set(operation["responses"]) - NO_EXAMPLE
        missing += [f"{at}: an example of {one}" for one in sorted(wanted - {told[1] for told in told})]
        if len(set(names)) != len(names):
            missing.append(f"{at}: one name for one exchange")
        for place in operation.get("parameters", ()):
            if place["in"] == "path" and set(place.get("examples", ())) != set(names):
                missing.append(f"{at}: {place['name']} in every example")
            if not place.get("description") and not place["schema"].get("title"):
                missing.append(f"{at}: what {place['name']} means")
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if set(content.get("examples", ())) != set(names):
                missing.append(f"{at}: a body in every example")
        if path.startswith("/api/v1/workspace") and (
            operation.get("security") != [{"key": []}] or not {"401", "429"} <= wanted
        ):
            missing.append(f"{at}: that it needs a key")
    return missing


class Shape:
    """Whether an answer has the keys and the kinds of values that an example has. Where the description says
    that any key may come, the values are compared."""

    def __init__(self, description: Json) -> None:
        self._schemas = {"components": description["components"]}

    def validator(self, schema: Json) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self._schemas | {"allOf": [schema]})

    def differences(self, schema: Json, example: Any, answer: Any, at: str = "answer") -> list[str]:
        if example is None or answer is None:
            return []
        if _kind(example) != _kind(answer):
            return [f"{at}: {_kind(answer)}, not {_kind(example)}"]
        schema = self._fitting(schema, example)
        if isinstance(example, dict):
            values = schema.get("additionalProperties")
            if isinstance(values, dict) and values:
                known = next(iter(example.values()), None)
                return [
                    one
                    for name in answer
                    for one in self.differences(values, known, answer[name], f"{at}.{name}")
                ]
            found = [f"{at}.{name}" for name in sorted(example.keys() ^ answer.keys())]
            for name in example.keys() & answer.keys():
                part = schema.get("properties", {}).get(name, {})
                found += self.differences(part, example[name], answer[name], f"{at}.{name}")
            return found
        if isinstance(example, list) and example:
            # Of several things one may have none of what another has.
            if not answer and "[]" not in at:
                return [f"{at}: empty"]
            return [
                one
                for item in answer
                for one in self.differences(schema.get("items", {}), _like(item, example), item, f"{at}[]")
            ]
        return []

    def _fitting(self, schema: Json, example: Any) -> Json:
        """The schema itself where there are references and alternatives."""
        if "$ref" in schema:
            return self._fitting(
                self._schemas["components"]["schemas"][schema["$ref"].split("/")[-1]], example
            )
        for one in schema.get("anyOf", ()):
            if self.validator(one).is_valid(example):
                return self._fitting(one, example)
        return schema


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _like(item: Any, examples: list[Any]) -> Any:
    """The example that the item is to be like; None when there is none of its kind."""
    if isinstance(item, dict) and "kind" in item:
        return next((one for one in examples if one["kind"] == item["kind"]), None)
    return examples[0]


def send(api: Api, method: str, path: str, operation: Json, name: str, status: str) -> httpx.Response:
    """Everything that has an example of the name."""
    query: Json = {}
    headers = api.headers(operation, status)
    for place in operation.get("parameters", ()):
        if name in place.get("examples", {}):
            value = api.real(place["examples"][name]["value"])
            if place["in"] == "path":
                path = path.replace(f"{{{place['name']}}}", value)
            elif place["in"] == "header":
                headers[place["name"]] = value
            else:
                query[place["name"]] = value
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = content.get("examples", {}).get(name)
    return api.client.request(
        method, path, params=query, headers=headers, json=api.real(body["value"]) if body else None
    )


def wrong(api: Api, method: str, path: str, operation: Json) -> list[str]:
    """What is answered otherwise than an example of the operation says."""
    shape, found = Shape(api.description), []
    for name, status, media, schema, example in answers(operation):
        at = f"{method} {path} {name}"
        api.own("POST", f"/{api.listing_id}/publish")
        answer = send(api, method, path, operation, name, status)
        if str(answer.status_code) != status or answer.headers["content-type"] != media:
            found.append(f"{at}: {answer.status_code} {answer.headers['content-type']} {answer.text[:300]}")
            continue
        validator = shape.validator(schema)
        for said, value in (("the answer", answer.json()), ("the example", example)):
            found += [
                f"{at}: {said}: {one.instance_path} {one.message}" for one in validator.iter_errors(value)
            ]
        found += [f"{at}: {one}" for one in shape.differences(schema, api.real(example), answer.json())]
        if int(status) >= 400:
            told = [
                {key: value for key, value in one.items() if key != "present"}
                for one in (api.real(example), answer.json())
            ]
            if told[0] != told[1]:
                found.append(f"{at}: {json.dumps(told[1], ensure_ascii=False)}")
        for header in operation["responses"][status].get("headers", {}):
            if header.lower() not in answer.headers:
                found.append(f"{at}: no {header}")
    return found


def test_every_operation_is_described_with_examples_of_all_it_answers(api: Api) -> None:
    description = api.description
    assert lacking(description) == []
    assert description["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert set(description["x-placeholders"]) == {LISTING, DRAFT, ETAG}
    assert all(one in description["info"]["description"] for one in ("x-placeholders", "problem+json"))


def test_a_new_operation_without_examples_would_be_seen(api: Api) -> None:
    description = copy.deepcopy(api.description)
    bare = description["paths"][f"{OWN}/{{listing_id}}"]["get"]
    for response in bare["responses"].values():
        for content in response.get("content", {}).values():
            content.pop("examples", None)
    description["paths"] = {f"{OWN}/{{listing_id}}/confirm": {"get": bare}}
    assert [one.rpartition(" ")[2] for one in lacking(description)] == ["200", "401", "404", "429", "example"]


def test_every_example_is_answered_as_the_description_says(api: Api, subtests: pytest.Subtests) -> None:
    for method, path, operation in operations(api.description):
        with subtests.test(f"{method} {path}"):
            found = wrong(api, method, path, operation)
            assert not found, "\n".join(found)


def test_an_answer_of_another_shape_would_be_seen(api: Api) -> None:
    operation = copy.deepcopy(api.description["paths"]["/api/v1/institutions"]["get"])
    example = operation["responses"]["200"]["content"]["application/json"]["examples"]["by-name"]["value"]
    example["institutions"][0]["motto"] = example.pop("total")
    found = wrong(api, "GET", "/api/v1/institutions", operation)
    assert any(one.endswith("answer.total") for one in found)
    assert any(one.endswith("answer.institutions[].motto") for one in found)


@pytest.mark.parametrize("kind", ["programme", "course", "track"])
def test_what_is_told_of_a_listing_is_what_its_schema_says(api: Api, kind: str) -> None:
    operation = api.description["paths"]["/api/v1/listings/{listing_id}"]["get"]
    validator = Shape(api.description).validator(
        operation["responses"]["200"]["content"]["application/json"]["schema"]
    )
    hits = api.client.get("/api/v1/search", params={"kind": kind, "per_page": 20}).json()["hits"]
    assert hits
    for hit in hits:
        answer = api.client.get(f"/api/v1/listings/{hit['id']}").json()
        assert [one.message for one in validator.iter_errors(answer)] == []
