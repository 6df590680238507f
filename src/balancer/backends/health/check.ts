import type { Socket } from "node:net";
import type { Endpoint } from "../../../domain/endpoint.ts";
import type { Text } from "../../../domain/text.ts";
import { CHECKED } from "../../../messages/checks.ts";
import type { Kerberos } from "../../gssapi/kerberos.ts";
import type { HealthSpec } from "../../spec/spec.ts";
import type { TlsDialer } from "../../tls/dialer.ts";
import { attempt, UpstreamFault } from "../connect/attempt.ts";
import type { Resolver } from "../connect/resolver.ts";
import type { StepResult } from "./exchange.ts";
import { openAndCloseSession } from "./hiveserver2-check.ts";
import { askHealthPage } from "./http-check.ts";
import type { LoggedIn } from "./login.ts";

/**
 * - `good`, `failed`: count towards rise and fall
 * - `stopping`: the backend itself says that it takes no new work
 * - `unknown`: says nothing about the backend (our own lack of descriptors)
 */
export type Verdict = "good" | "failed" | "stopping" | "unknown";

export interface CheckResult {
  readonly verdict: Verdict;
  /** How far a failed check came: `connect` means that the backend cannot be reached at all. */
  readonly level: "connect" | "application";
  /** For people: what was seen. */
  readonly text: Text;
  /** The same in English, for logs and JSON. */
  readonly message: string;
  /** Milliseconds. */
  readonly duration: number;
}

export interface CheckTarget {
  readonly endpoint: Endpoint;
  readonly spec: HealthSpec;
  readonly resolver: Resolver;
  readonly clock: () => number;
  /** The listener's; with it a HiveServer2 check logs in. */
  readonly kerberos?: Kerberos | undefined;
  /** TLS on the HiveServer2 port. */
  readonly dialer?: TlsDialer | undefined;
}

/**
 * One health check: a TCP connection to the HiveServer2 port always, with TLS where backends speak it; a
 * HiveServer2 session on it and the web server's
 * `/healthz` where the specification asks for them. Never throws.
 */
export async function checkBackend(target: CheckTarget): Promise<CheckResult> {
  const began = target.clock();
  const done = (verdict: Verdict, level: CheckResult["level"], text: Text): CheckResult => ({
    verdict,
    level,
    text,
    message: text.en,
    duration: target.clock() - began,
  });
  const socket = await dial(target, target.endpoint, target.dialer);
  if (socket instanceof UpstreamFault) {
    return done(socket.reason === "local" ? "unknown" : "failed", "connect", socket.text);
  }
  let seen: Text = target.dialer === undefined ? CHECKED.connected : CHECKED.connectedTls;
  try {
    if (target.spec.hiveserver2 !== undefined) {
      const step = await session(socket, target, target.spec.hiveserver2);
      if (step.outcome === "failed") return done("failed", "application", step.text);
      seen = step.text;
    }
  } finally {
    release(socket);
  }
  if (target.spec.http === undefined) return done("good", "application", seen);
  const web = await dial(target, { host: target.endpoint.host, port: target.spec.http.port });
  if (web instanceof UpstreamFault) {
    return done("good", "application", CHECKED.noPage(seen, web.text));
  }
  try {
    const step = await askHealthPage(web, target.endpoint.host, target.spec.http.path, target.spec.timeout);
    if (step.outcome === "failed") return done("failed", "application", step.text);
    if (step.outcome === "stopping") return done("stopping", "application", step.text);
    return done("good", "application", step.text);
  } finally {
    release(web);
  }
}

/** A session on a connection that is logged in first where that is needed. */
async function session(
  socket: Socket,
  { endpoint, kerberos, spec }: CheckTarget,
  { user, passwordFile }: NonNullable<HealthSpec["hiveserver2"]>,
): Promise<StepResult> {
  const { timeout } = spec;
  // Loaded only where they are needed.
  const logIn = async (): Promise<LoggedIn | undefined> => {
    if (kerberos !== undefined) {
      const { gssapiLogin } = await import("./gssapi-login.ts");
      return await gssapiLogin(socket, kerberos, endpoint.host, timeout);
    }
    if (passwordFile === undefined) return undefined;
    const { plainLogin } = await import("./plain-login.ts");
    return await plainLogin(socket, user, passwordFile, timeout);
  };
  const login = await logIn();
  if (login !== undefined && "outcome" in login) return login;
  try {
    return await openAndCloseSession(socket, user, timeout, login);
  } finally {
    login?.release();
  }
}

function dial(
  { resolver, spec }: CheckTarget,
  endpoint: Endpoint,
  dialer?: TlsDialer,
): Promise<Socket | UpstreamFault> {
  return new Promise((resolve) => {
    attempt({ endpoint, resolver, timeout: spec.timeout, keepAlive: 0, dialer }, resolve);
  });
}

function release(socket: Socket): void {
  socket.removeAllListeners();
  socket.on("error", () => undefined);
  socket.destroy();
}
