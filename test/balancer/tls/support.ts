import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type ImpaladOptions,
  type SimulatedImpalad,
  startImpalad,
} from "../../../fixtures/impalad/impalad.ts";
import { privateCa } from "../../../fixtures/pki/index.ts";
import { type BalancerOptions, type RunningBalancer, startBalancer } from "../../../src/balancer/balancer.ts";
import { Log } from "../../../src/balancer/log/log.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";

export const pki = privateCa();
export const server = pki.certificate("server");

/** `tls` of a listener with the good certificate. */
export const terminates = { certificate: server.certFile, key: server.keyFile };
/** `backendTls` of a listener that believes the tests' authority. */
export const verifies = { caFile: pki.caFile };

export interface TestBalancer {
  readonly balancer: RunningBalancer;
  readonly port: number;
  /** Everything logged so far. */
  readonly log: string[];
}

/** A balancer with one listener, `impala`; ends with the test. */
export async function balance(listener: object, options: BalancerOptions = {}): Promise<TestBalancer> {
  const lines: string[] = [];
  const log = new Log({ level: "debug", write: (text) => lines.push(...text.split("\n")) });
  const balancer = await startBalancer(specOf(listener), { log, ...options });
  onTestFinished(() => balancer.close());
  return { balancer, port: balancer.addresses["impala"]?.port ?? 0, log: lines };
}

export function specOf(listener: object) {
  return parseSpec({
    version: 1,
    listeners: [{ name: "impala", bind: "127.0.0.1:0", health: { interval: 3600 }, ...listener }],
  });
}

/** Three simulated Impalads; they end with the test. */
export async function threeImpalads(options: Partial<ImpaladOptions> = {}): Promise<SimulatedImpalad[]> {
  const started = await Promise.all([1, 2, 3].map((n) => startImpalad({ name: `impala${n}`, ...options })));
  onTestFinished(async () => {
    await Promise.all(started.map((each) => each.close()));
  });
  return started;
}

export function backendsOf(impalads: readonly { name: string; port: number }[]): object[] {
  return impalads.map(({ name, port }) => ({ name, address: `localhost:${port}` }));
}

/** Addresses by name without the system's resolver. */
export const loopback = { lookup: async () => "127.0.0.1" };

export interface Wanted {
  /** Arguments for `openssl req -newkey`; default an EC key. */
  readonly key?: readonly string[];
  readonly extensions?: readonly string[];
  /** Encrypts the key. */
  readonly password?: string;
  readonly days?: number;
}

/** A self-signed certificate of a kind that no fixture has, made by the openssl program. */
export function makeCertificate(folder: string, name: string, wanted: Wanted = {}) {
  const certificate = join(folder, `${name}.pem`);
  const key = join(folder, `${name}.key`);
  const { extensions = ["subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=serverAuth"] } =
    wanted;
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", ...(wanted.key ?? ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])],
      ...(wanted.password === undefined ? ["-nodes"] : ["-passout", `pass:${wanted.password}`]),
      ...["-keyout", key, "-out", certificate, "-days", String(wanted.days ?? 365), "-subj", "/CN=localhost"],
      ...["basicConstraints=critical,CA:FALSE", ...extensions].flatMap((each) => ["-addext", each]),
    ],
    { stdio: "ignore" },
  );
  return { certificate, key };
}
