# What can be done here: `make help`. Needs Python 3.11 or newer; everything else is brought along.

PORT ?= 8000
TEST_PROCESSES ?= 2
BROWSER ?= with
BIN := .venv/bin

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help run test lint bench environment

help: ## この一覧 / this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
		|| grep -hE '^[a-z]+:.*## ' Makefile

run: environment ## デモを始める / start the demo, then open the printed address (PORT=8001 make run)
	@exec $(BIN)/kotowari run --demo --port $(PORT)

test: environment browser lint ## すべて確かめる / check everything
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile $(if $(filter without,$(BROWSER)),-m "not browser") $(ARGS)

lint: environment ## 書き方・型・層を確かめる / style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DATABASE_URL=postgresql:///none KOTOWARI_DATA=.kotowari/test $(BIN)/mypy src/kotowari
	$(BIN)/lint-imports

bench: environment ## 速さを測る / measure (its own data, minutes; NAME="pages search")
	$(BIN)/kotowari bench $(NAME)

.PHONY: browser
browser:
ifneq ($(BROWSER),without)
	@$(PYTHON) deploy/browser.py >/dev/null
endif

environment:
ifeq ($(strip $(PYTHON)),)
	@echo 'Python 3.11 以降が見つかりません: sudo apt-get install python3 python3-venv' >&2
	@echo 'No Python 3.11 or newer was found: sudo apt-get install python3 python3-venv' >&2
	@exit 1
endif
	@$(PYTHON) deploy/bootstrap.py
