import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { SecureContext } from "node:tls";
import type { AxiosInstance } from "axios";
import { errnoOf, messageOf } from "../../domain/failure.ts";

/** One HTTP answer, whatever its status. Header names in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** The body read as JSON, where that was asked for and possible. */
  readonly json?: unknown;
}

export interface Request {
  readonly method: "GET" | "PUT" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  /** Limit for the whole exchange, from connecting to the last byte, seconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/**
 * No complete answer came. Holds an errno-like code and a message and nothing else: an AxiosError carries the request's
 * headers and with them the password, so none of it may travel further.
 */
export class NetworkFault extends Error {
  override readonly name = "NetworkFault";
  /** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …; own ones: `TIMEOUT`, `ABORTED`, `TOO_LARGE`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }

  /** Whether the same request may succeed a moment later. */
  get transient(): boolean {
    return this.code === "TIMEOUT" || TRANSIENT.has(this.code);
  }
}

const TRANSIENT = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ERR_BAD_RESPONSE",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** A clusters' full configuration is a few MiB; anything beyond this is not an answer of Cloudera Manager. */
const LARGEST_REPLY = 64 * 1024 * 1024;

export interface Transport {
  /** @throws NetworkFault when no complete answer comes */
  send(request: Request): Promise<Reply>;
  close(): void;
}

/**
 * HTTP/1.1 with kept-alive connections, no proxy, no redirects. `trust` is asked once, before the first https
 * connection (gathering all authorities of a system takes a while); when it gives undefined, certificates are not
 * verified.
 */
export async function createTransport(trust: () => Promise<SecureContext | undefined>): Promise<Transport> {
  const { default: axios } = await import("axios");
  // Node's 250 ms per address is too short for a dual-stack host over a slow line.
  const common = { keepAlive: true, maxSockets: 4, autoSelectFamilyAttemptTimeout: 3_000 };
  const httpAgent = new HttpAgent(common);
  let httpsAgent: Promise<HttpsAgent> | undefined;
  const makeHttpsAgent = async (): Promise<HttpsAgent> => {
    const secureContext = await trust();
    return new HttpsAgent({
      ...common,
      ...(secureContext === undefined
        ? { rejectUnauthorized: false }
        : { secureContext, rejectUnauthorized: true }),
    });
  };
  const instance = axios.create({
    adapter: "http",
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_REPLY,
    maxBodyLength: LARGEST_REPLY,
    responseType: "arraybuffer",
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
  });
  return {
    send: async (request) => {
      if (!request.url.startsWith("https:")) return exchange(instance, request, { httpAgent });
      httpsAgent ??= makeHttpsAgent();
      return exchange(instance, request, { httpsAgent: await httpsAgent });
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent?.then(
        (agent) => agent.destroy(),
        () => undefined,
      );
    },
  };
}

async function exchange(
  instance: AxiosInstance,
  request: Request,
  agent: { httpAgent: HttpAgent } | { httpsAgent: HttpsAgent },
): Promise<Reply> {
  // axios's own timeout only watches for idleness: a body that trickles would never end.
  const deadline = AbortSignal.timeout(request.timeout * 1000);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
  try {
    const reply = await instance.request<Buffer>({
      method: request.method,
      url: request.url,
      headers: { ...request.headers },
      signal,
      ...agent,
      ...(request.body === undefined ? {} : { data: request.body }),
    });
    return {
      status: reply.status,
      headers: Object.fromEntries(
        Object.entries(reply.headers)
          .filter((entry): entry is [string, string] => typeof entry[1] === "string")
          .map(([name, value]) => [name.toLowerCase(), value]),
      ),
      cookies: reply.headers["set-cookie"] ?? [],
      body: Buffer.isBuffer(reply.data) ? reply.data : Buffer.from(reply.data),
    };
  } catch (thrown) {
    if (request.signal?.aborted) throw new NetworkFault("ABORTED", "interrupted");
    if (deadline.aborted) throw new NetworkFault("TIMEOUT", `no complete answer within ${request.timeout} s`);
    throw faultOf(thrown);
  }
}

function faultOf(thrown: unknown): NetworkFault {
  const message = messageOf(thrown);
  if (/maxContentLength/.test(message)) {
    return new NetworkFault("TOO_LARGE", `${LARGEST_REPLY / 1024 / 1024} MiB`);
  }
  // Several addresses tried (happy eyeballs): the first one's fault says most.
  const nested = nestedErrors(thrown)[0];
  const code = errnoOf(thrown) ?? errnoOf(nested) ?? "UNKNOWN";
  const text = message === "" && nested !== undefined ? messageOf(nested) : message;
  return new NetworkFault(code, text === "" ? code : text);
}

function nestedErrors(thrown: unknown): unknown[] {
  if (typeof thrown !== "object" || thrown === null) return [];
  if ("errors" in thrown && Array.isArray(thrown.errors)) return thrown.errors;
  return "cause" in thrown ? nestedErrors(thrown.cause) : [];
}
