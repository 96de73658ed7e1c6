# The two commands that matter: `make serve` and `make test`. Each does all set-up first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
# The first Python that is new enough; any may be named: make serve PYTHON=/opt/python/bin/python3
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
STORE ?= store
HOST ?= 127.0.0.1
PORT ?= 7860
# Test files run at the same time; most of a browser test is waiting.
JOBS ?= 2
# Documents to read before serving; the reference policies when they lie beside the checkout.
DOCUMENTS ?= $(wildcard ../shared/corpus)

.PHONY: help serve ocr test lint bench wheels lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

serve: $(VENV)/serve.stamp ## set up and open the service on http://127.0.0.1:7860
	@$(if $(DOCUMENTS),$(BIN)/zhengwen ingest $(DOCUMENTS) --store $(STORE) --quiet)
	@exec $(BIN)/zhengwen serve --store $(STORE) --host $(HOST) --port $(PORT)

ocr: $(VENV)/serve.stamp ## add character recognition, for scanned pages and pictures
	@echo "正在安装文字识别（约 280 MB）……"
	@$(BIN)/pip install --quiet --requirement requirements/ocr.txt

test: $(VENV)/test.stamp ## set up and run lint and all tests
	@./scripts/chromium.sh
	@./scripts/virtuoso.sh
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile

lint: $(VENV)/test.stamp ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test.stamp ## measure: facts, answers, retrieval, faults
	$(BIN)/python -m benchmarks

wheels: $(VENV)/bin/pip ## every package as a file, to install without a network (docs/deployment.md)
	$(BIN)/pip wheel --quiet --wheel-dir wheels setuptools==84.2.1 wheel --requirement requirements/serve.txt
	$(BIN)/pip wheel --quiet --wheel-dir wheels --no-deps --no-build-isolation .

lock: ## write requirements/*.txt anew from pyproject.toml
	$(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header --output-file requirements/serve.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header --extra ocr --constraint requirements/serve.txt --output-file requirements/ocr.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header --extra dev --extra mcp --extra milvus --extra ocr --extra ray --extra train --constraint requirements/ocr.txt --output-file requirements/test.txt pyproject.toml
	sed -i -e 's/^\(torch==[0-9.]*\)+.*/\1/' -e '/^zhengwen @/d' requirements/ocr.txt requirements/test.txt # any build will do; no path of this machine

clean: ## remove what was built, never the store
	rm -rf $(VENV) build dist wheels *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/pip:
	@./scripts/python.sh $(PYTHON) $(VENV)

$(VENV)/serve.stamp: $(VENV)/bin/pip requirements/serve.txt pyproject.toml
	@echo "正在安装运行所需的软件包（只在第一次或更新后）……"
	@$(BIN)/pip install --quiet --requirement requirements/serve.txt
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/serve.stamp requirements/test.txt
	@$(BIN)/pip install --quiet --requirement requirements/test.txt
	@touch $@
