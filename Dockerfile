# The image holds the program and the authorities that Mozilla trusts, and
# nothing else: no shell, no package manager. It runs as nobody.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.release=${VERSION}" -o /mailprobe ./cmd/mailprobe

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /mailprobe /usr/bin/mailprobe
COPY --from=build /src/LICENSE /usr/share/doc/mailprobe/LICENSE
USER 65532:65532
ENTRYPOINT ["/usr/bin/mailprobe"]
CMD ["--help"]
