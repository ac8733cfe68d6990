# Everything goes through these targets; the build tags live here.
TAGS  := sqlite_fts5
GO    ?= go
export CGO_ENABLED = 1
APT   := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

.PHONY: build demo assets test tools vet fmt front bench bench-short
build:
	$(GO) build -tags '$(TAGS)' -trimpath -ldflags '-s -w' -o parley ./cmd/parley

demo:
	$(GO) run -tags '$(TAGS)' ./cmd/parley demo

# The front end, built into static/assets; commit what it makes.
assets:
	$(GO) run ./widget

test: tools vet front
	$(GO) test -race -count=1 -timeout 40m -tags '$(TAGS)' ./...

# What the tests need beside Go: installed where it is missing.
tools:
	@need=; for t in strace chromium node npm; do command -v $$t >/dev/null || need="$$need $$t"; done; \
	need=$$(echo "$$need" | sed 's/node\b/nodejs/'); \
	test -z "$$need" || { apt-get update -qq && $(APT) $$need; }
	@cd widget && { test -d node_modules/playwright-core && test node_modules/.package-lock.json -nt package-lock.json || npm ci --silent; }

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
	@rm -rf widget/dist-test && $(GO) run ./widget -tests widget/dist-test && node --test widget/dist-test/

# Figures beside their physical limits, measured in the same run: three rounds,
# median and range. About six minutes, most of it for a thread of a million.
bench-short: build
	@$(GO) run -tags '$(TAGS)' ./cmd/bench -parley ./parley -rounds 3

bench: build
	@$(GO) run -tags '$(TAGS)' ./cmd/bench -parley ./parley -rounds 7
