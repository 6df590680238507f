import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { expect, it, onTestFinished, test } from "vitest";
import { query } from "../../fixtures/impalad/client.ts";
import { startImpalad } from "../../fixtures/impalad/impalad.ts";
import { privateCa } from "../../fixtures/pki/index.ts";
import { checkHaproxy } from "../../src/engines/haproxy/check.ts";
import { renderHaproxy } from "../../src/engines/haproxy/haproxy.ts";
import { Client } from "../balancer/support/clients.ts";
import { missing, title } from "../support/needs.ts";
import { freePort, scratch, specOf, startHaproxy } from "./support.ts";

const pki = privateCa();
const { cert, key } = pki.certificate("server");

/** Certificate and key in one file, as HAProxy reads them. */
async function together(): Promise<{ certificate: string; key: string }> {
  const file = join(await scratch(), "hue.pem");
  await writeFile(file, `${cert}\n${key}`, { mode: 0o600 });
  return { certificate: file, key: file };
}

const servers = [{ name: "a", address: "localhost:21050" }];
const backendTls = { caFile: pki.caFile };

it("bridges TLS: the bind line terminates it, the server line verifies chain and name", () => {
  const tls = { certificate: "/etc/pki/hue.pem", key: "/etc/pki/hue.pem", minVersion: "TLSv1.3" as const };
  const text = renderHaproxy(specOf({ backends: servers, tls, backendTls, health: { hiveserver2: {} } }));
  expect(text).toMatch(/bind 127\.0\.0\.1:10001 ssl crt \/etc\/pki\/hue\.pem ssl-min-ver TLSv1\.3$/m);
  expect(text).toContain(
    `server a localhost:21050 ssl verify required ca-file ${pki.caFile} sni str(localhost) check-sni localhost verifyhost localhost ssl-min-ver TLSv1.2`,
  );
  expect(text).toContain("tcp-check connect default");
});

it("never renders something weaker than the specification says", () => {
  const render = (listener: object, version?: string) => () =>
    renderHaproxy(specOf({ backends: servers, ...listener }), version === undefined ? {} : { version });
  const tls = { certificate: "/etc/hue.pem", key: "/etc/hue.key" };
  expect(render({ tls, backendTls })).toThrow(expect.objectContaining({ code: "haproxy-tls-key" }));
  const besides = { certificate: "/etc/hue.pem", key: "/etc/hue.pem.key" };
  expect(render({ tls: besides, backendTls })()).toContain("ssl crt /etc/hue.pem ");
  expect(render({ tls: besides, backendTls }, "1.8")).toThrow(
    expect.objectContaining({ code: "haproxy-tls-key" }),
  );
  expect(render({ tls: { ...besides, keyPasswordFile: "/etc/hue.pw" }, backendTls })).toThrow(
    expect.objectContaining({ code: "haproxy-tls-password" }),
  );
  expect(render({ backendTls: {} })).toThrow(expect.objectContaining({ code: "haproxy-tls-ca" }));
  expect(render({ backendTls: {} }, "2.6")()).toContain("ca-file @system-ca");
  const byAddress = [{ name: "a", address: "192.0.2.1:21050" }];
  expect(render({ backends: byAddress, backendTls })).toThrow(
    expect.objectContaining({ code: "haproxy-tls-address" }),
  );
  const named = { ...backendTls, serverName: "impala.example.com" };
  expect(render({ backends: byAddress, backendTls: named })()).toContain("verifyhost impala.example.com");
  expect(render({ backendTls: { verify: false } })()).toContain("ssl verify none");
});

test.skipIf(missing("haproxy"))(
  title(
    "the installed HAProxy takes it, and bridges with the same certificates and the same specification",
    "haproxy",
  ),
  async () => {
    const impalad = await startImpalad({ name: "a", tls: { cert, key }, host: "127.0.0.1" });
    onTestFinished(() => impalad.close());
    const port = await freePort();
    const spec = (caFile: string) =>
      specOfTls(port, impalad.port, caFile, { health: { hiveserver2: {}, interval: 0.2 } });
    const tls = await together();
    const text = renderHaproxy(spec(pki.caFile)(tls));
    const file = join(await scratch(), "haproxy.cfg");
    await writeFile(file, text);
    expect(await checkHaproxy(file)).toMatchObject({ ok: true });
    await startHaproxy(text, port);
    const endpoint = { host: "127.0.0.1", port, tls: { ca: pki.ca } };
    expect(await query(endpoint, "select 'x'")).toEqual([["x"]]);
    expect(await readFile(file, "utf8")).not.toContain("verify none");
  },
);

test.skipIf(missing("haproxy"))(
  title("HAProxy refuses a password that came over TLS where it would go on in clear text", "haproxy"),
  async () => {
    const impalad = await startImpalad({ name: "a", host: "127.0.0.1" });
    onTestFinished(() => impalad.close());
    const port = await freePort();
    const tls = { ...(await together()), clearTextBackends: true };
    const backends = [{ name: "a", address: `127.0.0.1:${impalad.port}` }];
    await startHaproxy(renderHaproxy(specOf({ bind: `127.0.0.1:${port}`, backends, tls })), port);
    const endpoint = { host: "127.0.0.1", port, tls: { ca: pki.ca } };
    expect(await query(endpoint, "select 'x'")).toEqual([["x"]]);
    const before = impalad.stats().connectionsOpened;
    const client = new Client(
      port,
      "127.0.0.1",
      undefined,
      connect({ host: "127.0.0.1", port, ca: pki.ca, servername: "localhost" }),
    );
    client.say(Buffer.from("0100000005504c41494e0200000004006100620000", "hex"));
    await client.end();
    expect(client.bytes).toBe(0);
    expect(impalad.stats().connectionsOpened).toBe(before);
  },
);

function specOfTls(port: number, impalad: number, caFile: string, more: object) {
  return (tls: { certificate: string; key: string }) =>
    specOf({
      bind: `127.0.0.1:${port}`,
      backends: [{ name: "a", address: `localhost:${impalad}` }],
      tls,
      backendTls: { caFile },
      ...more,
    });
}
