# Two commands matter: `make run` shows the newspaper, `make test` proves it.
# Everything else is a part of these two. Targets marked ## appear in `make help`.

HOST ?= 127.0.0.1
PORT ?= 8000
# The first interpreter of at least 3.11; name another with `make run PYTHON=python3.13`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
NO_PYTHON = Standfirst needs Python 3.11 or newer, and none was found. \
	Install python3.11, or say where it is: make PYTHON=/path/to/python3.11
SETUP = @$(if $(PYTHON),$(PYTHON) tools/setup.py,echo "$(NO_PYTHON)" >&2; exit 1; true)
BIN = .venv/bin
# What you pass on to the tests: make quick ARGS="-k picture"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test quick browser lint format bench prove lock messages pictures wheel clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Set up .venv to run Standfirst (make run does it for you)
	$(SETUP) run

run: ## Serve the demo newsroom of ./newsroom; HOST= and PORT= are honoured
	$(SETUP) run
	@exec $(BIN)/standfirst --newsroom newsroom demo --host $(HOST) --port $(PORT) $(ARGS)

test: ## Run everything: style, types, SQLite, PostgreSQL, a real browser
	$(SETUP) test
	@$(BIN)/python tools/check.py all

quick: ## Run the tests without a browser, on SQLite; ARGS= goes to pytest
	$(SETUP) dev
	$(BIN)/pytest -m "not browser and not slow" $(ARGS)

browser: ## Run the browser tests alone; ARGS= goes to pytest
	$(SETUP) test
	$(BIN)/pytest -m "browser and not slow" $(ARGS)

lint: ## Check style, types, floors, templates, locks and translations
	$(SETUP) dev
	@$(BIN)/python tools/check.py lint

format: ## Put Python and its imports into the house's form
	$(SETUP) dev
	$(BIN)/ruff check --fix --exit-zero src tests tools
	$(BIN)/ruff format src tests tools

bench: ## Measure (NAME=story, serve, publish, scale; ARGS=--help says more)
	$(SETUP) run
	$(BIN)/standfirst bench $(or $(NAME),story) $(ARGS)

prove: ## Run everything at full size, in parts (ARGS=); hours, not in CI
	$(SETUP) test
	@$(BIN)/python tools/check.py prove $(ARGS)

lock: ## Resolve the dependencies anew into requirements/*.txt
	$(SETUP) dev
	$(BIN)/python tools/lock.py

messages: ## Collect marked strings, say what lacks a translation, compile
	$(SETUP) dev
	$(BIN)/python tools/messages.py

pictures: ## Take the pictures in the docs anew, from the demo
	$(SETUP) test
	$(BIN)/python tools/pictures.py

wheel: ## Build the package that operators install, into dist/
	$(SETUP) dev
	@$(BIN)/python -m standfirst.ops.built
	$(BIN)/uv build --wheel
	@rm -rf src/standfirst/_built

clean: ## Remove the environment and caches; ./newsroom stays
	rm -rf .venv .cache tools/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
