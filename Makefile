# Everything begins with bootstrap.py, which needs only Python 3.11 or newer with venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test bench screenshots lint types format clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: ## Everything from a bare clone: database, demo district, web and worker (PORT, WANGGE_DATA, DATABASE_URL)
	@exec $(PYTHON) bootstrap.py run

test: ## Everything we check: lint, types, contract of layers, front end, unit tests, journeys in a browser
	@exec $(PYTHON) bootstrap.py test $(STAGES)

bench: ## All benchmarks at small sizes; one of them: .venv/bin/python -m benchmarks NAME --size N
	@exec $(PYTHON) bootstrap.py bench

screenshots: ## Draw the pictures of the manual anew: the journeys, keeping what people see (needs Chromium)
	@WANGGE_SCREENSHOTS=1 exec $(PYTHON) bootstrap.py test journeys

lint: ## Only lint and the contract of layers
	@exec $(PYTHON) bootstrap.py test lint format contract templates

types: ## Only the type checkers
	@exec $(PYTHON) bootstrap.py test types tsc

format: ## Rewrite the code in our format
	@$(PYTHON) bootstrap.py setup-dev
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

clean: ## Remove what was built and installed here; the data in var/ stays
	rm -rf .venv node_modules build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find wangge -name '*.mo' -delete
