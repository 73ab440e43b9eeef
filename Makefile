# ucmcert: eight commands for contributors. Needs python3 >= 3.11, make and git; everything else is fetched into .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(VENV)/bootstrap/bin/uv
READY  := $(VENV)/.ready
JOBS   ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test check bench matrix crash fuzz lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ucmcert needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || { $(PYTHON) -m venv $(VENV)/bootstrap && $(VENV)/bootstrap/bin/python -m pip install --quiet --disable-pip-version-check uv; }
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: $(READY) ## Renew five purposes on an embedded cluster with 500 phones, and lose none (about a minute and a half)
	@$(BIN)/ucmcert demo

test: $(READY) ## Run the whole test suite (loopback only, under 10 minutes on 2 cores)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: $(READY) ## Lint, format, types, import contracts
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY) ## Measure inventory, renewal, memory and start-up against their lower bounds
	@$(BIN)/python -m benchmarks

matrix: $(READY) ## Renew everything on every release and mode with every unknown either way, and print who was lost (long)
	@$(BIN)/python -m benchmarks.matrix

crash: $(READY) ## Kill the four-node renewal at every ledger append on real sockets (long); writes docs/crash-table.md
	@$(BIN)/python -m benchmarks.crash

fuzz: $(READY) ## Hand damaged files to every parser for MINUTES (10); the first that stumbles is saved with its SEED
	@MINUTES=$(MINUTES) SEED=$(SEED) $(BIN)/python -m benchmarks.fuzz

lock: $(READY) ## Recompute requirements.lock (versions and hashes, no addresses)
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group dev pyproject.toml -o requirements.lock

clean: ## Remove the environment and caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
