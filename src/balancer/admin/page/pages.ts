import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../../domain/failure.ts";
import type { RunningBalancer } from "../../balancer.ts";
import { atOnce, type Turns, type Work } from "../../time/turns.ts";
import { isOwnName } from "../http/own-name.ts";
import type { Metrics } from "../metrics.ts";
import { statusLine } from "../status.ts";
import { Fresh } from "./fresh.ts";
import { contentSecurityPolicy, page } from "./page.ts";

/** What is sent. */
interface Page {
  readonly status: number;
  readonly type: string;
  /** In pieces, each short enough for one step. */
  readonly body: readonly Buffer[];
  readonly headers?: Readonly<Record<string, string>>;
}

const PLAIN = "text/plain";
const WHOLE_PAGE = Buffer.from(page);

/** What stands at which address. */
export class Pages {
  readonly #ownHost: string;
  readonly #balancer: () => RunningBalancer | undefined;
  readonly #turns: Turns;
  readonly #status: Fresh<readonly Buffer[]>;
  readonly #metrics: Fresh<readonly Buffer[]>;
  readonly #metricsType: string;

  constructor(ownHost: string, balancer: () => RunningBalancer | undefined, metrics: Metrics, turns: Turns) {
    this.#ownHost = ownHost;
    this.#balancer = balancer;
    this.#turns = turns;
    this.#metricsType = metrics.contentType;
    this.#status = new Fresh(() => turns.run(statusPage(this.#running)));
    this.#metrics = new Fresh(async () => {
      const ofProcess = await metrics.ofProcess();
      return turns.run(metricsPage(this.#running, metrics, ofProcess));
    });
  }

  /** The balancer, for pages that are asked for only while it runs. */
  get #running(): RunningBalancer {
    const balancer = this.#balancer();
    if (balancer === undefined) throw new Error("the balancer does not run");
    return balancer;
  }

  /** Answers, and closes the connection. Never throws. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    response.on("error", () => undefined);
    const page = this.#pageFor(request);
    if (!(page instanceof Promise)) {
      atOnce(send(response, page));
      return;
    }
    void page
      .catch((error: unknown) => plain(500, messageOf(error)))
      // What costs has been made for all who asked: they get it one by one.
      .then((made) => this.#turns.run(send(response, made)));
  }

  #pageFor(request: IncomingMessage): Page | Promise<Page> {
    if (!isOwnName(request.headers.host, this.#ownHost)) {
      return plain(421, "this name does not belong to the balancer; use its address");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return { ...plain(405, "read-only"), headers: { Allow: "GET, HEAD" } };
    }
    const balancer = this.#balancer();
    if (balancer === undefined) return plain(503, "starting");
    switch ((request.url ?? "/").split("?")[0]) {
      case "/":
        return {
          status: 200,
          type: "text/html; charset=utf-8",
          body: [WHOLE_PAGE],
          headers: { "Content-Security-Policy": contentSecurityPolicy },
        };
      case "/status.json":
        return this.#status.get().then((body) => ({ status: 200, type: "application/json", body }));
      case "/metrics":
        return this.#metrics.get().then((body) => ({ status: 200, type: this.#metricsType, body }));
      case "/healthz":
        return balancer.isWell() ? plain(200, "OK") : plain(503, "no usable backend, or stopping");
      default:
        return plain(404, "there are /, /status.json, /metrics and /healthz");
    }
  }
}

function* statusPage(balancer: RunningBalancer): Work<Buffer[]> {
  return [Buffer.from(yield* statusLine(balancer))];
}

function* metricsPage(balancer: RunningBalancer, metrics: Metrics, ofProcess: string): Work<Buffer[]> {
  return yield* metrics.page(yield* balancer.statsInSteps(), ofProcess);
}

function plain(status: number, line: string): Page {
  return { status, type: PLAIN, body: [Buffer.from(`${line}\n`)] };
}

function* send(response: ServerResponse, { status, type, body, headers }: Page): Work<void> {
  if (response.destroyed) return;
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": body.reduce((sum, { length }) => sum + length, 0),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    Connection: "close",
    ...headers,
  });
  for (const piece of response.req.method === "HEAD" ? [] : body) {
    response.write(piece);
    yield;
  }
  response.end();
}
