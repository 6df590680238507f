import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type ClouderaOptions,
  type RunningCloudera,
  startCloudera,
} from "../../fixtures/cloudera-manager/index.ts";
import { privateCa } from "../../fixtures/pki/index.ts";
import { type CmOptions, openCloudera } from "../../src/cloudera/client/client.ts";
import { ClusterList } from "../../src/cloudera/client/shapes.ts";
import { connection, expectNoSecret, failureOf, onStage, PASSWORD } from "./support.ts";

const NO_SYSTEM: CmOptions = { agentConfig: "/nonexistent", systemBundles: [] };
const open: RunningCloudera[] = [];

async function start(options: ClouderaOptions = {}): Promise<RunningCloudera> {
  const cm = await startCloudera({
    users: [{ name: "admin", password: PASSWORD, role: "administrator" }],
    ...options,
  });
  open.push(cm);
  return cm;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((cm) => cm.close()));
});

describe("API version", () => {
  it.each([
    [6, 6],
    [19, 19],
    [33, 33],
    [45, 45],
    [57, 57],
    [58, 58],
    [61, 58],
  ])("a server of v%i is spoken to in v%i", async (apiVersion, spoken) => {
    await onStage(
      async ({ client, cm }) => {
        expect(client.apiVersion).toBe(spoken);
        expect(client.serverVersion).toBe(apiVersion);
        await client.get(["clusters"], ClusterList);
        expect(cm.requests.at(-1)?.path).toBe(`/api/v${spoken}/clusters`);
      },
      { apiVersion },
    );
  });

  it("quotes and a newline around it are taken off", async () => {
    await onStage(async ({ client }) => expect(client.apiVersion).toBe(45), { quotedVersion: true });
  });

  it.each([
    [
      "a version below the floor",
      { kind: "body", body: "v5", contentType: "text/plain" },
      "settings",
      "cm-too-old",
    ],
    ["404, as the very first servers answer", { kind: "status", status: 404 }, "settings", "cm-too-old"],
    ["another server's page", { kind: "html-page" }, "failed", "cm-unexpected-reply"],
    ["another server's 404 page", { kind: "html-page", status: 404 }, "failed", "cm-unexpected-reply"],
  ] as const)("%s is refused", async (_, fault, kind, code) => {
    const cm = await start();
    cm.setFault({ path: "/api/version", fault });
    const failure = await failureOf(openCloudera(connection(cm.url), NO_SYSTEM));
    expect(failure).toMatchObject({ kind, code });
    expect(failure.hint).toBeTruthy();
  });
});

describe("redirects and bare hosts", () => {
  const ca = { caFile: privateCa().caFile };

  it("a redirect from http to https is resolved once, and https used from then on", async () => {
    const https = await start({ tls: true });
    const http = await start();
    http.setFault({ fault: { kind: "redirect", to: https.url } });
    const client = await openCloudera({ ...connection(http.url), ...ca }, NO_SYSTEM);
    expect(client.url).toBe(https.url);
    expect(client.warnings.map((warning) => warning.code)).toEqual(["cm-redirected"]);
    await client.get(["clusters"], ClusterList);
    expect(http.requests).toHaveLength(1);
    client.close();
  });

  it("a redirect to another machine is refused, and the password does not go there", async () => {
    const cm = await start();
    cm.setFault({ fault: { kind: "redirect", to: "https://evil.example.org:7183" } });
    const failure = await failureOf(openCloudera({ ...connection(cm.url), ...ca }, NO_SYSTEM));
    expect(failure).toMatchObject({ kind: "settings", code: "cm-redirected" });
    expect(failure.hint).toContain("--cm-url https://evil.example.org:7183");
    expectNoSecret(failure);
  });

  it("a redirect later on is refused", async () => {
    await onStage(async ({ cm, client }) => {
      cm.setFault({ path: "/clusters", fault: { kind: "redirect", to: "http://127.0.0.1:1" } });
      const failure = await failureOf(client.get(["clusters"], ClusterList));
      expect(failure).toMatchObject({ kind: "settings", code: "cm-redirected" });
    });
  });

  it("a bare host is tried with TLS, then without when nothing listens there", async () => {
    const http = await start();
    const ports = { https: await freePort(), http: http.port };
    const client = await openCloudera(connection("127.0.0.1"), { ...NO_SYSTEM, ports });
    expect(client.url).toBe(http.url);
    client.close();
  });

  it("a bare host with TLS is found, and its plain port not touched", async () => {
    const https = await start({ tls: true });
    const http = await start();
    const ports = { https: https.port, http: http.port };
    const client = await openCloudera({ ...connection("127.0.0.1"), ...ca }, { ...NO_SYSTEM, ports });
    expect(client.url).toBe(https.url);
    expect(http.requests).toHaveLength(0);
    client.close();
  });

  it("a certificate that is not trusted never leads to the plain port", async () => {
    const https = await start({ tls: "unknown-ca" });
    const http = await start();
    const ports = { https: https.port, http: http.port };
    const failure = await failureOf(
      openCloudera({ ...connection("127.0.0.1"), ...ca }, { ...NO_SYSTEM, ports }),
    );
    expect(failure).toMatchObject({ kind: "unreachable", code: "cm-certificate-untrusted" });
    expect(http.requests).toHaveLength(0);
  });

  it("a bare host where nothing listens: both ports are named", async () => {
    const ports = { https: await freePort(), http: await freePort() };
    const failure = await failureOf(openCloudera(connection("127.0.0.1"), { ...NO_SYSTEM, ports }));
    expect(failure).toMatchObject({ kind: "unreachable", code: "cm-refused" });
    expect(failure.message).toContain(`127.0.0.1:${ports.https}`);
    expect(failure.message).toContain(`127.0.0.1:${ports.http}`);
  });

  it("a host name that does not exist is named", async () => {
    const failure = await failureOf(openCloudera(connection("https://no-such-host.invalid:7183"), NO_SYSTEM));
    expect(failure).toMatchObject({ kind: "unreachable", code: "cm-host-unknown" });
  });
});

describe("TLS", () => {
  const { caFile, otherCaFile, ca } = privateCa();
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "trust-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ["server", caFile, undefined],
    ["server", otherCaFile, "cm-certificate-untrusted"],
    ["server", undefined, "cm-certificate-untrusted"],
    ["unknown-ca", caFile, "cm-certificate-untrusted"],
    ["wrong-host", caFile, "cm-certificate-name"],
    ["expired", caFile, "cm-certificate-expired"],
  ] as const)("certificate %s with authority file %s: %s", async (tls, file, code) => {
    const cm = await start({ tls });
    const given = { ...connection(cm.url), ...(file === undefined ? {} : { caFile: file }) };
    if (code === undefined) {
      const client = await openCloudera(given, NO_SYSTEM);
      expect(client.warnings).toEqual([]);
      client.close();
      return;
    }
    const failure = await failureOf(openCloudera(given, NO_SYSTEM));
    expect(failure).toMatchObject({ kind: "unreachable", code });
    expect(failure.hint).toBeTruthy();
    expectNoSecret(failure);
    expect(cm.requests).toHaveLength(0);
  });

  it.each(["unknown-ca", "wrong-host", "expired"] as const)("insecure accepts %s and warns", async (tls) => {
    const cm = await start({ tls });
    const client = await openCloudera({ ...connection(cm.url), insecure: true }, NO_SYSTEM);
    expect(client.warnings.map((warning) => warning.code)).toEqual(["cm-insecure"]);
    client.close();
  });

  it("trusts the authority of the agent's verify_cert_file", async () => {
    const agentConfig = join(folder, "config.ini");
    await writeFile(
      agentConfig,
      `[General]\nserver_host=cm\n[Security]\nuse_tls=1\nverify_cert_file=${caFile}\n`,
    );
    const cm = await start({ tls: true });
    const client = await openCloudera(connection(cm.url), { systemBundles: [], agentConfig });
    client.close();
    expect(cm.requests).toHaveLength(1);
  });

  it("trusts the system's bundle, though one certificate in it is damaged and it is full of comments", async () => {
    const bundle = join(folder, "bundle.pem");
    const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    await writeFile(bundle, `# Root (a comment with ü)\n${damaged}\n# our CA\n${ca}\n`);
    const cm = await start({ tls: true });
    const systemBundles = [join(folder, "missing.pem"), bundle];
    const client = await openCloudera(connection(cm.url), { agentConfig: "/nonexistent", systemBundles });
    client.close();
    expect(cm.requests).toHaveLength(1);
  });

  it("an authority file that is none is refused before anything is sent", async () => {
    const empty = join(folder, "empty.pem");
    await writeFile(empty, "no certificate\n");
    const cm = await start({ tls: true });
    for (const file of [empty, join(folder, "missing.pem")]) {
      const failure = await failureOf(openCloudera({ ...connection(cm.url), caFile: file }, NO_SYSTEM));
      expect(failure).toMatchObject({ kind: "settings", code: "bad-ca-file" });
      expect(failure.message).toContain(file);
    }
    expect(cm.requests).toHaveLength(0);
  });

  it("a server that offers only TLS 1.0 is told from one without TLS, and the plain port is not tried", async () => {
    const { cert, key } = privateCa().certificate("server");
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    const server = createTlsServer({ cert, key, ...old }, (_, response) => response.end("v19"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const http = await start();
    try {
      const address = server.address();
      const port = address === null || typeof address === "string" ? 0 : address.port;
      const ports = { https: port, http: http.port };
      const given = { ...connection("127.0.0.1"), caFile };
      const failure = await failureOf(openCloudera(given, { ...NO_SYSTEM, ports }));
      expect(failure).toMatchObject({ kind: "unreachable", code: "cm-tls-failed" });
      expect(failure.hint).toContain("--tls-min-v1.0");
      expect(http.requests).toHaveLength(0);
    } finally {
      server.close();
    }
  });

  it("http:// to a TLS port and https:// to a plain one: the hint names the other", async () => {
    const https = await start({ tls: true });
    const plain = await failureOf(
      openCloudera(connection(https.url.replace("https", "http")), { ...NO_SYSTEM, retry: ONCE }),
    );
    expect(plain.kind).toBe("unreachable");
    expect(plain.hint).toContain("https://");
    const http = await start();
    const tls = await failureOf(openCloudera(connection(http.url.replace("http", "https")), NO_SYSTEM));
    expect(tls).toMatchObject({ kind: "unreachable", code: "cm-no-tls" });
    expect(tls.hint).toContain("http://");
  });
});

const ONCE = { attempts: 1, base: 1, cap: 1, longest: 1 };

describe("authentication", () => {
  it("sends the password once and the session cookie from then on", async () => {
    await onStage(async ({ cm, client }) => {
      for (let n = 0; n < 5; n++) await client.get(["clusters"], ClusterList);
      expect(cm.sessions()).toBe(1);
      expect(cm.requests.map((request) => request.bySession)).toEqual([false, true, true, true, true, true]);
    });
  });

  it("a cookie of any name will do", async () => {
    await onStage(
      async ({ cm, client }) => {
        await client.get(["clusters"], ClusterList);
        expect(cm.requests.at(-1)?.bySession).toBe(true);
      },
      { sessionCookie: "SESSION" },
    );
  });

  it("a session that has run out is renewed without a word", async () => {
    await onStage(async ({ cm, client, pauses }) => {
      cm.setFault({ path: "/clusters", times: 1, fault: { kind: "unauthorized" } });
      await client.get(["clusters"], ClusterList);
      expect(cm.requests.slice(-2).map((request) => [request.bySession, request.status])).toEqual([
        [true, 401],
        [false, 200],
      ]);
      expect(pauses).toEqual([]);
    });
  });

  it("a good password that is refused now and then is tried again, a wrong one only once more", async () => {
    await onStage(async ({ cm, client }) => {
      cm.setFault({ path: "/clusters", times: 3, fault: { kind: "unauthorized" } });
      await client.get(["clusters"], ClusterList);
      expect(cm.requests.filter((request) => request.status === 401)).toHaveLength(3);
    });
    const cm = await start();
    const failure = await failureOf(openCloudera(connection(cm.url, "admin", "wrong"), NO_SYSTEM));
    expect(failure).toMatchObject({ kind: "auth", code: "cm-bad-credentials" });
    expect(cm.requests).toHaveLength(2);
  });

  it.each(["", "a:b", "a\nb"])("the user name %j is refused before anything is sent", async (user) => {
    const cm = await start();
    const failure = await failureOf(openCloudera(connection(cm.url, user), NO_SYSTEM));
    expect(failure).toMatchObject({ kind: "settings", code: "bad-cm-user" });
    expect(cm.requests).toHaveLength(0);
  });

  it("ignores a proxy in the environment", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("http_proxy", "http://127.0.0.1:1");
    vi.stubEnv("ALL_PROXY", "http://127.0.0.1:1");
    try {
      await onStage(async ({ client }) => {
        expect((await client.get(["clusters"], ClusterList)).items).toHaveLength(1);
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("names", () => {
  it("are percent-encoded, one segment each", async () => {
    await onStage(async ({ cm, client }) => {
      await failureOf(client.get(["clusters", "a/b c?d#e%ü"], ClusterList));
      expect(cm.requests.at(-1)?.url).toBe("/api/v45/clusters/a%2Fb%20c%3Fd%23e%25%C3%BC");
      for (const name of ["", ".", ".."]) {
        expect(await failureOf(client.get(["clusters", name], ClusterList))).toMatchObject({
          code: "bad-name",
        });
      }
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
