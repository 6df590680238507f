import { chmod, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect, createServer as createTlsServer, type TlsOptions } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { query } from "../../../fixtures/impalad/client.ts";
import { checkSpec } from "../../../src/balancer/daemon/preflight.ts";
import { scratch } from "../../support/scratch.ts";
import { Client } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import {
  backendsOf,
  balance,
  loopback,
  makeCertificate,
  pki,
  server,
  specOf,
  terminates,
  threeImpalads,
  verifies,
} from "./support.ts";

const NOWHERE = [{ name: "a", address: "127.0.0.1:1" }];
const found = async (listener: object) => {
  const { faults, warnings } = await checkSpec(
    specOf({ backends: NOWHERE, backendTls: verifies, ...listener }),
  );
  return { faults: faults.map(({ code }) => code), warnings: warnings.map(({ code }) => code), said: faults };
};

describe("certificates and keys that are no good: one clear reason, at check and at start", () => {
  let folder = "";
  beforeAll(async () => {
    const { mkdtemp } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    folder = await mkdtemp(join(tmpdir(), "hue-impala-setup-test-"));
  });

  test("a good one is none", async () => {
    const { certificate, key } = makeCertificate(folder, "good");
    await chmod(key, 0o600);
    expect(await found({ tls: { certificate, key } })).toMatchObject({
      faults: [],
      warnings: ["tls-self-signed"],
    });
  });

  test("not there, no PEM, no key, a key that does not fit", async () => {
    const { certificate, key } = makeCertificate(folder, "one");
    const empty = join(folder, "empty.pem");
    await writeFile(empty, "nothing\n");
    const cases: [object, string][] = [
      [{ certificate: join(folder, "missing.pem"), key }, "tls-unreadable"],
      [{ certificate: folder, key }, "tls-unreadable"],
      [{ certificate: empty, key }, "tls-no-certificate"],
      [{ certificate, key: empty }, "tls-bad-key"],
      [{ certificate, key: server.keyFile }, "tls-key-mismatch"],
    ];
    for (const [tls, code] of cases) {
      expect((await found({ tls })).faults, JSON.stringify(tls)).toEqual([code]);
      await expect(balance({ backends: NOWHERE, backendTls: verifies, tls })).rejects.toMatchObject({ code });
    }
  });

  test("an encrypted key: without password, with a wrong one, with the right one; none is ever shown", async () => {
    const { certificate, key } = makeCertificate(folder, "locked", { password: "correct horse" });
    const passwordFile = async (text: string) => {
      const path = join(folder, "password");
      await writeFile(path, `${text}\n`);
      return path;
    };
    expect((await found({ tls: { certificate, key } })).faults).toEqual(["tls-key-encrypted"]);
    const wrong = await found({ tls: { certificate, key, keyPasswordFile: await passwordFile("battery") } });
    expect(wrong.faults).toEqual(["tls-key-password"]);
    expect(JSON.stringify(wrong.said.map(({ message, hint }) => [message, hint]))).not.toContain("battery");
    const right = await found({
      tls: { certificate, key, keyPasswordFile: await passwordFile("correct horse") },
    });
    expect(right.faults).toEqual([]);
  });

  test("weak, for clients only, an authority's, expired, expiring, self-signed, for all to read", async () => {
    const weak = makeCertificate(folder, "weak", { key: ["rsa:1024"] });
    expect((await found({ tls: weak })).faults.join()).toMatch(/^tls-(weak-key|refused)$/);
    const client = makeCertificate(folder, "client", { extensions: ["extendedKeyUsage=clientAuth"] });
    expect((await found({ tls: client })).faults).toEqual(["tls-wrong-purpose"]);
    const expired = pki.certificate("expired");
    expect((await found({ tls: { certificate: expired.certFile, key: expired.keyFile } })).faults).toEqual([
      "tls-expired",
    ]);
    const soon = makeCertificate(folder, "soon", { days: 12 });
    await chmod(soon.key, 0o644);
    expect((await found({ tls: soon })).warnings).toEqual([
      "tls-expires-soon",
      "tls-self-signed",
      "tls-key-exposed",
    ]);
  });

  test("the authorities' file: not there, empty", async () => {
    expect((await found({ backendTls: { caFile: join(folder, "none") } })).faults).toEqual([
      "tls-unreadable",
    ]);
    expect((await found({ backendTls: { caFile: server.keyFile } })).faults).toEqual(["tls-no-certificate"]);
  });

  test("verification that is off is told at each start and on the status page", async () => {
    const { balancer, log } = await balance({ backends: NOWHERE, backendTls: { verify: false } });
    expect((await found({ backendTls: { verify: false } })).warnings).toContain("tls-unverified");
    await eventually(() =>
      log.some((line) => /verification of the Impalads' certificates is off/.test(line)),
    );
    expect(balancer.stats().listeners[0]?.notes.join()).toMatch(
      /^Verification of the Impalads' certificates is off/,
    );
  });

  test("a listener that would send on in clear text what came over TLS is refused", async () => {
    expect(() => specOf({ backends: NOWHERE, tls: terminates })).toThrow(/clear text/);
  });
});

describe("backends that do not prove who they are get nothing", () => {
  /** A server that a backend might be; tells how many bytes it was sent. */
  async function impostor(options: TlsOptions): Promise<{ port: number; got: () => number }> {
    let bytes = 0;
    const listening = createTlsServer(options, (socket) => {
      socket.on("data", (chunk) => {
        bytes += chunk.length;
      });
      socket.on("error", () => undefined);
    }).on("tlsClientError", () => undefined);
    return { port: await listen(listening), got: () => bytes };
  }

  async function listen(listening: ReturnType<typeof createServer>): Promise<number> {
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", () => resolve()));
    onTestFinished(() => void listening.close());
    const address = listening.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** The reason in the log when such a backend is asked. */
  async function refusal(port: number, backendTls: object = verifies): Promise<string> {
    const { balancer, log } = await balance(
      {
        backendTls,
        backends: [{ name: "a", address: `localhost:${port}` }],
        retries: 0,
        timeouts: { connect: 2 },
      },
      loopback,
    );
    await expect(
      query({ host: "127.0.0.1", port: balancer.addresses["impala"]?.port ?? 0 }, "x"),
    ).rejects.toThrow();
    return eventually(() => log.find((line) => /is DOWN/.test(line)));
  }

  test.each([
    ["expired", /certificate has expired/],
    ["wrong-host", /for other names.*other\.example\.com/],
    ["unknown-ca", /authority that is not among ours/],
  ] as const)("%s", async (name, reason) => {
    const { cert, key } = pki.certificate(name);
    const { port, got } = await impostor({ cert, key });
    expect(await refusal(port)).toMatch(reason);
    expect(got()).toBe(0);
  });

  test("self-signed, for clients only, with a weak key, another name than asked for", async () => {
    const folder = await scratch();
    const read = async (made: { certificate: string; key: string }) => {
      const { readFile } = await import("node:fs/promises");
      return { cert: await readFile(made.certificate), key: await readFile(made.key) };
    };
    const selfSigned = await impostor(await read(makeCertificate(folder, "own")));
    expect(await refusal(selfSigned.port)).toMatch(/self-signed/);
    const made = makeCertificate(folder, "client", {
      extensions: ["subjectAltName=DNS:localhost", "extendedKeyUsage=clientAuth"],
    });
    const client = await impostor(await read(made));
    expect(await refusal(client.port, { caFile: made.certificate })).toMatch(/not for servers/);
    const good = await impostor({ cert: server.cert, key: server.key });
    expect(await refusal(good.port, { ...verifies, serverName: "impala.example.com" })).toMatch(
      /other names/,
    );
    expect([selfSigned, client, good].map((each) => each.got())).toEqual([0, 0, 0]);
  });

  test("no TLS at all, silence, an old version", async () => {
    const plain = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await refusal(await listen(plain))).toMatch(/not TLS/);
    const silent = createServer((socket) => socket.on("error", () => undefined));
    expect(await refusal(await listen(silent))).toMatch(/no connection within 2 s/);
  });
});

describe("clients that break off, lie or speak something else: that connection only", () => {
  async function endOf(say: (port: number) => void, listener: object = {}) {
    const impalads = await threeImpalads({ tls: { cert: server.cert, key: server.key } });
    const all = { tls: terminates, backendTls: verifies, backends: backendsOf(impalads), ...listener };
    const { balancer, port, log } = await balance(all, loopback);
    say(port);
    const line = await eventually(() => log.find((each) => / (PR|CR|cR|CD|CC|SD|--)[: ]/.test(each)));
    const endpoint = { host: "127.0.0.1", port, tls: { ca: pki.ca } };
    expect(await query(endpoint, "select 'x'")).toEqual([["x"]]);
    return { line, stats: balancer.stats().listeners[0] };
  }
  const raw =
    (bytes: string, end = false) =>
    (port: number) => {
      const client = new Client(port).say(Buffer.from(bytes, "hex"));
      if (end) client.socket.end();
    };
  const HELLO = "1603010200010001fc0303";

  test.each<[string, (port: number) => void, RegExp]>([
    ["plain Thrift", raw("80010001"), / PR: .*does not speak TLS/],
    ["SASL PLAIN", raw("0100000005504c41494e"), / PR: .*does not speak TLS/],
    ["half a hello, then FIN", raw(HELLO, true), / CR /],
    [
      "plain bytes after the hello",
      raw(`16030100040100000080010001800100018001000180010001`),
      / PR: .*TLS handshake failed/,
    ],
    ["leaves without a word", (port) => new Client(port).socket.end(), / CR /],
  ])("%s", async (_, say, expected) => {
    const { line, stats } = await endOf(say);
    expect(line).toMatch(expected);
    expect(stats?.tls?.handshakes).toBe(1);
  });

  test("half a hello, then silence", async () => {
    const { line } = await endOf(raw("160301"), { timeouts: { firstByte: 0.3 } });
    expect(line).toMatch(/ cR /);
  });

  test("an old version of TLS", async () => {
    const { line, stats } = await endOf((port) => {
      connect({
        host: "127.0.0.1",
        port,
        maxVersion: "TLSv1.1",
        minVersion: "TLSv1",
        ciphers: "DEFAULT@SECLEVEL=0",
      }).on("error", () => undefined);
    });
    expect(line).toMatch(/ PR: .*TLS handshake failed: no common version of TLS/);
    expect(stats?.tls?.failures).toBe(1);
  });

  test("TLS 1.2 where 1.3 is the least", async () => {
    const { line } = await endOf(
      (port) => {
        connect({ host: "127.0.0.1", port, maxVersion: "TLSv1.2" }).on("error", () => undefined);
      },
      { tls: { ...terminates, minVersion: "TLSv1.3" } },
    );
    expect(line).toMatch(/no common version/);
  });
});
