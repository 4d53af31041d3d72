# Marquee. `make` lists what can be made.

PORT ?= 8080
SITEGEN = .build/release/SiteGen
SERVER = .build/release/SignupServer
PYTHON = .venv/bin/python
VENV = .venv/complete

# What Package.swift links, as Debian and Ubuntu name it.
LIBRARIES = pkg-config libcmark-gfm-dev libcmark-gfm-extensions-dev libyaml-dev libxxhash-dev libxml2-dev libvips-dev libqrencode-dev \
	libbrotli-dev zlib1g-dev libsqlite3-dev libcurl4-openssl-dev
# What the tests run besides; COMMAND=PACKAGE, see .ci/install-packages. CHROME may name a browser that is elsewhere.
TEST_TOOLS = git=git flock=util-linux strace=strace openssl=openssl python3=python3 python3-venv java=default-jre-headless node=nodejs \
	$(if $(CHROME),,chromium/chromium-browser/google-chrome/google-chrome-stable=chromium)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Start the server: build all of Content/, serve it and print the addresses (PORT=8080)
	@$(SERVER) serve --port $(PORT)

.PHONY: edit
edit: build ## Show the sites while writing: pages load themselves again (PORT=8080)
	@$(SITEGEN) serve --port $(PORT)

.PHONY: build
build: deps ## Build SiteGen and SignupServer in release mode
	@swift build -c release --static-swift-stdlib --product SiteGen
	@swift build -c release --static-swift-stdlib --product SignupServer

.PHONY: test
test: test-deps ## Run every test, in a real browser too
	@$(PYTHON) Tests/run.py

.PHONY: test-pages
test-pages: test-deps ## Run only the tests of the built pages, with the debug SiteGen
	@swift build --product SiteGen
	@$(PYTHON) -m pytest Tests/Browser -n 2 -q

.PHONY: screenshots
screenshots: test-deps ## Take the pictures of the guides and the README anew
	@swift build --product SiteGen
	@$(PYTHON) -B Tests/Browser/make_screenshots.py

.PHONY: check
check: build ## Show what is wrong or stale in Content/
	@$(SITEGEN) check

.PHONY: bench
bench: build $(VENV) ## Measure, and print the tables
	@$(PYTHON) Benchmarks/run.py
	@.ci/install-packages nginx=nginx wrk=wrk
	@$(PYTHON) Benchmarks/serve.py
	@$(PYTHON) Benchmarks/sign_up.py

.PHONY: format
format: ## Format the Swift code
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

.PHONY: lint
lint: ## Say where the Swift code is not formatted
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

.PHONY: deps
deps: ## Install the system packages that the build needs, or say which
	@command -v swift >/dev/null || { echo "Swift is missing: install Swift 6.3 from https://www.swift.org/install/" >&2; exit 1; }
	@.ci/install-packages $(LIBRARIES)

.PHONY: test-deps
test-deps: deps test-tools $(VENV) ## Install what the tests need as well

.PHONY: test-tools
test-tools:
	@.ci/install-packages $(TEST_TOOLS)

# An environment of its own, made anew when the list of packages changes.
$(VENV): Tests/requirements.txt | test-tools
	@rm -rf .venv
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement Tests/requirements.txt
	@touch $(VENV)

.PHONY: clean
clean: ## Remove all that was built
	@rm -rf .build .venv output
