# Each target works on a fresh machine with Python 3.11 or newer, git and make.
SHELL := bash
PYTHON ?= python3
NEWEST ?= $(PYTHON)
VENV ?= .venv
BIN := $(CURDIR)/$(VENV)/bin
READY := $(VENV)/ready
export PATH := $(BIN):$(PATH)
# Nothing leaves the machine. What `govern` starts sets the rest itself.
export DVC_NO_ANALYTICS := 1

.PHONY: repro test check quick style types coverage mutation format smoke clean

# Check the installation, run every stage that is not up to date, print the table of verdicts.
repro: $(READY)
	govern upgrade
	govern doctor
	govern repro
	govern status

# The whole test suite.
test: $(READY)
	@mkdir -p build
	# The tests start this package several hundred times; an environment may forbid those to keep what they compiled.
	python -m compileall -q governance
	# Files in order of their names: by number of tests, the slowest, which have few, would run last and alone.
	set -o pipefail; python -m pytest -n 2 --dist loadfile --no-loadscope-reorder | tee build/test-output.txt
	@tail -n 1 build/test-output.txt > build/test-summary.txt

# Everything that a merge needs.
check: quick test

# All of it but the suite: each keeps one core busy, so that `make -j 2 quick` takes less time.
quick: style types coverage

style: $(READY)
	ruff format --check .
	ruff check .
	lint-imports
	python docs/generate.py --check

types: $(READY)
	mypy

# Every branch of what decides is run by the tests that name what it must say; tests/test_decide.py draws hundreds of cases
# beside them, which would count nothing more.
coverage: $(READY)
	python -m pytest -n 2 -q -p no:cacheprovider tests/test_evidence.py tests/test_alike.py tests/test_policy.py tests/test_gate.py \
	  tests/test_gate_decisions.py tests/test_gate_findings.py tests/test_config.py \
	  --cov=governance.evidence --cov=governance.policy --cov=governance.gate --cov=governance.config --cov=governance.alike \
	  --cov-branch --cov-fail-under=100

# How many wrong versions of the gate, the policy and the evidence the tests notice. Minutes, and no part of `check`.
mutation: $(READY)
	python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[mutation]'
	nice python benchmarks/mutation/run.py

# Rewrite code and generated documentation in place.
format: $(READY)
	ruff format .
	ruff check --fix .
	python docs/generate.py

# The wheel, installed alone into another Python, sets up a repository and passes its gate. Needs nothing of $(VENV).
smoke:
	$(PYTHON) tests/smoke.py $(NEWEST)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[pipeline,dev]'
	# pip compiles one file after the other. As there, a file that some package ships for another Python is passed over. The
	# libraries' own tests, a fifth of all, are not run here.
	$(BIN)/python -m compileall -q -j 0 -x '/tests/' $(VENV)/lib || true
	touch $@

clean:
	rm -rf $(VENV) build dist
