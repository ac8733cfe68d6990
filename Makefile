# Everything goes through these targets; the build tags live here.
TAGS  := sqlite_fts5
GO    ?= go
export CGO_ENABLED = 1
SUDO  := $(shell test "$$(id -u)" = 0 || echo sudo)
APT   := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

# Playwright wants Node 20; where the system's is older (Debian 12 has 18), npm
# brings one for this folder.
NODE         := 20
NODE_INSTEAD := 22
export PATH  := $(CURDIR)/widget/node_modules/.bin:$(PATH)
GO_MINOR     := $(shell sed -n 's/^go 1\.\([0-9]*\).*/\1/p' go.mod)

.PHONY: needs build release demo assets libraries test tools vet fmt front bench bench-short bench-widget
build:
	$(GO) build -tags '$(TAGS)' -trimpath -ldflags '-s -w' -o parley ./cmd/parley

# What is downloaded, in dist/: packages, checksums, lists of what is inside. The
# version is that of the tag; TARGETS says for which systems.
TARGETS ?= linux/amd64,linux/arm64
release:
	$(GO) run ./cmd/release -out dist -targets '$(TARGETS)'

# The first build compiles SQLite: two minutes on a small machine.
demo: build
	./parley demo

# The front end, built into static/assets; commit what it makes.
assets: libraries
	$(GO) run ./widget

test: tools vet front
	$(GO) test -race -count=1 -timeout 40m -json -tags '$(TAGS)' ./... | $(GO) run ./cmd/testreport

# What takes long, by hand: every fuzz target for a while, and the matrices of
# faults (kills, full disks, lost power, random work) again and again.
FUZZ ?= 30s
LONG ?= 10
FAULTS := Kill|Disk|Power|Fault|Random|Durab|Concurrent|AtOnce
test-long: tools
	@for p in $$($(GO) list -tags '$(TAGS)' ./internal/...); do \
		for f in $$($(GO) test -tags '$(TAGS)' -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$f"; $(GO) test -tags '$(TAGS)' -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZ) $$p || exit 1; \
		done; done
	$(GO) test -race -count=$(LONG) -timeout 6h -run '$(FAULTS)' -tags '$(TAGS)' ./internal/store ./internal/discuss/... ./internal/systemtest

# What nothing here can install, said at once.
needs:
	@$(GO) version | awk '{ split(substr($$3, 3), v, "."); if (v[1] > 1 || v[2] + 0 >= $(GO_MINOR)) exit 0; print "go: this is " $$3 "; Parley needs 1.$(GO_MINOR) or newer"; exit 1 }'
	@command -v $${CC:-cc} >/dev/null || { echo 'cc: there is no C compiler; SQLite needs one (Debian: apt-get install gcc libc6-dev)'; exit 1; }
	@! command -v node >/dev/null || node -e 'const v = parseInt(process.versions.node); if (v < 18) { console.log("node: this is " + process.versions.node + "; the tests need 18 or newer"); process.exit(1) }'
	@command -v apt-get >/dev/null || for t in strace chromium node npm; do command -v $$t >/dev/null || { echo "$$t: is missing, and there is no apt-get to install it with"; exit 1; }; done

# What the tests need beside Go: installed where it is missing.
tools: needs
	@need=; for t in strace chromium node npm; do command -v $$t >/dev/null || need="$$need $$t"; done; \
	need=$$(echo "$$need" | sed 's/node\b/nodejs/'); \
	test -z "$$need" || { $(SUDO) apt-get update -qq && $(APT) $$need; }
	@command -v chromium-headless-shell >/dev/null || { $(SUDO) apt-get update -qq && $(APT) chromium-headless-shell; } >/dev/null 2>&1 || \
	echo 'no package has chromium-headless-shell: the browser tests use chromium, and take twice as long'
	@$(MAKE) -s libraries

# What npm brings: the libraries of our own pages, and what checks and tests them.
libraries:
	@cd widget && { test -d node_modules/playwright-core && test node_modules/.package-lock.json -nt package-lock.json || npm ci --silent; }
	@node -e 'process.exit(+(parseInt(process.versions.node) < $(NODE)))' || { cd widget && npm install --no-save --silent node@$(NODE_INSTEAD); }
	@node -e 'process.exit(+(parseInt(process.versions.node) < $(NODE)))' || { echo "node: $$(node -v) is too old; the tests need $(NODE) or newer"; exit 1; }

vet:
	@odd=$$($(GO) tool gofumpt -l cmd internal static widget/*.go); test -z "$$odd" || { echo "$$odd"; echo 'run: make fmt'; exit 1; }
	$(GO) vet -tags '$(TAGS)' ./...
	$(GO) tool staticcheck -tags '$(TAGS)' ./...

fmt:
	$(GO) tool gofumpt -w cmd internal static widget/*.go

# The TypeScript: types, linter, unit tests, and that the committed build is fresh.
front:
	cd widget && npx --no-install tsc -p . && npx --no-install tsc -p test && npx --no-install biome lint --error-on-warnings .
	$(GO) run ./widget -check
	@rm -rf widget/dist-test && $(GO) run ./widget -tests widget/dist-test && node --test widget/dist-test/*.test.mjs

# Figures beside their physical limits, measured in the same run: three rounds,
# median and range. About ten minutes, most of it for a thread of a million.
# The rows stand in bench.json, too. See static/docs/develop/performance.md.
bench-short: build
	@$(GO) run -tags '$(TAGS)' ./cmd/bench -parley ./parley -rounds 3 -json bench.json

bench: build bench-widget
	@$(GO) run -tags '$(TAGS)' ./cmd/bench -parley ./parley -rounds 7 -full -json bench.json

# What the widget costs a reader and the page around it, in Chromium; JSON=--json gives lines for a program.
bench-widget: build tools
	@node widget/test/bytes.mjs ./parley $(JSON)
