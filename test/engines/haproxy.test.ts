import { chmod } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import type { BalancerSpecInput } from "../../src/balancer/spec/spec.ts";
import { checkHaproxy, haproxyVersionOf, installedHaproxyVersion } from "../../src/engines/haproxy/check.ts";
import { renderHaproxy } from "../../src/engines/haproxy/haproxy.ts";
import { authorship } from "../../src/engines/marker.ts";
import { missing, title } from "../support/needs.ts";
import { CONFIGURATIONS as cases, servers } from "./configurations.ts";
import { scratchFile, specOf } from "./support.ts";

describe("the rendered HAProxy configuration", () => {
  it.each(Object.entries(cases))("is the reviewed one: %s", async (name, { spec, version }) => {
    const text = renderHaproxy(spec, version === undefined ? {} : { version });
    await expect(text).toMatchFileSnapshot(`golden/${name}.cfg`);
  });

  it("has none of the tutorial's lines that stop or weaken today's HAProxy", () => {
    const text = renderHaproxy(cases["tutorial"]?.spec ?? specOf({ backends: servers }));
    const directives = text.replaceAll(/#.*$/gm, "");
    expect(directives).not.toMatch(/^\s*(daemon|nbproc)\b/m);
    expect(directives).not.toContain("3600000");
    expect(directives).not.toContain("100000\n");
    expect(directives).toMatch(/timeout connect 4s/);
    expect(directives).toMatch(/option redispatch 1/);
    expect(text.endsWith("\n")).toBe(true);
  });

  it("refuses to balance by session, which HAProxy cannot, and says what to choose", () => {
    expect(() => renderHaproxy(specOf({ balance: "session", backends: servers }))).toThrow(
      expect.objectContaining({
        kind: "settings",
        code: "haproxy-no-session",
        hint: expect.stringContaining("source"),
      }),
    );
  });

  it("refuses port 0, a time beyond 24.8 days and a HAProxy that is too old", () => {
    const render = (listener: object, version?: string) => () =>
      renderHaproxy(specOf({ backends: servers, ...listener }), version === undefined ? {} : { version });
    expect(render({ bind: "127.0.0.1:0" })).toThrow(expect.objectContaining({ code: "haproxy-port-0" }));
    expect(render({ timeouts: { client: 2_500_000 } })).toThrow(
      expect.objectContaining({ code: "haproxy-time" }),
    );
    expect(render({}, "1.5.19")).toThrow(expect.objectContaining({ code: "haproxy-version" }));
    expect(render({}, "new")).toThrow(expect.objectContaining({ code: "haproxy-version" }));
  });

  it.each(["[::]", "[0:0::0]"])(
    "%s is every address, of IPv4 too, and open without an allow list",
    (host) => {
      const text = renderHaproxy(specOf({ bind: `${host}:10001`, backends: servers }));
      expect(text).toMatch(/bind \S+:10001 v4v6 +# every network reaches this/);
      expect(renderHaproxy(specOf({ bind: "[::1]:10001", backends: servers }))).not.toContain("v4v6");
    },
  );

  it("takes the allow list before anything else is looked at, one network per line", () => {
    const text = renderHaproxy(specOf({ backends: servers, allow: ["10.0.0.0/8", "192.0.2.7"] }));
    expect(text).toMatch(
      /acl allowed src 10\.0\.0\.0\/8\n\s+acl allowed src 192\.0\.2\.7\/32\n\s+tcp-request connection reject unless allowed\n/,
    );
  });

  it("tells its own text from a hand edit and from another's file", () => {
    const text = renderHaproxy(specOf({ backends: servers }));
    expect(authorship(text)).toBe("ours");
    expect(authorship(text.replace("retries 3", "retries 5"))).toBe("edited");
    expect(authorship("global\n  daemon\n")).toBe("foreign");
  });

  it("reads the version of new and old HAProxys", () => {
    expect(haproxyVersionOf("HAProxy version 3.4.0-1 2026/01/01 - https://haproxy.org/\n")).toBe("3.4.0-1");
    expect(haproxyVersionOf("HA-Proxy version 1.8.27-493ce0b 2020/11/06\n")).toBe("1.8.27-493ce0b");
    expect(haproxyVersionOf("nginx")).toBeUndefined();
  });
});

describe.skipIf(missing("haproxy"))(title("what HAProxy says about it", "haproxy"), () => {
  it.each(Object.entries(cases))("accepts %s", async (_name, { spec, version }) => {
    const check = await checked(renderHaproxy(spec, version === undefined ? {} : { version }));
    expect(check).toMatchObject({ ok: true, version: expect.stringMatching(/^\d+\.\d+/) });
  });

  it("accepts every valid specification without a warning", async () => {
    await fc.assert(
      fc.asyncProperty(specs, async (input) => {
        const check = await checked(renderHaproxy(parseSpec(input)));
        expect(check.output).not.toMatch(/WARNING/);
        expect(check).toMatchObject({ ok: true });
      }),
      { numRuns: 40 },
    );
  });

  it("refuses a broken file, with HAProxy's reason", async () => {
    const text = renderHaproxy(specOf({ backends: servers })).replace("mode tcp", "mode tcpp");
    expect(await checked(text)).toMatchObject({ ok: false, output: expect.stringContaining("tcpp") });
  });

  it("refuses the 2014 tutorial's own configuration", async () => {
    const text =
      "global\n daemon\n nbproc 1\n maxconn 100000\nlisten impala\n bind 0.0.0.0:10001\n mode tcp\n";
    expect(await checked(text)).toMatchObject({ ok: false, output: expect.stringContaining("nbproc") });
  });
});

it("takes a HAProxy that dies of a signal for a refusal", async () => {
  const binary = await scratchFile(
    "haproxy",
    '#!/bin/sh\n[ "$1" = -v ] && echo "HAProxy version 3.4.0" && exit 0\nkill -SEGV $$\n',
  );
  await chmod(binary, 0o755);
  const check = await checkHaproxy("/dev/null", binary);
  expect(check).toMatchObject({ ok: false, version: "3.4.0", output: expect.stringContaining("SIGSEGV") });
});

async function checked(text: string) {
  return checkHaproxy(await scratchFile("haproxy.cfg", text));
}

const seconds = fc.double({ min: 0.001, max: 2_000_000, noNaN: true });
const name = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,63}$/);
const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("localhost"));
const address = fc
  .tuple(host, fc.integer({ min: 1, max: 65535 }))
  .map(([h, port]) => (h.includes(":") ? `[${h}]:${port}` : `${h}:${port}`));
const backend = fc.record(
  {
    name,
    address,
    weight: fc.integer({ min: 0, max: 256 }),
    maxConnections: fc.integer({ min: 0, max: 5000 }),
    backup: fc.boolean(),
  },
  { requiredKeys: ["name", "address"] },
);
const count = fc.integer({ min: 1, max: 1000 });
const listener = fc.record(
  {
    name,
    balance: fc.constantFrom("source", "leastconn", "roundrobin", "first"),
    backends: fc.uniqueArray(backend, { minLength: 1, maxLength: 5, selector: (each) => each.name }),
    health: fc.record(
      {
        interval: seconds,
        timeout: seconds,
        fastInterval: seconds,
        fall: count,
        rise: count,
        http: fc.record({
          port: fc.integer({ min: 1, max: 65535 }),
          path: fc.stringMatching(/^\/[!-~]{0,20}$/),
        }),
        hiveserver2: fc.constant({}),
      },
      { requiredKeys: [] },
    ),
    timeouts: fc.record(
      {
        connect: seconds,
        client: seconds,
        server: seconds,
        halfClosed: seconds,
        queue: seconds,
        firstByte: seconds,
      },
      { requiredKeys: [] },
    ),
    retries: fc.integer({ min: 0, max: 100 }),
    slowStart: fc.oneof(fc.constant(0), seconds),
    endBackupOnRecovery: fc.boolean(),
    proxyProtocol: fc.record(
      {
        from: fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("10.0.0.0/8")), { minLength: 1 }),
        timeout: seconds,
      },
      { requiredKeys: ["from"] },
    ),
    allow: fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("10.0.0.0/8"))),
    maxConnections: count,
    maxConnectionsPerSource: fc.integer({ min: 0, max: 100 }),
    stickiness: fc.record(
      { expire: seconds, size: fc.integer({ min: 1, max: 1_000_000 }) },
      { requiredKeys: [] },
    ),
    keepAlive: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30_000 })),
  },
  { requiredKeys: ["name", "balance", "backends"] },
);
const specs: fc.Arbitrary<BalancerSpecInput> = fc
  .record({
    listeners: fc.uniqueArray(listener, { minLength: 1, maxLength: 3, selector: (each) => each.name }),
    admin: fc.option(fc.constant({ socket: "/tmp/a b#'$.sock", http: "[::1]:10002" }), { nil: undefined }),
  })
  .map(({ listeners, admin }) => ({
    version: 1,
    listeners: listeners.map((each, at) => ({ ...each, bind: `127.0.0.1:${10001 + at}` })),
    ...(admin === undefined ? {} : { admin }),
  }));

test("a host without HAProxy has no version of it", async () => {
  expect(await installedHaproxyVersion("no-such-haproxy")).toBeUndefined();
  const other = await scratchFile("haproxy", "#!/bin/sh\necho something else\n");
  await chmod(other, 0o755);
  expect(await installedHaproxyVersion(other)).toBeUndefined();
});
