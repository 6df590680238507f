import type { SecureContext } from "node:tls";
import type { GenericSchema, InferOutput } from "valibot";
import type { Secret } from "../../domain/secret.ts";
import type { Warning } from "../../domain/warning.ts";
import { CM_TIMEOUT } from "../../domain/well-known.ts";
import { clouderaConnectFailure } from "../../messages/failures/cloudera/connect.ts";
import { clouderaWarning } from "../../messages/warnings/cloudera.ts";
import { Exchange } from "../http/exchange.ts";
import type { Call } from "../http/failures.ts";
import { type Pace, RETRY, type RetryPolicy, realPace } from "../http/retry.ts";
import { createTransport, type Transport } from "../http/transport.ts";
import { trustContext } from "../http/trust.ts";
import { apiOf, type CmPorts, candidateUrls } from "./address.ts";
import { readAgentConfig } from "./agent-config.ts";
import { reach } from "./connect.ts";
import { readAnswer } from "./read-answer.ts";

/** Where Cloudera Manager is and who asks. */
export interface CmConnection {
  /** `http(s)://host:port`, or a bare host (https on 7183 is tried first, then http on 7180). */
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
  /**
   * PEM file of the authority that signed the server's certificate; without it the agent's and the system's are used.
   */
  readonly caFile?: string;
  /** Do not verify the certificate. Gives a warning. */
  readonly insecure?: boolean;
}

export interface CmOptions {
  /** Limit for one exchange, seconds; default 60: the full view of a large cluster takes its time. */
  readonly timeout?: number;
  /** Ends every call of this client with Failure `interrupted`. */
  readonly signal?: AbortSignal;
  readonly pace?: Pace;
  readonly retry?: RetryPolicy;
  readonly ports?: CmPorts;
  /** The agent's `config.ini`, for its `verify_cert_file`. */
  readonly agentConfig?: string;
  /** PEM bundles of the system, the first readable one is used. */
  readonly systemBundles?: readonly string[];
}

/** Segments below `/api/vN/` (behind Knox `…/cm-api/vN/`); each is percent-encoded (cluster names hold blanks). */
export type CmPath = readonly string[];
export type CmQuery = Readonly<Record<string, string | undefined>>;

/** A login that only reads: nothing that gets it can change anything in Cloudera Manager. */
export interface CmReader {
  /** Base URL in use, after redirects: `https://cm.example.com:7183`. */
  readonly url: string;
  /** The version that is spoken: the lower of the server's and the highest that this tool knows. */
  readonly apiVersion: number;
  readonly serverVersion: number;
  readonly user: string;
  readonly warnings: readonly Warning[];
  readonly pace: Pace;
  /** Reads JSON; repeated on network faults, 429 and 502–504. @throws Failure */
  get<S extends GenericSchema>(path: CmPath, schema: S, query?: CmQuery): Promise<InferOutput<S>>;
  /** Reads a file's bytes; repeated like {@link CmReader.get}. @throws Failure */
  download(path: CmPath): Promise<Uint8Array>;
  /** What the server said, as one short line without the login's secrets, which it may echo. */
  said(text: string, length?: number): string;
  close(): void;
}

/** A login that also writes. */
export interface CmClient extends CmReader {
  /**
   * Sends once: whether to send again is for the caller, who can look at what the server holds. Any 2xx is good.
   * @throws CmFailure
   */
  put(path: CmPath, body: unknown, query?: CmQuery): Promise<void>;
  /** Sends a command, once. @throws CmFailure */
  post<S extends GenericSchema>(path: CmPath, schema: S, body?: unknown): Promise<InferOutput<S>>;
}

/** The newest API this tool was written for (CM 7.13.2): a newer server is spoken to in this one. */
export const NEWEST_API = 58;

/**
 * Connects: finds the base URL (a redirect from 7180 to 7183 is followed once, by a GET without a password),
 * authenticates and agrees on the API version. Close the client when done, or kept-alive connections hold the process.
 * @throws Failure `unreachable`, `auth` or `settings`; never an AxiosError, never with the password
 */
export async function openCloudera(connection: CmConnection, options: CmOptions = {}): Promise<CmClient> {
  // Basic authentication separates name and password by the first colon.
  if (connection.user === "" || /[:\u0000-\u001f\u007f]/.test(connection.user)) {
    throw clouderaConnectFailure("bad-cm-user");
  }
  const warnings: Warning[] = [];
  if (connection.insecure === true) warnings.push(clouderaWarning("cm-insecure"));
  const transport = await createTransport(() => trustOf(connection, options));
  try {
    const exchange = new Exchange({
      transport,
      user: connection.user,
      password: connection.password,
      timeout: options.timeout ?? CM_TIMEOUT,
      pace: options.pace ?? realPace,
      retry: options.retry ?? RETRY,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const reached = await reach(candidateUrls(connection.url, options.ports), exchange, warnings);
    return clientOf(exchange, transport, { ...reached, warnings });
  } catch (thrown) {
    transport.close();
    throw thrown;
  }
}

async function trustOf(connection: CmConnection, options: CmOptions): Promise<SecureContext | undefined> {
  const { caFile } = connection;
  if (connection.insecure === true) return undefined;
  // An unreadable agent configuration only means one authority less.
  const agent =
    caFile === undefined ? await readAgentConfig(options.agentConfig).catch(() => undefined) : undefined;
  return trustContext({
    ...(caFile === undefined ? {} : { caFile }),
    ...(agent?.verifyCertFile === undefined ? {} : { agentFile: agent.verifyCertFile }),
    ...(options.systemBundles === undefined ? {} : { bundles: options.systemBundles }),
  });
}

function clientOf(
  exchange: Exchange,
  transport: Transport,
  about: { url: string; serverVersion: number; warnings: readonly Warning[] },
): CmClient {
  const apiVersion = Math.min(about.serverVersion, NEWEST_API);
  const urlOf = (path: CmPath, query: CmQuery = {}): string => {
    const parameters = Object.entries(query)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const tail = parameters.length === 0 ? "" : `?${parameters.join("&")}`;
    return `${apiOf(about.url)}/v${apiVersion}/${path.map(encodeSegment).join("/")}${tail}`;
  };
  const callOf = (method: string, url: string): Call => ({ method, url, user: exchange.user });
  return {
    url: about.url,
    apiVersion,
    serverVersion: about.serverVersion,
    user: exchange.user,
    warnings: about.warnings,
    pace: exchange.pace,
    get: async (path, schema, query) => {
      const url = urlOf(path, query);
      return readAnswer(await exchange.read({ method: "GET", url, json: true }), schema, callOf("GET", url));
    },
    put: async (path, body, query) => {
      await exchange.write({ method: "PUT", url: urlOf(path, query), body: JSON.stringify(body) });
    },
    post: async (path, schema, body) => {
      const url = urlOf(path);
      const reply = await exchange.write({
        method: "POST",
        url,
        body: body === undefined ? "" : JSON.stringify(body),
      });
      return readAnswer(reply, schema, callOf("POST", url));
    },
    download: async (path) => (await exchange.read({ method: "GET", url: urlOf(path) })).body,
    said: (text, length) => exchange.said(text, length),
    close: () => transport.close(),
  };
}

/** The reading half of a login, as an object that has no other. */
export function readerOf(client: CmClient): CmReader {
  const { url, apiVersion, serverVersion, user, warnings, pace, get, download, said, close } = client;
  return { url, apiVersion, serverVersion, user, warnings, pace, get, download, said, close };
}

/** `.` and `..` would be swallowed by URL normalisation; no object of Cloudera Manager can be named so. */
function encodeSegment(segment: string): string {
  if (segment === "." || segment === ".." || segment === "") {
    throw clouderaConnectFailure("bad-name", { name: segment });
  }
  return encodeURIComponent(segment);
}
