# Dripline's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run demo test check fmt triage-report bench bench-webhook bench-outbox bench-claims bench-memory chaos lock installed tools
export PYTHON

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: installed ## Start Dripline with its demo clinic on this machine (FRESH=1 starts over)
	@.venv/bin/dripline run $(if $(FRESH),--fresh)

demo: installed ## Play patients and staff from infusion to closed, and print what was said
	@.venv/bin/dripline demo

test: tools ## Run every test, on SQLite, on PostgreSQL and in a real browser
	@CHROMIUM=$$(scripts/browser) && export CHROMIUM && .venv/bin/pytest -n 2 --dist worksteal

check: tools ## Check format, style, types and layers
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

fmt: tools ## Format the code and put right what can be put right without asking
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

triage-report: tools ## Score the reading of labelled replies, beside plain keyword rules
	@.venv/bin/python -m benchmarks.triage_report

bench: tools ## Measure how fast replies are read, beside a bare Aho-Corasick scan
	@.venv/bin/python -m benchmarks.triage

bench-webhook: tools ## Measure replies taken in a second, beside a bare handler that commits one row
	@.venv/bin/python -m benchmarks.webhook

bench-outbox: tools ## Measure texts sent a second, beside the twilio SDK alone
	@.venv/bin/python -m benchmarks.outbox

bench-claims: tools ## Measure claiming with ten million planned check-ins (8 GB of disk, ARGS="--many N" for fewer)
	@.venv/bin/python -m benchmarks.claims $(ARGS)

bench-memory: tools ## Measure the memory of web and clock over a clinic's busy hour, run in two minutes
	@.venv/bin/python -m benchmarks.memory

chaos: tools ## Kill processes, hurt PostgreSQL and let Twilio fail for some minutes, and compare the ledgers (ARGS=--help)
	@PYTHONPATH=tests:tests/chaos .venv/bin/python -m chaos $(ARGS)

lock: tools ## Pin the newest allowed packages, with their hashes, in requirements*.txt
	@scripts/lock

installed:
	@scripts/venv requirements.txt

tools:
	@scripts/venv requirements-dev.txt
