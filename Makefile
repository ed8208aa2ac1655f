# Stoa's chores. `make help` lists them. Everything is made inside .venv; delete it to start over.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
ARGS ?=

# The stamps carry the folder's name: the programs in .venv hold it, so a moved folder is set up anew.
PLACE := $(shell pwd | cksum | cut -d' ' -f1)
READY := $(VENV)/.ready-$(PLACE)
READY_DEV := $(VENV)/.ready-dev-$(PLACE)
# Not compiling saves a third of the time: most of what is installed is never imported.
COMPILE ?= --no-compile
# So the compiled form of what is imported must be kept, or each start compiles it again.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(RUN) -m pip --disable-pip-version-check --quiet install $(COMPILE)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev chat test soak check bench bench-scale docs texts picture lock web-bundle migrate up discord telegram worker

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; \
	do printf '  make %-11s %s\n' "$$name" "$$text"; done

setup: $(READY) ## prepare .venv and the command .venv/bin/stoa

setup-dev: $(READY_DEV) ## the same with the tools for tests and checks

$(READY): requirements.lock pyproject.toml
	@exec >&2 </dev/null; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Stoa needs Python 3.11 or newer, as $(PYTHON). Another one: make setup PYTHON=python3.12"; \
	  exit 1; }; \
	$(RUN) -c 'import pip' 2>/dev/null || { \
	  echo "Setting up: a virtual environment in $(VENV) ..."; \
	  $(PYTHON) -m venv --clear $(VENV) || { \
	    echo "That failed. On Debian and Ubuntu, install it first: apt install python3-venv"; exit 1; }; }; \
	echo "Setting up: installing what Stoa needs (about 60 MB, once) ..."; \
	$(PIP) -r requirements.lock && \
	$(PIP) --no-build-isolation --no-deps --force-reinstall --editable . && \
	touch $@ && echo "Setting up: done. The command is $(VENV)/bin/stoa"

$(READY_DEV): $(READY) requirements-dev.lock
	@exec >&2 </dev/null; \
	echo "Setting up: installing the tools for tests and checks ..."; \
	$(PIP) -r requirements.lock -r requirements-dev.lock && touch $@

chat: $(READY) ## talk with Stoa in this terminal; reads lines when standard input is a pipe
	@$(VENV)/bin/stoa chat $(ARGS)

test: $(READY_DEV) ## run the tests on a real PostgreSQL
	@$(RUN) -m pytest -n 4 --dist worksteal $(ARGS)

soak: $(READY_DEV) ## run the long forms of the tests, saying how far they are
	@$(RUN) -m pytest --soak --capture=no $(ARGS)

check: $(READY_DEV) ## format, lint, types, import floors
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy .
	@$(VENV)/bin/lint-imports

bench: $(READY_DEV) ## measure requests beside bare asyncpg, and the answer matcher
	@$(RUN) -m benchmarks.requests $(ARGS)
	@$(RUN) -m benchmarks.matcher

bench-scale: $(READY_DEV) ## fill a large Stoa and measure the seeds' targets on it (long)
	@$(RUN) -m benchmarks.scale $(ARGS)

docs: $(READY_DEV) ## write docs/schema.md again from the database
	@$(RUN) -m domain.schema_doc $(ARGS)

texts: $(READY) ## collect the sentences for translators, and compile what they sent back
	@$(RUN) .ci/texts.py

picture: $(READY) ## draw docs/chat.svg, the picture in the README
	@$(RUN) .ci/picture.py

lock: $(READY_DEV) ## choose versions again and write requirements*.lock
	@$(RUN) .ci/lock.py

web-bundle: ## build the JavaScript bundle for web pages from npm; ARGS=--check compares
	@$(PYTHON) .ci/web_bundle.py $(ARGS)

migrate: $(READY) ## bring the configured database up to date
	@$(VENV)/bin/stoa migrate $(ARGS)

up: $(READY) ## run all that is configured: Discord, Telegram, the worker
	@exec $(VENV)/bin/stoa up $(ARGS)

discord: $(READY) ## open the Discord door; needs STOA_DISCORD_TOKEN
	@exec $(VENV)/bin/stoa discord $(ARGS)

telegram: $(READY) ## open the Telegram door; needs STOA_TELEGRAM_TOKEN
	@exec $(VENV)/bin/stoa telegram $(ARGS)

worker: $(READY) ## run the worker: grading, deliveries, upkeep
	@exec $(VENV)/bin/stoa worker $(ARGS)

