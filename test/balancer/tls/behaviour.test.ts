import { createHash, randomBytes } from "node:crypto";
import { copyFile, rename } from "node:fs/promises";
import { connect as connectPlain, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type ConnectionOptions, connect, createServer as createTlsServer, type TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { query, withSession } from "../../../fixtures/impalad/client.ts";
import { Metrics } from "../../../src/balancer/admin/metrics.ts";
import { atOnce } from "../../../src/balancer/time/turns.ts";
import { scratch } from "../../support/scratch.ts";
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

/** How Thrift begins: bytes that a listener with TLS on one side lets through. */
const THRIFT = Buffer.from([0x80, 1, 0, 1]);

/** A backend with TLS, or without; serves each connection as told. Ends with the test. */
async function backend(serve: (socket: Socket) => void, secured: boolean): Promise<number> {
  const sockets = new Set<Socket>();
  const how = { allowHalfOpen: true };
  const listening = secured
    ? createTlsServer({ ...how, cert: server.cert, key: server.key }, serve)
    : createServer(how, serve);
  listening.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  listening.on("tlsClientError", () => undefined);
  listening.on("secureConnection", (socket: Socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  const address = listening.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function client(port: number): TLSSocket {
  const how: ConnectionOptions & { readonly allowHalfOpen: boolean } = {
    host: "127.0.0.1",
    port,
    ca: pki.ca,
    servername: "localhost",
    allowHalfOpen: true,
  };
  const socket = connect(how);
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

const SIDES = [
  ["both sides", { tls: terminates, backendTls: verifies }, true],
  ["clients only", { tls: { ...terminates, clearTextBackends: true } }, false],
] as const;

describe.each(SIDES)("relayed with TLS on %s", (_, tls, secured) => {
  test.each(["leastconn", "roundrobin", "first", "source", "session"])(
    "%s: 16 MB come unchanged, and close_notify goes both ways without ending the other",
    async (balanced) => {
      const bytes = randomBytes(16 * 1024 * 1024);
      let asked = "";
      // Answers only once the client has said its last.
      const port = await backend((socket) => {
        socket.on("data", (chunk) => {
          asked += chunk.toString("latin1");
        });
        socket.on("end", () => socket.end(bytes));
      }, secured);
      const { port: own, balancer } = await balance(
        { ...tls, balance: balanced, backends: [{ name: "a", address: `localhost:${port}` }] },
        loopback,
      );
      // A Kerberos login is not routed without a keytab, so session relays it too.
      const said = Buffer.from("0100000006475353415049", "hex");
      const socket = client(own);
      socket.end(said);
      const hash = createHash("sha256");
      let got = 0;
      await new Promise<void>((resolve) => {
        socket.on("data", (chunk) => {
          got += chunk.length;
          hash.update(chunk);
        });
        socket.once("end", resolve);
      });
      expect(got).toBe(bytes.length);
      expect(hash.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
      expect(asked).toBe(said.toString("latin1"));
      await eventually(() => balancer.stats().listeners[0]?.terminations["--"] === 1);
    },
  );

  test("who does not read holds up the backend, not the memory", async () => {
    let sent = 0;
    const piece = Buffer.alloc(1024 * 1024);
    const port = await backend((socket) => {
      const more = (): void => {
        while (sent < 64 && !socket.destroyed) {
          sent++;
          if (!socket.write(piece)) return;
        }
      };
      socket.on("drain", more);
      socket.once("data", more);
    }, secured);
    const { port: own } = await balance(
      { ...tls, balance: "leastconn", backends: [{ name: "a", address: `localhost:${port}` }] },
      loopback,
    );
    const socket = client(own);
    socket.pause();
    socket.write(THRIFT);
    await eventually(() => sent > 1);
    // It has stalled when nothing moves over many turns of the event loop.
    let before = -1;
    await eventually(() => {
      const still = sent === before;
      before = sent;
      return still;
    });
    expect(sent).toBeLessThan(48);
    let got = 0;
    socket.on("data", (chunk) => {
      got += chunk.length;
    });
    socket.resume();
    await eventually(() => got === 64 * piece.length);
  });
});

test("a password that came over TLS goes to no Impalad in clear text or without proof, whatever the strategy", async () => {
  const login = Buffer.from("0100000005504c41494e0200000004006100620000", "hex");
  for (const secured of [false, true]) {
    let got = 0;
    const port = await backend((socket) => {
      socket.on("data", (chunk) => {
        got += chunk.length;
      });
    }, secured);
    const tls = secured
      ? { tls: terminates, backendTls: { verify: false } }
      : { tls: { ...terminates, clearTextBackends: true } };
    for (const balanced of ["leastconn", "source", "session"]) {
      const { port: own, log } = await balance(
        { ...tls, balance: balanced, backends: [{ name: "a", address: `localhost:${port}` }] },
        loopback,
      );
      for (const said of [
        login,
        Buffer.from("POST /cliservice HTTP/1.1\r\nAuthorization: Basic eA==\r\n\r\n"),
      ]) {
        const socket = client(own);
        socket.write(said);
        await new Promise((resolve) => socket.once("close", resolve).once("end", resolve).resume());
        expect(got).toBe(0);
      }
      await eventually(
        () => log.filter((line) => /PC: a password that came over TLS/.test(line)).length === 2,
      );
    }
  }
});

test("without tls a client's own TLS passes through to a backend, also where the listener speaks TLS with it", async () => {
  const port = await backend((socket) => socket.pipe(socket), true);
  for (const tls of [{}, { backendTls: verifies }]) {
    for (const balanced of ["session", "leastconn"]) {
      const { port: own } = await balance(
        { ...tls, balance: balanced, backends: [{ name: "a", address: `localhost:${port}` }] },
        loopback,
      );
      const socket = client(own);
      socket.write("through");
      const echoed = await new Promise<string>((resolve) =>
        socket.once("data", (chunk) => resolve(String(chunk))),
      );
      expect(echoed).toBe("through");
    }
  }
});

test("the PROXY protocol's header comes before TLS", async () => {
  const impalads = await threeImpalads({ tls: { cert: server.cert, key: server.key } });
  const { port, log } = await balance(
    {
      tls: terminates,
      backendTls: verifies,
      backends: backendsOf(impalads),
      proxyProtocol: { from: ["127.0.0.1"] },
    },
    loopback,
  );
  const raw = connectPlain({ port, host: "127.0.0.1" });
  raw.write("PROXY TCP4 192.0.2.7 192.0.2.8 4711 10001\r\n");
  const socket = connect({ socket: raw, ca: pki.ca, servername: "localhost" });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  socket.end();
  await eventually(() => log.find((line) => line.startsWith("192.0.2.7:4711 [")));
});

test("a renewed certificate is served without a restart, sessions stay; a bad one is not, and the log says why", async () => {
  const folder = await scratch();
  const impalads = await threeImpalads();
  const place = { certificate: join(folder, "live.pem"), key: join(folder, "live.key") };
  const put = async (made: { certificate: string; key: string }): Promise<void> => {
    for (const which of ["certificate", "key"] as const) {
      await copyFile(made[which], `${place[which]}.new`);
      await rename(`${place[which]}.new`, place[which]);
    }
  };
  await put(makeCertificate(folder, "old", { days: 12 }));
  const listener = { tls: { ...place, clearTextBackends: true }, backends: backendsOf(impalads) };
  const { balancer, port, log } = await balance(listener, { ...loopback, certificatePoll: 20 });
  const expiry = () => balancer.stats().listeners[0]?.tls?.certificate.notAfter ?? "";
  const days = () => Math.round((Date.parse(expiry()) - Date.now()) / 86_400_000);
  expect(days()).toBe(12);
  expect(balancer.stats().listeners[0]?.notes.join()).toMatch(/certificate expires on .* in 11 days/);
  const page = Buffer.concat(atOnce(new Metrics().page(balancer.stats(), ""))).toString();
  expect(page).toContain(
    `hue_impala_balancer_tls_certificate_expiry_timestamp_seconds{listener="impala"} ${Date.parse(expiry()) / 1000}`,
  );
  const served = async (): Promise<number> => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    const { valid_to } = socket.getPeerCertificate();
    socket.destroy();
    return Math.round((Date.parse(valid_to) - Date.now()) / 86_400_000);
  };
  const { readFile } = await import("node:fs/promises");
  const ca = await readFile(place.certificate, "utf8");
  await withSession({ host: "127.0.0.1", port, tls: { ca } }, async () => {
    await put(makeCertificate(folder, "new", { days: 90 }));
    await eventually(async () => (await served()) === 90);
    expect(days()).toBe(90);
    await put({ certificate: makeCertificate(folder, "other").certificate, key: server.keyFile });
    await eventually(() => log.find((line) => /the certificate in use stays: .*does not fit/.test(line)));
    expect(await served()).toBe(90);
    await expect(balancer.reload(specOf(listener))).rejects.toMatchObject({ code: "tls-key-mismatch" });
    expect(await served()).toBe(90);
  });
});

test("a frozen Impalad is seen through TLS, a living one is not taken for one", async () => {
  const impalads = await threeImpalads({ tls: { cert: server.cert, key: server.key } });
  const health = { interval: 0.1, timeout: 0.3, hiveserver2: {}, fall: 1 };
  const { balancer, port } = await balance(
    { backendTls: verifies, backends: backendsOf(impalads), health },
    loopback,
  );
  const checks = () => balancer.stats().listeners[0]?.backends.map(({ lastCheck }) => lastCheck?.message);
  await eventually(() => checks()?.every((each) => each === "session opened and closed"));
  impalads[0]?.set({ latency: 60_000 });
  await eventually(() => balancer.stats().listeners[0]?.backends[0]?.state === "down");
  expect(await query({ host: "127.0.0.1", port }, "select 'x'")).toEqual([["x"]]);
});
