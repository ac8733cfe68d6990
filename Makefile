# Everything goes through these targets; the build tags live here.
TAGS  := sqlite_fts5
GO    ?= go
export CGO_ENABLED = 1

.PHONY: build demo test tools vet
build:
	$(GO) build -tags '$(TAGS)' -o parley ./cmd/parley

demo:
	$(GO) run -tags '$(TAGS)' ./cmd/parley demo

test: tools vet
	$(GO) test -race -tags '$(TAGS)' ./...

# What the tests need beside Go: installed where it is missing.
tools:
	@command -v strace >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq strace; }

vet:
	@test -z "$$(gofmt -l cmd internal static widget)" || { gofmt -l cmd internal static widget; echo 'run gofmt'; exit 1; }
	$(GO) vet -tags '$(TAGS)' ./...
