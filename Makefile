# One command for everything: `make check`. A newcomer needs `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: install docs demo check format lint types layers test lowest bench torture extension clean

install: $(STAMP)

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: install
	$(BIN)/voxlogica demo

check: format lint types layers test

format: install
	$(BIN)/ruff format --check .

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/pyright

layers: install
	PYTHONPATH=server $(BIN)/lint-imports

test: install
	$(BIN)/python -m pytest -q
	$(BIN)/python -m pytest -q -m wheel tests/architecture

# The core's tests with the lowest supported version of each dependency. The one warning is of
# SimpleITK 2.4.0 itself: as an error, it would end the interpreter.
LOWEST := $(VENV)-lowest
CORE := text values syntax plan primitives store engine ide api cli server

lowest:
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(LOWEST)/bin/python -m tests.support.lower_bounds > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install --quiet --constraint $(LOWEST)/constraints.txt \
		--editable ".[notebook]" --group dev
	$(LOWEST)/bin/python -m pytest -q -p no:cacheprovider -m "not wheel and not browser" \
		-W "ignore:builtin type:DeprecationWarning" $(addprefix tests/,$(CORE))

extension:
	cd vscode-extension && npm ci --ignore-scripts --silent && npm run --silent package

docs: install
	$(BIN)/python -m tests.support.primitive_pages

bench: install
	$(BIN)/python -m tests.benchmarks

torture: install
	$(BIN)/python -m tests.benchmarks.torture

clean:
	rm -rf $(VENV) $(LOWEST) build dist output
