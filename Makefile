# Everything that one does here. `make` lists it; the work is in scripts/.
# V=1 shows every line of every step; PYTHON names another interpreter to make .venv with.

PYTHON ?= python3
SETUP := $(PYTHON) scripts/setup.py
CHECK := $(PYTHON) scripts/check.py
BIN := .venv/bin

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run web screenshots docs setup test test-all lint format test-python test-rust wasm test-wasm bench benchmarks train openapi reference lock clean \
	heading ready web-ready tools

help: ## This list
	@printf '\nSonica names the song that is playing.\n\n'
	@awk -F ' *(: [a-z -]*)?## *' '/^[a-z-]+:.*## /{sub(/:.*/, "", $$1); printf "  make %-12s %s\n", $$1, $$2}' Makefile
	@printf '\nFirst time here? `make run`. With your own music: .venv/bin/sonica add FOLDER\n\n'

run: ready web-ready ## Set up what is needed, serve the web app with two dozen songs, and name one; Ctrl-C ends it (cold 8 to 12 min, warm 5 s)
	@printf '\nA service with a folder of its own (.demo), at the first port from 8000 on that is free\n\n'
	@SONICA_HOME=.demo $(BIN)/sonica serve --demo

web: web-ready ## The web app, into clients/web/out; a service that runs shows it at once (cold 6 to 8 min, warm 1 s)
	@echo 'Built: clients/web/out'

screenshots: web-ready ## Every page of the web app, phone and desktop, light and dark, into build/screenshots (3 min)
	@$(SETUP) test-tools
	@PATH="$(CURDIR)/build/node/node_modules/.bin:$$PATH" node clients/web/scripts/screenshots.mjs

docs: ready ## The documents as a site, into build/site; a link that leads nowhere fails it (10 s)
	@$(BIN)/python scripts/docs.py

setup: tools ready ## Install all that building and testing need (cold 2 to 6 min, warm 1 s)
	@$(SETUP) clients
	@echo 'Ready: .venv/bin/sonica'

test: setup ## Every linter and every test (cold 40 min, warm 30 min)
	@printf '\nTests\n'; $(CHECK) test

test-all: setup ## The same with far more cases, and with the tests too heavy for every run (over 40 min)
	@$(SETUP) heavy-tools
	@printf '\nTests, heavy ones too\n'; $(CHECK) --all test

lint: setup ## Formatting, style, types, and who may import whom (cold 2 min, warm 10 s)
	@printf '\nLint\n'; $(CHECK) lint

format: ready ## Lay out all Python and Rust, and mend what can be mended (2 s)
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet . && cargo fmt --all && echo 'Formatted.'

test-python: ready ## Only the Python tests (13 min)
	@$(CHECK) python

test-rust: tools ## Only the Rust tests (cold 3 min, warm 30 s)
	@$(CHECK) rust

wasm: tools ## The engine for browsers, in three builds (cold 5 min, warm 2 s)
	@$(CHECK) wasm-build

test-wasm: tools ## Only the WebAssembly tests, in Node, Chromium and workerd (3 min after `make wasm`)
	@$(SETUP) clients
	@$(CHECK) wasm-build wasm engine-browser

bench: setup ## Accuracy and speed, on SONICA_EVAL_DATA or on composed songs (10 min; resumes)
	@$(SETUP) bench-tools
	@printf '\nBench: about 10 min the first time; interrupt it freely, the same command goes on\n\n'; \
	$(BIN)/python -m bench.speed && $(BIN)/python -m bench.accuracy

benchmarks: ready ## Renew docs/benchmarks.md, its pictures and the README's table from bench/results (seconds; measures nothing)
	@$(BIN)/python -m bench.comparison

train: setup ## Learn the verifier on SONICA_EVAL_DATA (1 h, resumes; OPTIONS=--dry-run only reports)
	@$(SETUP) bench-tools
	@printf '\nTraining: about an hour the first time; interrupt it freely, the same command goes on\n\n'; \
	$(BIN)/python -m training.verifier $(OPTIONS)
	@printf '\nThe engine, with its table\n'; $(SETUP) engine && $(BIN)/python -m training.verifier.check

openapi: ready ## Renew openapi.json from the routes of the service (2 s)
	@$(BIN)/python scripts/openapi.py

reference: ready ## Renew docs/reference (settings, metrics, commands, errors, routes) from the code (5 s)
	@$(BIN)/python scripts/reference.py

lock: ## Renew requirements.lock from pyproject.toml (1 min)
	@$(PYTHON) scripts/lock.py

clean: ## Remove what was built, installed and composed for the demo; bench/data is kept
	@rm -rf .venv build target node_modules clients/*/node_modules engine/wasm/dist clients/*/dist \
		clients/web/.next clients/web/out .demo src/sonica/_engine*.so .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Removed .venv, node_modules, target, build, what was built of the clients, and the demo. Kept: bench/data and bench/results.'

# --- parts ----------------------------------------------------------------------------------------

heading:
	@command -v $(PYTHON) > /dev/null || { echo 'Sonica needs $(PYTHON) (3.11 or newer): apt install python3 python3-venv'; exit 1; }
	@printf '\nSetup (what is there already is kept)\n'

tools: heading
	@$(SETUP) build-tools test-tools

ready: heading
	@$(SETUP) build-tools python engine

web-ready: heading
	@$(SETUP) build-tools web-tools clients web
