# Builds the map page and the program, then keeps only the program.
FROM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN cd web && npm ci --no-audit --no-fund
COPY . .
ARG VERSION=docker
RUN go run ./web/bundle && \
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /quanyu ./cmd/quanyu

FROM debian:bookworm-slim
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates tzdata && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --create-home --home-dir /var/lib/quanyu quanyu
COPY --from=build /quanyu /usr/local/bin/quanyu
USER quanyu
WORKDIR /var/lib/quanyu
ENV QUANYU_LISTEN=0.0.0.0:8080 QUANYU_DATA_DIR=/var/lib/quanyu
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s \
  CMD ["quanyu", "health"]
ENTRYPOINT ["quanyu"]
CMD ["up"]
