# make run    index data/documents and start the bot (without a token: the conversation in the terminal)
# make test   all tests;  make check: lint and types;  make lock: resolve the dependencies again
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV = .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/installed

.PHONY: run test check index lock install

run: install
	@$(BIN)/python -m bot

# The fast ones side by side: they wait more than they compute.
test: install
	$(BIN)/python -m pytest -m "not slow" -n 4 --dist worksteal
	$(BIN)/python -m pytest -m slow

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

index: install
	$(BIN)/python -m index reindex

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Quoth needs Python 3.11, 3.12 or 3.13; say which: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing into $(VENV) (once; a few minutes)" >&2
	@$(PYTHON) -m venv $(VENV)
	@date +%s > $(VENV)/began
	@# As constraints too: else pip tries every version of a package that another asks for with extras.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		-r requirements.lock -c requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@echo "Installed $$(du -sm $(VENV) | cut -f1) MB in $$(($$(date +%s) - $$(cat $(VENV)/began))) seconds" >&2
	@touch $@

lock:
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv pip compile --universal --python-version 3.11 --extra dev --extra bench --extra ocr --no-header \
		--no-annotate --no-emit-index-url pyproject.toml | grep -vE '^(nvidia-|cuda-|triton)' > requirements.lock
	rm -r .venv-lock
