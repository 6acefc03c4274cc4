"""The production files and the code say the same; no Docker engine is needed for that.

What stands in Dockerfile, docker-compose.yml and deploy/ is read and held against settings, commands and
folders of the portal, and against each other.
"""

import asyncio
import fnmatch
import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from fastapi.testclient import TestClient
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from applicant_portal.app import create_app
from applicant_portal.cli import main
from applicant_portal.kit import observe
from applicant_portal.preparing import prepare
from applicant_portal.settings import SEED_DATA, TEMPLATES, Settings
from tests.servers import MEILISEARCH, ROOT

COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CADDYFILE = (ROOT / "docs" / "deployment" / "Caddyfile").read_text()
OPERATING = (ROOT / "docs" / "OPERATING.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
VARIABLE = re.compile(r"\$\{(\w+)([^}]*)\}")
SECRET = re.compile(r"KEY|PASSWORD|SECRET|TOKEN")
LONG_RUNNING = [name for name, service in SERVICES.items() if service["restart"] != "no"]
ONE_SHOT = [name for name in SERVICES if name not in LONG_RUNNING]
PORTAL_SERVICES = [name for name, service in SERVICES.items() if "build" in service]


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Instruction and what stands behind it, continued lines joined, of a Dockerfile."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word.upper(), rest.strip()


DOCKERFILE = list(instructions((ROOT / "Dockerfile").read_text()))
LAST_STAGE = DOCKERFILE[max(at for at, (word, _) in enumerate(DOCKERFILE) if word == "FROM") :]


def given(word: str, stage: Sequence[tuple[str, str]] = DOCKERFILE) -> list[str]:
    return [rest for name, rest in stage if name == word]


def image_variables() -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in given("ENV", LAST_STAGE) for pair in shlex.split(rest))


def environment(service: str) -> dict[str, str]:
    """Variables of a container: those of the image it is built from, and compose's own over them."""
    inherited = image_variables() if service in PORTAL_SERVICES else {}
    return {**inherited, **SERVICES[service].get("environment", {})}


def command_line(service: str) -> list[str]:
    entrypoint: list[str] = json.loads(given("ENTRYPOINT", LAST_STAGE)[0])
    return [*entrypoint, *SERVICES[service].get("command", json.loads(given("CMD", LAST_STAGE)[0]))]


def parsed(arguments: Sequence[str]) -> dict[str, Any]:
    """What the `portal` command would run with; raises click's error where it would refuse the line."""
    command: click.Command = main
    rest = list(arguments)
    context = click.Context(command, info_name="portal")
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    return command.make_context(context.info_name, rest, parent=context.parent).params


def served_port() -> int:
    port = parsed(command_line("web")[1:])["port"]
    assert isinstance(port, int)
    return port


def addresses(text: str) -> list[str]:
    return re.findall(r"https?://[^\s'\"\\)]+", text)


def health_test(service: str) -> list[str]:
    test: list[str] = SERVICES[service]["healthcheck"]["test"]
    return test


# Settings and commands


def test_every_variable_of_the_portal_is_one_of_its_settings() -> None:
    known = {f"PORTAL_{name.upper()}" for name in Settings.model_fields}
    named = set(image_variables()) | {name for one in PORTAL_SERVICES for name in environment(one)}
    named |= set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))
    assert {name for name in named if name.startswith("PORTAL_")} <= known
    assert set(re.findall(r"\bPORTAL_[A-Z_]+\b", OPERATING)) <= known


def test_the_settings_of_the_containers_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in PORTAL_SERVICES:
        for name, value in environment(service).items():
            given = "smtp://word" if name == "PORTAL_SMTP_URL" else "https://word"
            monkeypatch.setenv(name, VARIABLE.sub(given, value).replace("portal:https://word", "portal:word"))
        settings = Settings()
        assert settings.database_kind == "postgresql"
        assert settings.search_url.startswith("http://meilisearch:")


@pytest.mark.parametrize("service", PORTAL_SERVICES)
def test_every_container_runs_a_command_that_the_portal_has(service: str) -> None:
    words = command_line(service)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert words[0] in project["scripts"]
    parsed(words[1:])


def test_a_command_line_that_the_portal_has_not_would_be_noticed() -> None:
    for wrong in (["db", "migrate"], ["serve", "--bind", "0.0.0.0"], ["serve", "--port", "0"]):
        with pytest.raises(click.UsageError):
            parsed(wrong)


def test_every_command_in_the_operator_s_page_exists() -> None:
    lines = re.findall(r"\bportal ((?:[a-z]+ ?)+(?:(?:--[a-z]+|[A-Z]+|/backups/\S+) ?)*)`", OPERATING)
    assert len(lines) > 5
    for line in lines:
        parsed(line.split())


def test_the_image_serves_what_the_web_service_serves() -> None:
    assert command_line("web")[1:] == json.loads(given("CMD", LAST_STAGE)[0])
    assert parsed(command_line("web")[1:])["host"] == "0.0.0.0"


# Ports and addresses


def test_every_health_check_of_the_web_process_asks_the_port_it_serves(data_dir: Path) -> None:
    checks = [given("HEALTHCHECK", LAST_STAGE)[0], " ".join(health_test("web"))]
    asked = [address for check in checks for address in addresses(check)]
    assert len(asked) == 2
    assert set(given("EXPOSE", LAST_STAGE)) == {str(served_port())}
    settings = Settings(data_dir=data_dir)
    prepare(settings)
    client = TestClient(create_app(settings))
    for address in asked:
        path = address.removeprefix(f"http://127.0.0.1:{served_port()}")
        assert path.startswith("/"), address
        assert client.get(path).status_code == 200
        assert path != "/readyz", "503 while the embedded engine stands in"


def test_health_checks_written_in_python_are_python() -> None:
    for words in (health_test("web"), json.loads(given("HEALTHCHECK", LAST_STAGE)[0].partition("CMD ")[2])):
        compile(words[-1], "healthcheck", "exec")


def test_the_worker_is_asked_with_a_command_that_the_portal_has() -> None:
    words = health_test("worker")[1:]
    assert words[0] == command_line("worker")[0]
    parsed(words[1:])


def test_the_proxy_passes_requests_to_each_replica_by_its_name_and_port() -> None:
    assert "reverse_proxy {$WEB_REPLICAS}" in CADDYFILE
    replicas = SERVICES["web"]["deploy"]["replicas"]
    wanted = [f"${{COMPOSE_PROJECT_NAME}}-web-{one}:{served_port()}" for one in range(1, replicas + 1)]
    assert environment("proxy")["WEB_REPLICAS"].split() == wanted
    assert set(SERVICES["proxy"]["networks"]) & set(SERVICES["web"]["networks"])


def test_the_proxy_checks_the_path_that_the_containers_check() -> None:
    (path,) = re.findall(r"health_uri (\S+)", CADDYFILE)
    assert health_test("web")[-1].count(f":{served_port()}{path}'") == 1


def test_the_proxy_listens_where_its_ports_are_published() -> None:
    inner = {
        name: re.findall(rf"^\s*{name}_port (\d+)$", CADDYFILE, re.MULTILINE) for name in ("http", "https")
    }
    published = dict(port.split(":") for port in SERVICES["proxy"]["ports"])
    assert {published["80"]} == set(inner["http"])
    assert {published["443"]} == set(inner["https"])
    assert len(published) == 2


def test_the_proxy_s_own_check_asks_an_address_it_answers() -> None:
    (asked,) = addresses(" ".join(health_test("proxy")))
    site, path = re.findall(r"^(http://127\.0\.0\.1:\d+) \{[^}]*respond (\S+) ", CADDYFILE, re.MULTILINE)[0]
    assert asked == site + path


def test_the_proxy_is_given_every_variable_it_reads() -> None:
    assert set(re.findall(r"\{\$(\w+)", CADDYFILE)) <= set(environment("proxy"))


def test_metrics_stay_inside_in_both_languages() -> None:
    (inside,) = re.findall(r"@inside path (.+)", CADDYFILE)
    assert "respond @inside 404" in CADDYFILE
    assert {"/metrics", "/en/metrics"} <= set(inside.split())


def test_the_portal_reaches_its_servers_where_they_listen() -> None:
    for service in PORTAL_SERVICES:
        told = environment(service)
        search = told["PORTAL_SEARCH_URL"]
        assert any(
            address.startswith(f"{search.replace('meilisearch', '127.0.0.1')}/")
            for address in addresses(" ".join(health_test("meilisearch")))
        )
        name, host, port, database = re.findall(
            r"//(\w+):.*@(\w+):(\d+)/(\w+)$", told["PORTAL_DATABASE_URL"]
        )[0]
        asked = health_test("postgres")
        options = dict(pairwise(asked))
        assert (options["-U"], options["-p"], options["-d"]) == (name, port, database)
        assert environment(host)["POSTGRES_USER"] == name
        assert environment(host)["POSTGRES_DB"] == database
        assert set(SERVICES[service]["networks"]) & set(SERVICES[host]["networks"])


# Versions


def test_meilisearch_is_the_one_that_the_tests_run() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    tested = package["optionalDependencies"][MEILISEARCH.parent.relative_to(ROOT / "node_modules").as_posix()]
    release = tested.rpartition("-")[2]
    images = {service["image"] for service in SERVICES.values() if "meilisearch" in service["image"]}
    assert images == {f"getmeili/meilisearch:v{release.rpartition('.')[0]}"}


def test_every_image_names_its_version() -> None:
    stages = {name for rest in given("FROM") for name in re.findall(r" AS (\S+)", rest)}
    bases = [rest.split()[0] for rest in given("FROM")]
    foreign = [service["image"] for service in SERVICES.values() if "build" not in service]
    for image in [one for one in bases if one not in stages] + foreign:
        assert re.fullmatch(r"[a-z]+(/[a-z]+)?:v?\d+(\.\d+)*(-slim)?", image), image


def test_python_in_the_image_is_one_the_project_allows_and_pins_its_minor_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    versions = re.findall(r"^python:([\d.]+)-slim", "\n".join(given("FROM")), re.MULTILINE)
    assert len(versions) == 2
    assert len(set(versions)) == 1, "what is built for one version does not run on another"
    assert versions[0].count(".") == 1
    assert Version(versions[0]) in SpecifierSet(project["requires-python"])


def test_postgresql_keeps_its_data_where_its_version_does() -> None:
    major = int(SERVICES["postgres"]["image"].partition(":")[2])
    (where,) = [volume.partition(":")[2] for volume in SERVICES["postgres"]["volumes"]]
    assert where == ("/var/lib/postgresql" if major >= 18 else "/var/lib/postgresql/data")


# The image


def copied() -> list[str]:
    """What the Dockerfile copies out of the repository."""
    return [
        source
        for rest in given("COPY")
        if "--from" not in rest
        for source in rest.split()[:-1]
        if not source.startswith("--")
    ]


def test_everything_the_image_copies_is_there_and_reaches_the_builder() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    let_through = {rule[1:] for rule in rules if rule.startswith("!")}
    for source in copied():
        assert (ROOT / source).exists(), source
        assert source in let_through
    assert let_through == set(copied()), "nothing else needs to go to the builder"


def test_no_secret_and_no_data_reaches_the_builder() -> None:
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    for private in (".env", "var", ".git", "tests", ".venv", "node_modules"):
        assert not any(fnmatch.fnmatch(private, rule[1:]) for rule in rules if rule.startswith("!"))
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_image_holds_the_folders_that_the_portal_reads() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    needed = {folder.name for folder in (TEMPLATES, SEED_DATA)} | {name.rstrip("*") for name in packages}
    needed |= set(project["tool"]["setuptools"]["dynamic"]["dependencies"]["file"])
    assert needed <= set(copied())
    for rest in given("COPY"):
        source, target = rest.split()[-2:]
        if source in needed:
            assert Path(target).name in ("", source), "the layout is the repository's"


def test_every_package_in_the_image_is_installed_by_its_hash() -> None:
    installs = re.findall(r"pip install ([^&]+)", " ".join(given("RUN")))
    files = [name for line in installs for name in re.findall(r"-r (\S+)", line)]
    assert files == ["requirements.txt", "requirements-assets.txt"]
    for line in installs:
        if "--editable ." in line:
            assert {"--no-deps", "--no-build-isolation"} <= set(line.split()), "or it fetches without hashes"
        else:
            assert "--require-hashes" in line
    for name in files:
        text = (ROOT / name).read_text()
        assert text.count("--hash=sha256:") >= len(re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)) > 0


def test_the_image_brings_the_font_and_no_search_server() -> None:
    (install,) = re.findall(r"npm [^&]+", " ".join(given("RUN")))
    assert {"ci", "--omit=optional"} <= set(install.split())
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    kept = {name for name, one in packages.items() if name and not one.get("optional")}
    assert kept == {"node_modules/@fontsource/arsenal"}
    assert "python -m applicant_portal.kit.assets" in " ".join(given("RUN"))


def test_nobody_in_a_container_is_root_but_who_hands_over_a_folder() -> None:
    user = given("USER", LAST_STAGE)[-1]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"--uid {user.partition(':')[0]}" in " ".join(given("RUN", LAST_STAGE))
    for name in LONG_RUNNING:
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*|[a-z]+", SERVICES[name].get("user", user)), name
        assert SERVICES[name].get("user") != "root"
    (chown,) = [one for one in ONE_SHOT if SERVICES[one].get("user", "").startswith("0")]
    assert SERVICES[chown]["entrypoint"][:2] == ["chown", SERVICES["meilisearch"]["user"]]
    assert SERVICES[chown]["network_mode"] == "none"


# Rights, secrets, networks


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_as_few_rights_as_it_can(service: str) -> None:
    one = SERVICES[service]
    assert one["cap_drop"] == ["ALL"]
    assert one["read_only"] is True
    assert "no-new-privileges:true" in one["security_opt"]
    assert set(one.get("cap_add", [])) <= {"NET_BIND_SERVICE", "CHOWN"}
    assert not {"privileged", "pid", "ipc", "devices", "userns_mode"} & set(one)
    assert one["deploy"]["resources"]["limits"]["memory"]
    assert {"max-size", "max-file"} <= set(one["logging"]["options"])
    mounts = [volume for volume in one.get("volumes", []) if volume.startswith((".", "/")) and ":" in volume]
    assert all(volume.endswith(":ro") and (ROOT / volume.split(":")[0]).is_file() for volume in mounts)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_looked_after_or_done_once(service: str) -> None:
    one = SERVICES[service]
    if service in ONE_SHOT:
        assert one["healthcheck"] == {"disable": True}
        waiting = [other.get("depends_on", {}).get(service) for other in SERVICES.values()]
        assert {"condition": "service_completed_successfully"} in waiting
    else:
        assert one["restart"] == "unless-stopped"
        assert one["healthcheck"]["test"][0] == "CMD"


def test_who_waits_for_health_waits_for_a_service_that_has_a_check() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert other in LONG_RUNNING, name
            if how["condition"] == "service_completed_successfully":
                assert other in ONE_SHOT, name


def test_the_schema_is_moved_before_anybody_serves() -> None:
    (mover,) = [one for one in PORTAL_SERVICES if one in ONE_SHOT]
    assert "upgrade" in command_line(mover)
    for name in PORTAL_SERVICES:
        assert name == mover or mover in SERVICES[name]["depends_on"]


def test_no_secret_has_a_default_and_a_missing_one_is_named_in_a_sentence() -> None:
    for name, rest in VARIABLE.findall(COMPOSE_TEXT):
        if name != "COMPOSE_PROJECT_NAME":
            assert re.fullmatch(r":\?Set \w+ in \.env\b.*", rest), name
            assert name in rest
    for service in SERVICES:
        for name, value in SERVICES[service].get("environment", {}).items():
            if SECRET.search(name):
                assert VARIABLE.fullmatch(value), f"{service}: {name}"
    assert "PASSWORD" not in "".join(image_variables())


def test_the_example_names_every_value_that_compose_asks_for_and_holds_none() -> None:
    asked = {name for name, _ in VARIABLE.findall(COMPOSE_TEXT)} - {"COMPOSE_PROJECT_NAME"}
    lines = dict(line.split("=", 1) for line in EXAMPLE.splitlines() if "=" in line and line[0] != "#")
    assert set(lines) == asked
    assert set(lines.values()) == {""}


def test_all_replicas_and_the_worker_share_secret_and_servers() -> None:
    first: Mapping[str, str] = environment(PORTAL_SERVICES[0])
    for service in PORTAL_SERVICES:
        for name in ("PORTAL_SECRET_KEY", "PORTAL_DATABASE_URL", "PORTAL_SEARCH_URL", "PORTAL_SEARCH_KEY"):
            assert environment(service)[name] == first[name]


def test_the_portal_never_holds_the_master_key() -> None:
    for service in PORTAL_SERVICES:
        assert "MEILI_MASTER_KEY" not in json.dumps(SERVICES[service])


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]
    outside = [name for name, network in COMPOSE["networks"].items() if not network.get("internal")]
    with_way_out = {name for name, one in SERVICES.items() if set(one.get("networks", [])) & set(outside)}
    assert with_way_out == {"proxy", "web"}
    assert not {"network_mode"} & {key for name in LONG_RUNNING for key in SERVICES[name]}


def test_replicas_share_no_data_folder() -> None:
    assert SERVICES["web"]["deploy"]["replicas"] >= 2
    folder = environment("web")["PORTAL_DATA_DIR"]
    for service in PORTAL_SERVICES:
        volumes = SERVICES[service]["volumes"]
        assert folder in volumes, "a volume without a name belongs to one container"
        assert not [one for one in volumes if ":" in one]
    assert f"/{folder.strip('/')}" in " ".join(given("RUN", LAST_STAGE)), "made in the image for its user"


def test_data_that_must_outlive_containers_has_a_name() -> None:
    used = {
        volume.split(":")[0]
        for one in SERVICES.values()
        for volume in one.get("volumes", [])
        if ":" in volume
    }
    assert set(COMPOSE["volumes"]) == {name for name in used if not name.startswith(".")}
    for service in ("postgres", "meilisearch"):
        assert [volume.split(":")[0] for volume in SERVICES[service]["volumes"]] == [service]


@pytest.mark.parametrize(
    ("peer", "seen"), [("172.18.0.5", "203.0.113.7"), ("127.0.0.1", "127.0.0.1"), ("8.8.8.8", "8.8.8.8")]
)
def test_a_visitor_s_address_is_believed_from_containers_only(peer: str, seen: str) -> None:
    """uvicorn reads the variable itself; the portal's limits count the address that comes out of it."""
    found: list[str] = []

    async def note(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["client"][0])

    layer = ProxyHeadersMiddleware(note, environment("web")["FORWARDED_ALLOW_IPS"])
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", b"203.0.113.7")]}
    asyncio.run(layer(scope, None, None))  # type: ignore[arg-type]
    assert found == [seen]


def test_no_file_names_a_registry() -> None:
    for name in ("Dockerfile", "docker-compose.yml", ".dockerignore", ".env.example", "docs/OPERATING.md"):
        text = (ROOT / name).read_text()
        assert not re.search(r"\b[\w-]+\.(io|org|com|dev)/", text), name


def test_the_operator_s_page_names_metrics_that_the_portal_has() -> None:
    known = {sample.name for metric in observe.registry.collect() for sample in metric.samples}
    known |= {metric.name for metric in observe.registry.collect()}
    named = set(re.findall(r"`(portal_[a-z_]+)", OPERATING))
    assert len(named) > 4
    for name in named:
        assert name.removesuffix("_total") in known | {one.removesuffix("_bucket") for one in known}, name


def test_the_operator_s_page_names_files_and_services_that_are_there() -> None:
    for path in re.findall(r"\b(?:deploy|docs)/[\w./-]+\w", OPERATING):
        assert (ROOT / path).exists(), path
    lines = re.findall(r"docker compose (?:exec|run|restart|up|stop|logs)\b[^\n|`#]*", OPERATING)
    assert len(lines) > 5
    for line in lines:
        assert set(line.split()) & set(SERVICES) or line.rstrip().endswith("up -d"), line
