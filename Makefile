# `make` lists the targets. Needed beforehand: make, any python3, and Python 3.10 or a network from which uv can fetch it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV := .uv/bin/uv
PYTHON := .venv/bin/python
AFTERCARE := .venv/bin/aftercare
# Colleges' proxies often have certificates of their own.
export UV_SYSTEM_CERTS := true
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

.PHONY: help run setup test check format validate fit benchmark benchmark-stock benchmark-load benchmark-memory benchmark-marking faults soak lock audit clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 20

run: setup ## Set up what is missing, then serve at http://127.0.0.1:5005/
	@exec $(AFTERCARE) serve

setup: .venv/run.stamp ## Environment, index and model
	@$(AFTERCARE) train

test: .venv/dev.stamp .node/gift.stamp ## Set up and run all tests
	@$(AFTERCARE) train
	@$(PYTHON) -m pytest

check: .venv/dev.stamp .node/gift.stamp browser ## Everything that continuous integration runs
	$(MAKE) --no-print-directory --jobs 2 model style validate
	$(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: style model
style: .venv/dev.stamp
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(AFTERCARE) check
	$(AFTERCARE) questions check

model: .venv/run.stamp
	$(AFTERCARE) train

format: .venv/dev.stamp ## Format and mend what can be mended
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

validate: .venv/run.stamp ## Rasa's own check of data and domain
	.venv/bin/rasa data validate --fail-on-warnings

fit: .venv/run.stamp ## Fit the answering weights after larger changes of content
	$(PYTHON) -m bot.answer.fit

benchmark: setup ## Our own benchmark with baselines; figures go to docs/benchmarks.md
	$(PYTHON) -m tests.benchmarks.report

benchmark-stock: .venv/dev.stamp ## Side by side with stock Rasa's pipeline; takes about twenty minutes
	$(PYTHON) -m tests.benchmarks.stock

benchmark-load: setup .venv/dev.stamp ## Latency, throughput, memory under load beside stock Rasa; figures go to docs/performance.md
	$(PYTHON) -m tests.benchmarks.load

benchmark-marking: setup .venv/dev.stamp ## How short answers and practice lines are marked; figures go to docs/benchmarks.md
	$(PYTHON) -m tests.benchmarks.short_marking
	$(PYTHON) -m tests.benchmarks.assessing

benchmark-memory: .venv/dev.stamp ## Spaced retrieval on simulated learners; figures go to docs/benchmarks.md
	$(PYTHON) -m tests.benchmarks.forgetting

faults: setup .venv/dev.stamp ## Kill, stop, lock, fill and cut what it stands on, many times; figures go to docs/reliability.md
	AFTERCARE_LONG=1 $(PYTHON) -m pytest tests/faults

soak: setup .venv/dev.stamp ## 30 minutes of mixed learners at 20 messages a second; figures go to docs/reliability.md
	$(PYTHON) -m tests.soak

lock: $(UV) ## Pin dependencies again, with hashes
	$(UV) pip compile --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q pyproject.toml -o requirements.txt
	$(UV) pip compile --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

audit: $(UV) ## Look every pinned package up in the vulnerability database; needs a network (docs/dependencies.md)
	$(UV) tool run pip-audit --requirement requirements.txt --require-hashes --disable-pip

clean: ## Remove the environment, models and caches (conversations in var/ stay)
	rm -rf .venv .uv .node models .rasa results .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info var/index

.PHONY: browser
browser:
	@test -x /usr/bin/chromium || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
		|| echo "No chromium here: the browser tests are skipped. Install Debian's package chromium to run them."

# Reads the exported questions back in a test; without npm or a network that test is skipped.
.node/gift.stamp:
	@mkdir -p .node
	@if command -v npm >/dev/null && timeout 60 npm install --prefix .node --no-save --silent --no-audit --no-fund \
		--fetch-retries=0 --fetch-timeout=20000 gift-pegjs@1.0.2; then touch $@; \
		else echo "The GIFT parser could not be installed: the test that reads exports back with it is skipped."; fi

$(UV):
	@command -v python3 >/dev/null || { echo "Install Python 3 (Debian: apt-get install python3 python3-venv), then run make again."; exit 1; }
	@python3 -m venv .uv || { echo "python3 cannot make virtual environments. Debian: apt-get install python3-venv, then run make again."; exit 1; }
	@.uv/bin/python -m pip install -q --disable-pip-version-check uv \
		|| { echo "uv could not be installed: is there a network? Or make .venv yourself with Python 3.10, see README."; exit 1; }

.venv/bin/python: | $(UV)
	@$(UV) venv -q --python 3.10 .venv || { \
		echo "Python 3.10 was not found and could not be fetched. Install it (pyenv install 3.10, or your system's python3.10) and run make again."; exit 1; }

.venv/run.stamp: requirements.txt pyproject.toml | .venv/bin/python
	$(UV) pip install -q --python .venv --require-hashes -r requirements.txt
	$(UV) pip install -q --python .venv --no-deps -e .
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	$(UV) pip install -q --python .venv --require-hashes -r requirements-dev.txt
	@touch $@
