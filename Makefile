# The words people type; no logic. `make` prints them.
# The virtual environment makes itself: scripts/ci/venv.sh is a no-op while the lock files stay as they are.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help venv venv-dev container-tools \
        day-23 day-23-check day-23-up day-12-up day-23-status day-23-logs day-23-down day-23-validate stage-05-03 \
        crash-points races bad-inputs alert-mutations restart-controls reboot-rehearsal benchmark-exports \
        test lint typecheck security conventions unit integration docker molecule coverage gates artefacts lock

export LC_ALL := C.UTF-8
export DISRUPTION REPEAT SOURCE UNTIL DAYS GATE SERVICE PURGE STACK_ROOT PORT_OFFSET INVENTORY SCENARIO

PYTHON_FILES := src tests benchmarks scripts library filter_plugins doc_fragments tasks.py
GATE_STEP := sh scripts/ci/gate.sh
BIN := .venv/bin
INVOKE := $(BIN)/invoke

# Values travel through the environment, so that no character in them means anything to the shell.
STACK := $(if $(INVENTORY),--inventory "$$INVENTORY") $(if $(STACK_ROOT),--stack-root "$$STACK_ROOT") \
         $(if $(PORT_OFFSET),--port-offset "$$PORT_OFFSET")
MAIN_JOB := $(if $(SOURCE),--source "$$SOURCE") $(if $(UNTIL),--until "$$UNTIL") \
            $(if $(DAYS),--days "$$DAYS") $(if $(filter 1 yes true,$(GATE)),--gate)

help: ## print these words
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  Variables of day-23: SOURCE=folder of Telegram exports  UNTIL=auto|YYYY-MM-DD  DAYS=30  GATE=1"
	@echo "  Variables of every day-* word: STACK_ROOT=folder  PORT_OFFSET=1000  INVENTORY=name"
	@echo "  More words and every option: $(INVOKE) --list"

venv:
	@sh scripts/ci/venv.sh runtime

venv-dev:
	@sh scripts/ci/venv.sh dev

day-23: venv ## the main job: stack up, seed, verify, export, benchmark, one page that shows it
	@$(INVOKE) day23.run $(STACK) $(MAIN_JOB)

day-23-check: venv ## tell whether the stack could come up; changes nothing
	@$(INVOKE) day23.check $(STACK)

day-23-up: venv ## bring the shared stack up
	@$(INVOKE) day-23-up $(STACK)

day-12-up: venv ## the same, by its name in the Operations Guide
	@$(INVOKE) day-12-up $(STACK)

day-23-status: venv ## show what runs and where
	@$(INVOKE) day23.status $(STACK)

day-23-logs: venv ## show the last lines of one service: SERVICE=loki
	@$(INVOKE) day23.logs $(if $(STACK_ROOT),--stack-root "$$STACK_ROOT") "$${SERVICE:?which? e.g. make day-23-logs SERVICE=loki}"

day-23-down: venv ## stop the stack; PURGE=1 deletes its data too
	@$(INVOKE) day-23-down $(STACK) $(if $(filter 1 yes true,$(PURGE)),--purge)

day-23-validate: venv ## stop and start the stack and prove that everything resumed; DISRUPTION=kill REPEAT=5
	@$(INVOKE) day23.validate $(STACK) $(if $(DISRUPTION),--disruption "$$DISRUPTION") $(if $(REPEAT),--repeat "$$REPEAT")

container-tools:
	@sh scripts/ci/container_tools.sh

test: venv-dev artefacts container-tools ## every gate and every test; as root also those that need a Docker daemon
	@echo "Gates (side by side)"
	@$(MAKE) -k -j4 --output-sync=target gates
	@echo "Tests"
	@$(BIN)/python -m pytest -n auto --dist loadfile --durations=10 --durations-min=1 -q tests

gates: gate-lint-python gate-lint-yaml gate-lint-ansible gate-lint-files gate-typecheck gate-security

lint: ## ruff, yamllint, ansible-lint, JSON, YAML, merge conflicts
	@$(MAKE) -k -j4 --output-sync=target gate-lint-python gate-lint-yaml gate-lint-ansible gate-lint-files

typecheck: gate-typecheck ## mypy --strict

security: gate-security ## bandit: nothing of medium or high severity

conventions: venv-dev ## the rules of the house
	@$(BIN)/python -m pytest -q tests/conventions

unit: venv-dev ## unit tests, on all cores
	@$(BIN)/python -m pytest -n auto -q tests/unit

integration: venv-dev artefacts container-tools ## tests against a stack of their own
	@$(BIN)/python -m pytest -n auto --dist loadfile --durations=10 --durations-min=1 -q tests/integration

docker: venv-dev artefacts container-tools ## the engine tests alone, on both engines
	@$(BIN)/python -m pytest -n 2 --dist loadfile --durations=10 --durations-min=1 -q tests/integration/engines

molecule: venv-dev artefacts container-tools ## the molecule scenarios alone, on both engines; SCENARIO=name for one
	@$(BIN)/python -m pytest -n 2 --dist loadfile --durations=10 -q tests/molecule $(if $(SCENARIO),-k "$$SCENARIO")

crash-points: venv-dev artefacts ## seed and export killed at 1,000 points; needs strace
	@DAY23_CRASH_POINTS=1000 $(BIN)/python -m pytest -q -s tests/faults/test_crash_points.py

races: venv-dev artefacts ## two seeds and two exports at once, 100 times
	@DAY23_RACES=100 $(BIN)/python -m pytest -q -s tests/faults/test_two_at_once.py

bad-inputs: venv-dev artefacts ## 20,000 bad inputs through parser, validator, importer and exporter
	@DAY23_BAD_INPUTS=21000 $(BIN)/python -m pytest -q --durations=0 tests/faults/test_bad_inputs.py

alert-mutations: venv-dev artefacts ## break every alert in every way; its cases have to notice
	@DAY23_ALERT_MUTATIONS_EVERY=1 $(BIN)/python -m pytest -q -s tests/integration/alerts/test_rule_mutations.py tests/integration/alerts/test_loki_rules.py

benchmark-hosts: venv-dev artefacts ## a benchmark whose clients are two hosts driven over SSH; as root
	@DAY23_BENCHMARK_HOSTS=1 $(BIN)/python -m pytest -q --durations=0 tests/integration/benchmark/test_benchmark_clients.py

restart-controls: venv-dev artefacts ## break one thing at a time; the restart validation must fail for that reason
	@DAY23_RESTART_CONTROLS=all $(BIN)/python -m pytest -q --durations=0 tests/faults/test_restart_controls.py

reboot-rehearsal: venv-dev artefacts ## boot a machine of its own, in order and by cutting its power, and validate; as root
	@DAY23_REBOOT=1 $(BIN)/python -m pytest -q -s tests/faults/test_reboot.py

stage-05-03: venv ## the Stage 05_03 pilot up to the human approvals: dry run, live run, log
	@$(INVOKE) day23.benchmark $(STACK)
	@$(BIN)/day23 benchmark pilot-log

benchmark-exports: venv-dev artefacts ## measure exporters side by side; rewrites the committed result and its page
	@$(BIN)/python benchmarks/exports.py

coverage: venv-dev artefacts container-tools ## tests with the coverage gates: 80 % overall, 95 % in domain and application
	@$(BIN)/python -m pytest -n auto --dist loadfile -q --cov=src/day23 --cov-report=xml --cov-report= tests
	@$(BIN)/python -m coverage report --fail-under=80
	@$(BIN)/python -m coverage report --fail-under=95 --include='src/day23/domain/*,src/day23/application/*'

artefacts: venv ## fetch and build what the services run; nothing to do once cached
	@$(INVOKE) day23.fetch

lock: venv-dev ## refresh requirements*.txt from pyproject.toml
	@$(GATE_STEP) requirements.txt $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header -o requirements.txt pyproject.toml
	@$(GATE_STEP) requirements-dev.txt $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header --extra dev -o requirements-dev.txt pyproject.toml
	@$(GATE_STEP) requirements-hosts.txt $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header --extra hosts -c requirements-dev.txt -o requirements-hosts.txt pyproject.toml

# One gate each; .pre-commit-config.yaml runs these very words.
.PHONY: gate-lint-python gate-lint-yaml gate-lint-ansible gate-lint-files gate-typecheck gate-security
gates gate-lint-python gate-lint-yaml gate-lint-ansible gate-lint-files gate-typecheck gate-security: venv-dev
gate-lint-python:
	@$(GATE_STEP) "ruff check" $(BIN)/ruff check $(PYTHON_FILES)
	@$(GATE_STEP) "ruff format" $(BIN)/ruff format --check $(PYTHON_FILES)
gate-lint-yaml:
	@$(GATE_STEP) yamllint $(BIN)/yamllint --strict .
gate-lint-ansible:
	@PATH="$$PWD/$(BIN):$$PATH" $(GATE_STEP) ansible-lint $(BIN)/ansible-lint --offline -q
gate-lint-files:
	@$(GATE_STEP) "json, yaml, merge conflicts" $(BIN)/python -m pytest -q tests/conventions/test_data_files.py
gate-typecheck:
	@$(GATE_STEP) "mypy --strict" $(BIN)/mypy --strict src
gate-security:
	@$(GATE_STEP) bandit $(BIN)/bandit -q -ll -r src -c pyproject.toml
