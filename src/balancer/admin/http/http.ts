import { createServer as createHttp } from "node:http";
import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { formatEndpoint, parseEndpoint } from "../../../domain/endpoint.ts";
import { LISTENING } from "../../../messages/failures/balancer/check.ts";
import type { RunningBalancer } from "../../balancer.ts";
import { listenFailure } from "../../front/accept/bind.ts";
import type { Turns } from "../../time/turns.ts";
import { Metrics } from "../metrics.ts";
import { Pages } from "../page/pages.ts";
import { FirstRequest, firstHead } from "./first-request.ts";
import { Visitors } from "./visitors.ts";

export interface AdminPages {
  /** Where it listens: `HOST:PORT` with the real port. */
  readonly address: string;
  /** Told of every connection made to a backend; seconds. */
  connected(listener: string, backend: string, seconds: number): void;
  close(): void;
}

/** Connections at a time, and milliseconds for each half of a visit. */
const LIMITS = { most: 32, patience: 10_000 };

/**
 * The status page (`/`), `/status.json`, `/metrics` (Prometheus) and `/healthz` (200 while every listener has a usable
 * backend and the balancer is not about to stop). Read-only; there is no secret on it. One request for each connection;
 * what is told is a second old at most, but for `/healthz`, which comes before everything else.
 * @param turns shares the event loop with the balanced clients
 * @throws Failure `settings` or `auth`: the address cannot be listened on
 */
export async function startPages(
  bind: string,
  balancer: () => RunningBalancer | undefined,
  turns: Turns,
): Promise<AdminPages> {
  const endpoint = parseEndpoint(bind);
  const metrics = new Metrics();
  const visitors = new Visitors(LIMITS);
  const receive = reception(new Pages(endpoint.host, balancer, metrics, turns), visitors, turns);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, receive);
  await listening(server, bind, endpoint);
  const bound = server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : endpoint.port;
  return {
    address: formatEndpoint({ host: endpoint.host, port }),
    connected: (listener, backend, seconds) => metrics.connected(listener, backend, seconds),
    close: () => {
      server.close();
      visitors.close();
    },
  };
}

/** What is done with each connection: one request is read and answered. */
export function reception(pages: Pages, visitors: Visitors, turns: Turns): (visitor: Duplex) => void {
  const http = createHttp((request, response) => pages.answer(request, response));
  http.maxRequestsPerSocket = 1;
  // Nobody is asked for a body, whatever is expected.
  for (const event of ["checkContinue", "checkExpectation"]) {
    http.on(event, (request, response) => pages.answer(request, response));
  }
  return (visitor) => {
    visitors.enter(visitor);
    firstHead(visitor, (head) => {
      const isUrgent = /^(GET|HEAD) \/healthz[ ?]/.test(head);
      visitors.becomes(visitor, isUrgent ? "urgent" : "any");
      const serve = (write: (act: () => void) => void) => (): void => {
        if (!visitor.destroyed) http.emit("connection", new FirstRequest(visitor, head, write));
      };
      // Its answer is a few bytes: written as soon as it is made.
      if (isUrgent) turns.urgent(serve((act) => act()));
      else turns.soon(serve((act) => turns.soon(act)));
    });
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
