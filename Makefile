# `make run` and `make test` set up everything themselves; README says so.
.PHONY: run test deep lint bench pictures clean environment test-environment
SHELL := /bin/sh
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1
PYTHON := .venv/bin/python
HOME_DIR := $(if $(WORKBENCH_HOME),$(WORKBENCH_HOME),$(CURDIR)/.workbench)

run: environment ## the dashboards on synthetic demo data
	WORKBENCH_HOME="$(HOME_DIR)" $(PYTHON) -m workbench demo
	WORKBENCH_HOME="$(HOME_DIR)" $(PYTHON) -m workbench serve --desk $(if $(PORT),--port $(PORT)) --no-browser

test: test-environment lint ## every gate, a quarter of an hour on 4 cores
	$(PYTHON) -m pytest -n auto --dist worksteal -m "not deep"

deep: test-environment ## the long versions, with the figures the issues name, and what came of each
	$(PYTHON) -m pytest -n auto --dist worksteal -m deep --hypothesis-profile=anew --timeout 7200 -o junit_family=xunit1 --junitxml=test-results/deep.xml; \
	status=$$?; $(PYTHON) .ci/deep_summary.py test-results/deep.xml; exit $$status

lint: test-environment
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

bench: test-environment ## each prints its ratio against a named peer or floor
	$(PYTHON) -m benchmarks

pictures: test-environment ## docs/pictures anew, from the real pages
	$(PYTHON) .ci/pictures.py

clean: ## the environment and the demo data; never a WORKBENCH_HOME of yours
	rm -rf .venv .workbench .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results benchmarks/results

environment:
	@.ci/python-environment

test-environment:
	@.ci/system-packages chromium=chromium scanimage=sane-utils
	@.ci/python-environment test
