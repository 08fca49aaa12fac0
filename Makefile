# `make run` and `make test` set everything up by themselves; the second time they take seconds.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test lint types unit live live-record fix bench bench-end-to-end bench-million bench-service soak fuzz lock clean

run: $(READY)  ## replay a recorded Moodle and print unified course enrollments
	$(BIN)/rollbook run moodle --replay

test: lint types unit  ## everything CI runs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

unit: $(READY)
	$(BIN)/pytest

live: $(READY)  ## install and start a real Kolibri on this machine, fill it, read it, compare every record
	ROLLBOOK_LIVE=1 $(BIN)/pytest tests/live

live-record: $(READY)  ## record the cassettes of Kolibri from it anew
	$(BIN)/python tests/live/record.py

fix: $(READY)  ## format, and write everything generated anew
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m engine.schema
	$(BIN)/python tests/readme.py
	$(BIN)/python tests/providers.py
	$(BIN)/python tests/walk.py
	$(BIN)/python tests/service_examples.py
	$(BIN)/python tests/settings_page.py
	ROLLBOOK_WRITE=1 $(BIN)/pytest tests/test_records.py

bench: $(READY)  ## how fast records are mapped, beside other engines
	$(BIN)/python -m pip install --quiet --disable-pip-version-check jsonatapy
	$(BIN)/python benchmarks/mapping.py

bench-service: $(READY)  ## a live page of the service beside a bare one, a hundred clients at once, and stalls of the event loop
	$(BIN)/python benchmarks/service.py

bench-million: $(READY)  ## a million records through the command line
	$(BIN)/python benchmarks/million.py

bench-end-to-end: $(READY)  ## whole jobs beside code written by hand; PEERS=1 installs and runs dlt, Singer SDK and Airbyte, too
	$(BIN)/python benchmarks/end_to_end.py $(if $(PEERS),--peers)

soak: $(READY)  ## thousands of requests of every kind to the service
	ROLLBOOK_EXAMPLES=1000 $(BIN)/pytest tests/test_service_openapi.py

fuzz: $(READY)  ## hostile expressions, and a quarter of an hour of random ones against jsonata-js in node
	ROLLBOOK_HOSTILE=all $(BIN)/pytest tests/jsonata/test_hostile.py
	$(BIN)/python tests/jsonata/differential.py --count 1000000

# Hashes without registry addresses: any index, mirror or wheel folder that pip is set up for will do.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev --extra parquet --extra postgres \
		--no-header --no-emit-index-url -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra postgres --constraint requirements.lock \
		--no-header --no-emit-index-url --no-annotate -o deploy/runtime.lock pyproject.toml

$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf .venv .live .mypy_cache .ruff_cache .pytest_cache dist
