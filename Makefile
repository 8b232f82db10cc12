# Four commands; each of them sets up what it needs first. PORT=, HOST= move `make run`; ARGS= goes to pytest; SCALE= to the bench.
PYTHON ?= python3
VENV ?= .venv
export VENV PORT HOST ARGS SCALE

.PHONY: help run test check bench setup python

help:
	@echo "make run     set up and start the product on this machine (PORT=8000)"
	@echo "make test    the whole test suite (ARGS= for pytest)"
	@echo "make check   style, types, layers, sizes, messages, production settings"
	@echo "make bench   measure answers at size (SCALE=1)"
	@echo "make setup   set up only"

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing: install it (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11: name a newer one, as in make PYTHON=python3.11 run."; exit 1; }

run: python
	@exec $(PYTHON) -m tools.run

test: python
	@$(PYTHON) -m tools.install --test
	@exec $(VENV)/bin/python -m tools.test

check: python
	@$(PYTHON) -m tools.install --test
	@exec $(VENV)/bin/python -m tools.check

bench: python
	@$(PYTHON) -m tools.install --test
	@exec $(VENV)/bin/python -m tests.bench

setup: python
	@$(PYTHON) -m tools.install
