# Two commands: `make run` opens the shop, `make test` proves it. The rest are conveniences.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# One more than there are cores: the tests of a running shop wait for its processes a good part of their time.
JOBS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Some images ask Python to forget what it compiled; a shop of nine processes would compile three thousand files in each.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test lint features format bench lighthouse faults browser faketime clean
.DEFAULT_GOAL := run

$(VENV)/.made:
	@if [ -z "$(PYTHON)" ]; then \
		echo "No supported Python was found: install Python 3.11, 3.12 or 3.13, or name one with PYTHON=/path/to/python3." >&2; exit 2; fi
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "$(PYTHON) is not supported: use Python 3.11, 3.12 or 3.13, for example make run PYTHON=python3.12." >&2; exit 2; }
	@[ -w . ] || { echo "This folder cannot be written: clone the shop to a place where you may write." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "No virtual environment could be made: install your system's package for it (Debian: python3-venv)." >&2; exit 2; }
	@touch $@

$(VENV)/.installed: requirements.lock | $(VENV)/.made
	@echo "  installing dependencies"
	@$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock 2> $(VENV)/install.log || { \
		cat $(VENV)/install.log >&2; \
		grep -qiE "gcc|compiler|Python.h" $(VENV)/install.log && \
		echo "A dependency has no ready-made package for this Python and needs a C compiler: install gcc and the Python headers, or use Python 3.12." >&2 || \
		echo "The dependencies could not be installed: is a package index reachable from here?" >&2; exit 2; }
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "  installing test dependencies"
	@$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements-dev.lock 2> $(VENV)/install.log || { \
		cat $(VENV)/install.log >&2; echo "The test dependencies could not be installed: is a package index reachable from here?" >&2; exit 2; }
	@touch $@

run: $(VENV)/.installed
	@exec $(BIN)/python -m shop.embedded

browser: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.browser

faketime: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.faketime

test: browser
	@env -u DATABASE_URL -u REDIS_URL -u STRIPE_API_BASE -u STATE_DIR $(BIN)/python -m pytest -n $(JOBS) --dist loadscope --no-loadscope-reorder -m "not long" $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	@tests/lint_with_settings.sh $(BIN)

features: $(VENV)/.installed-dev
	$(BIN)/python -m tests.features_page

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	@BENCH_PRODUCTS="$(or $(SIZES),$(BENCH_PRODUCTS))" $(BIN)/python -m pytest -m long tests/bench -s $(ARGS)

lighthouse: browser
	@$(BIN)/python -m tests.journeys.lighthouse $(ARGS)

faults: browser faketime
	@$(BIN)/python -m pytest -m long tests --ignore tests/bench -s $(ARGS)

clean:
	rm -rf $(VENV) .test .mypy_cache .ruff_cache .pytest_cache .hypothesis
