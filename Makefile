# 就近 (Jiujin). `make demo` shows it, `make test` proves it; `make help` lists the rest.
# Package index settings come from your own pip configuration; nothing here names one.

PYTHON ?= python3
PORT ?= 8501
UV ?= uv
PYTEST_ARGS ?=
WORKERS ?= 2
BENCH_ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
DEMO := var/demo
LOCK := $(UV) pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-config --quiet --upgrade --custom-compile-command 'make lock'

.PHONY: help setup dev demo serve test system check format bench pictures lock clean
.DELETE_ON_ERROR:

help:
	@echo 'make demo    a made-up street in the browser (PORT=8501)'
	@echo 'make test    install what the tests need, then run them (PYTEST_ARGS="-k groups")'
	@echo 'make setup   only prepare .venv with the jiujin command (PYTHON=python3.12)'
	@echo 'make check   lint, format, types, import contracts'
	@echo 'make bench   our planner and its peers side by side, into docs/benchmarks.md (BENCH_ARGS=--quick)'
	@echo 'make pictures  every screen at five sizes, into docs/guide/screens; fails on text that overlaps, is cut off, faint or English'
	@echo 'make lock    refresh the lock files (needs uv)'
	@echo 'make clean   remove .venv and caches; var/ with its data stays'

# --- installation ---------------------------------------------------------------------------------------------------

.venv/pyvenv.cfg:
	@sh .ci/need-python $(PYTHON)
	$(PYTHON) -m venv .venv

.venv/.run: .venv/pyvenv.cfg requirements.lock pyproject.toml
	$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

setup: .venv/.run
dev: .venv/.dev

# --- running --------------------------------------------------------------------------------------------------------

# Kept apart from an installation's own data; the accounts are printed once by `jiujin sample` and shown again here.
$(DEMO)/accounts.txt: | .venv/.run
	@mkdir -p $(DEMO)
	@rm -f $(DEMO)/jiujin.db $(DEMO)/jiujin.db-wal $(DEMO)/jiujin.db-shm
	$(BIN)/jiujin sample --seed 7 --members 1366 --db sqlite:///$(DEMO)/jiujin.db > $@
	$(BIN)/jiujin plan groups --street --adopt --db sqlite:///$(DEMO)/jiujin.db

demo: $(DEMO)/accounts.txt
	@cat $(DEMO)/accounts.txt
	@JIUJIN_HOME=$(DEMO) $(BIN)/jiujin serve --db sqlite:///$(DEMO)/jiujin.db --port $(PORT)

serve: setup
	@$(BIN)/jiujin serve --port $(PORT)

# --- proving --------------------------------------------------------------------------------------------------------

# Chromium, a Chinese font, PostgreSQL + PostGIS: installed where that is allowed, else the tests that need them skip.
system:
	@sh .ci/system-packages

test: dev system
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(PYTEST_ARGS)

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Peers get environments of their own under var/bench/; BENCH_ARGS=--quick leaves them out (benchmarks/run.py --help).
bench: dev
	@$(BIN)/python -m benchmarks.run $(BENCH_ARGS)
	@$(BIN)/python -m pytest tests/benchmark --benchmark-enable --benchmark-only $(PYTEST_ARGS)

# A made-up street of its own; a quarter of an hour on two cores.
pictures: dev system
	@$(BIN)/python -m tests.browser.look --out docs/guide/screens

# --- upkeep ---------------------------------------------------------------------------------------------------------

# setuptools builds the editable install without a network of its own, so it is locked beside the dependencies.
lock:
	echo 'setuptools>=77' | $(LOCK) pyproject.toml - --output-file requirements.lock
	echo 'setuptools>=77' | $(LOCK) --extra dev --constraints requirements.lock pyproject.toml - --output-file requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build jiujin.egg-info
