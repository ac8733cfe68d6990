# Everything goes through these targets; the build tags live here.
TAGS  := sqlite_fts5
GO    ?= go
export CGO_ENABLED = 1

.PHONY: build demo test vet
build:
	$(GO) build -tags '$(TAGS)' -o parley ./cmd/parley

demo:
	$(GO) run -tags '$(TAGS)' ./cmd/parley demo

test: vet
	$(GO) test -race -tags '$(TAGS)' ./...

vet:
	@test -z "$$(gofmt -l cmd internal static widget)" || { gofmt -l cmd internal static widget; echo 'run gofmt'; exit 1; }
	$(GO) vet -tags '$(TAGS)' ./...
