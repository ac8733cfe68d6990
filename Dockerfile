# One static binary on an empty base. Where there is no container engine, a
# test runs the build command below and serves from an empty root.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=1 go build -trimpath -tags "sqlite_fts5 sqlite_omit_load_extension osusergo netgo" -ldflags "-s -w -X main.version=${VERSION} -linkmode external -extldflags -static" -o /out/parley ./cmd/parley
RUN mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/parley /parley
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV PARLEY_LISTEN=0.0.0.0:8080 PARLEY_DATABASE=sqlite:/data/parley.db
EXPOSE 8080
VOLUME /data
# Set PARLEY_PUBLIC_URL to the address that browsers use.
ENTRYPOINT ["/parley"]
CMD ["serve"]
