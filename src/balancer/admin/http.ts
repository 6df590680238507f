import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { formatEndpoint, parseEndpoint } from "../../domain/endpoint.ts";
import { messageOf } from "../../domain/failure.ts";
import { LISTENING } from "../../messages/failures/balancer-check.ts";
import type { RunningBalancer } from "../balancer.ts";
import { listenFailure } from "../front/accept/bind.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { contentSecurityPolicy, page } from "./page.ts";

export interface AdminPages {
  /** Where it listens: `HOST:PORT` with the real port. */
  readonly address: string;
  /** Told of every connection made to a backend; seconds. */
  connected(listener: string, backend: string, seconds: number): void;
  close(): void;
}

/**
 * The status page (`/`), `/status.json`, `/metrics` (Prometheus) and `/healthz` (200 while every listener has a usable
 * backend and the balancer is not about to stop).
 * Read-only; there is no secret on it.
 * @throws Failure `settings` or `auth`: the address cannot be listened on
 */
export async function startPages(
  bind: string,
  balancer: () => RunningBalancer | undefined,
): Promise<AdminPages> {
  const metrics = createMetrics();
  const endpoint = parseEndpoint(bind);
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
    response.on("error", () => undefined);
    answer(request, response, endpoint.host, balancer(), metrics).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, "text/plain", `${messageOf(error)}\n`);
    });
  });
  server.maxConnections = 64;
  await listening(server, bind, endpoint);
  const bound = server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : endpoint.port;
  return {
    address: formatEndpoint({ host: endpoint.host, port }),
    connected: metrics.connected,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listening(server: Server, bind: string, endpoint: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenFailure(error, LISTENING.admin, bind)));
    server.listen(endpoint.port, endpoint.host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  ownHost: string,
  balancer: RunningBalancer | undefined,
  metrics: Metrics,
): Promise<void> {
  if (!isOwnName(request.headers.host, ownHost)) {
    send(response, 421, "text/plain", "this name does not belong to the balancer; use its address\n");
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    send(response, 405, "text/plain", "read-only\n");
    return;
  }
  if (balancer === undefined) {
    send(response, 503, "text/plain", "starting\n");
    return;
  }
  switch ((request.url ?? "/").split("?")[0]) {
    case "/":
      response.setHeader("Content-Security-Policy", contentSecurityPolicy);
      send(response, 200, "text/html; charset=utf-8", page);
      return;
    case "/status.json":
      send(response, 200, "application/json", `${JSON.stringify(balancer.stats())}\n`);
      return;
    case "/metrics":
      send(response, 200, metrics.contentType, await metrics.text(balancer));
      return;
    case "/healthz": {
      const well = balancer
        .stats()
        .listeners.every((each) => each.backends.some((one) => one.state === "up"));
      send(response, well ? 200 : 503, "text/plain", well ? "OK\n" : "no usable backend, or stopping\n");
      return;
    }
    default:
      send(response, 404, "text/plain", "there are /, /status.json, /metrics and /healthz\n");
  }
}

/**
 * A page of another site could make a browser ask us under that site's name (DNS rebinding) and read the answer: only addresses,
 * `localhost` and this host's own names are answered.
 */
export function isOwnName(header: string | undefined, ownHost: string): boolean {
  if (header === undefined) return false;
  let host: string;
  try {
    host = parseEndpoint(header, 80).host.toLowerCase();
  } catch {
    return false;
  }
  if (isIP(host) !== 0 || host === "localhost") return true;
  return host === ownHost.toLowerCase() || host === hostname().toLowerCase();
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
