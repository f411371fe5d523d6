# What people do with Gatelink. Everything is installed into .venv from the pinned requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STACK ?= dev
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help up test check policy docs bench audit clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'

up: $(VENV)/user ## Serve the stack's APIs on this machine until Ctrl-C (STACK=dev, ARGS="--port 0 …")
	@$(BIN)/python -m local up --stack $(STACK) $(ARGS)

test: $(VENV)/dev ## Run the tests
	$(BIN)/python -m pytest --numprocesses auto $(ARGS)

check: $(VENV)/dev ## Lint, types, import boundaries, and whether generated docs are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_import_boundaries.py
	$(BIN)/python -m pages --check
	for stack in dev local prod; do $(BIN)/python -m local check --stack $$stack || exit 1; done

policy: $(VENV)/user ## Hold the stack against the policy pack (STACK=prod, ARGS=--json)
	@$(BIN)/python -m local policy --stack $(STACK) $(ARGS)

docs: $(VENV)/dev ## Write the generated pages and the JSON Schema of the stack file
	$(BIN)/python -m pages

bench: $(VENV)/user ## Measure the program and the gateway beside bare ones (ARGS=memory, start, scale or rest for more)
	$(BIN)/python -m bench $(ARGS)

audit: $(VENV)/dev ## Look the pinned dependencies, and theirs, up among the known vulnerabilities (needs the network)
	$(BIN)/pip-audit --strict --progress-spinner off --requirement requirements.txt --requirement requirements-dev.txt

clean: ## Remove the virtual environment, caches and the gateway's files
	rm -rf $(VENV) .local .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say which requirements are installed; a changed requirements file installs again.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gatelink needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/user: requirements.txt | $(VENV)/bin/python
	@echo "installing into $(VENV), once: about a minute …"
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

$(VENV)/dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "installing into $(VENV), once: about a minute …"
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@ $(VENV)/user
