# The commands of the house; `make help` lists them. Only relative paths: the folder may have any name.
DAY = 2024-03-29
export PYTHON

.PHONY: help report test bench accuracy soak fonts clean ready ready-dev
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

report: ready ## set everything up and build the sample day's PDF in workspace/
	@test -e workspace || .venv/bin/ribao init workspace
	@cd workspace && ../.venv/bin/ribao build $(DAY)

test: ready-dev ## what the CI machine runs: style, types, tests
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/pytest

bench: ready-dev ## measure the build
	.venv/bin/python -m tests.bench
	.venv/bin/python -m tests.bench_sources
	.venv/bin/python -m tests.bench_history
	.venv/bin/python -m tests.bench_send
	.venv/bin/python -m tests.bench_publish

accuracy: ready-dev ## how many numbers of labelled sentences the prose checks bind, and rightly
	.venv/bin/python -m tests.accuracy

soak: ready-dev ## the long tests
	.venv/bin/pytest -m soak tests

fonts: ready-dev ## cut the printing fonts anew (needs npm)
	.venv/bin/python templates/fonts/cut.py

clean: ## remove what was made, except workspace/
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

ready:
	@.ci/setup

ready-dev:
	@.ci/setup dev
