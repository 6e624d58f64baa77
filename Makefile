# The verbs of this project; `make help` lists them.

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
RUN := $(VENV)/bin

# Nothing is fetched behind the user's back: no other Python, no browser.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(VENV)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
export PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS := 1
export DO_NOT_TRACK := 1

INSTALLED := $(VENV)/.installed
# WeasyPrint's text layout; the browser of the tests and what its driver needs.
PRINT_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
TEST_PACKAGES := chromium libatomic1

.DEFAULT_GOAL := help
.PHONY: help install demo test check format proof bench screenshots clean print-packages test-packages

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(INSTALLED) print-packages ## the environment and what the demo needs

$(INSTALLED): pyproject.toml uv.lock Makefile
	@echo "Python environment in $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: install python3-venv"; exit 1; }
	@$(RUN)/python -c 'import sys; from importlib.metadata import version; sys.exit(version("uv") != "$(UV_VERSION)")' 2>/dev/null \
		|| $(RUN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@$(RUN)/uv sync --frozen --quiet --python $(RUN)/python
	@touch $@

print-packages:
	@.ci/packages $(PRINT_PACKAGES)

test-packages:
	@.ci/packages $(PRINT_PACKAGES) $(TEST_PACKAGES)

demo: install ## everything on this machine with invented data: http://localhost:8000 (FRESH=1 begins anew, PORT=)
	@exec $(RUN)/python manage.py demo $(if $(filter 1,$(FRESH)),--fresh) $(if $(PORT),--port $(PORT))

test: install test-packages ## the tests, browser included
	$(RUN)/pytest -m "not proof" -n 2 --dist loadgroup

check: install ## everything that reads the code without running it
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy --no-incremental  # after a change of models the plugin's cache forgets managers
	$(RUN)/lint-imports
	find templates -name '*.html' -print0 | xargs -0 --no-run-if-empty $(RUN)/djade --check --target-version 5.2
	$(RUN)/djlint templates --lint --quiet
	$(RUN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$(head -c 64 /dev/urandom | base64 -w0) ALLOWED_HOSTS=check.invalid \
		$(RUN)/python -W error manage.py check --deploy --fail-level WARNING

format: install ## put code and templates into the shape that `make check` asks for
	$(RUN)/ruff check --fix --quiet . || true
	$(RUN)/ruff format .
	find templates -name '*.html' -print0 | xargs -0 --no-run-if-empty $(RUN)/djade --target-version 5.2

proof: install test-packages ## the long ones: kills, the interface's own document, benchmarks
	$(RUN)/pytest -m proof
	@echo "What lives in SQL, on the oldest PostgreSQL that production may have:"
	EMBEDDED_PG=16 $(RUN)/pytest -m "not proof and not browser" -n 2 --dist loadgroup tests/schools tests/providers \
		tests/kit/test_sqlfiles.py

bench: install ## the budgets of bulk work, each with its yardstick
	$(RUN)/pytest -m proof -k bench -s

screenshots: install test-packages ## pictures of the main pages into artefacts/
	$(RUN)/pytest -m browser tests/journey

clean: ## forget the environment and all data
	rm -rf $(VENV) var artefacts .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
