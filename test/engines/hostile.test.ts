import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import type { BalancerSpec } from "../../src/balancer/spec/spec.ts";
import { Failure } from "../../src/domain/failure.ts";
import { renderSocketUnit, renderUnit } from "../../src/engines/embedded/units.ts";
import { checkHaproxy } from "../../src/engines/haproxy/check.ts";
import { type HaproxyOptions, renderHaproxy } from "../../src/engines/haproxy/haproxy.ts";
import { renderHaproxyUnit } from "../../src/engines/haproxy/unit.ts";
import { type KeepalivedPair, renderKeepalived } from "../../src/engines/keepalived/keepalived.ts";
import { run } from "../../src/system/processes/run.ts";
import { missing, title } from "../support/needs.ts";
import { scratch, scratchFile } from "./support.ts";

/** What means something to HAProxy, keepalived or systemd, alone and in words. */
const SPICE = [
  "\n",
  "\r",
  "\u0000",
  "\u001b[2J",
  "\u2028",
  "\ud83d\ude00",
  "\ud83d",
  "é",
  " ",
  "\t",
  "#",
  ";",
  '"',
  "'",
  "\\",
  "\\\n",
  "%h",
  "%",
  "$HOME",
  `\${HOME}`,
  "{",
  "}",
  "!",
  "@",
  "-",
  "\nglobal\n    daemon\n",
  "\n[Service]\nExecStart=/bin/sh\n",
  " check inter 1\n    server evil 192.0.2.1:1",
  "x".repeat(300),
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...SPICE), fc.stringMatching(/^[a-z0-9._/-]{1,6}$/)), { maxLength: 6 })
  .map((parts) => parts.join(""));
const hostilePath = hostile.map((text) => `/${text}`);

/** What each line is about: its first word, with the sections' names left out. */
function shape(text: string): string[] {
  return text.split("\n").map((line) => /^\s*[^\s=]*/.exec(line)?.[0] ?? "");
}

/** The rendered text, or the failure's code instead. Anything else thrown is an error of ours. */
function rendered(make: () => string): string | { refused: string } {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof Failure) return { refused: thrown.code };
    throw thrown;
  }
}

/** The text holds nothing that a plain value would not have brought: as many lines, each about the same. */
function expectHarmless(text: string | { refused: string }, plain: string): void {
  if (typeof text !== "string") return;
  expect(shape(text)).toEqual(shape(plain));
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
}

interface Names {
  readonly listener: string;
  readonly backend: string;
  readonly host: string;
  readonly path: string;
  readonly socket: string;
}

const PLAIN: Names = {
  listener: "impala",
  backend: "server1",
  host: "node1.example.com",
  path: "/healthz",
  socket: "/run/x/haproxy.sock",
};

/** A specification as no parser has seen it. */
function specWith({ listener, backend, host, path, socket }: Names): BalancerSpec {
  const spec = parseSpec({
    version: 1,
    listeners: [
      {
        name: "impala",
        bind: "127.0.0.1:10001",
        balance: "source",
        health: { http: { port: 25000 } },
        backends: [{ name: "server1", address: "node1.example.com:21050" }],
      },
    ],
    admin: { socket: "/run/x/haproxy.sock" },
  });
  const [first] = spec.listeners;
  if (first === undefined) throw new Error("no listener");
  return {
    ...spec,
    admin: { ...spec.admin, socket },
    listeners: [
      {
        ...first,
        name: listener,
        health: { ...first.health, http: { port: 25000, path } },
        backends: first.backends.map((each) => ({ ...each, name: backend, address: `${host}:21050` })),
      },
    ],
  } as BalancerSpec;
}

describe("names and paths from outside in HAProxy's configuration", () => {
  const names = fc.record({
    listener: hostile,
    backend: hostile,
    host: fc.oneof(hostile, fc.constant("node1.example.com")),
    path: hostilePath,
    socket: hostilePath,
  });

  it("bring no line and no keyword of their own", () => {
    const plain = renderHaproxy(specWith(PLAIN));
    fc.assert(
      fc.property(names, (odd) => {
        expectHarmless(
          rendered(() => renderHaproxy(specWith(odd))),
          plain,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("neither do the options of the library", () => {
    const options = (name: string, address: string, log: string): HaproxyOptions => ({
      log,
      nameservers: [address],
      peers: { local: name, members: [{ name, address }] },
    });
    const plain = renderHaproxy(specWith(PLAIN), options("lb1", "192.0.2.1:53", "stdout format raw local0"));
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.boolean(), (name, address, log, good) => {
        const odd = options(name, good ? "192.0.2.1:53" : address, log);
        expectHarmless(
          rendered(() => renderHaproxy(specWith(PLAIN), odd)),
          plain,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("an address with a zone is refused, which HAProxy does not know", () => {
    const host = "[fe80::1%eth0]";
    expect(() => renderHaproxy(specWith({ ...PLAIN, host }))).toThrow(
      expect.objectContaining({ kind: "settings", code: "haproxy-zone" }),
    );
  });

  it.skipIf(missing("haproxy"))(
    title("are accepted by HAProxy itself", "haproxy"),
    async () => {
      const samples = fc.sample(names, { numRuns: 400, seed: 11 });
      const texts = samples
        .map((odd) => rendered(() => renderHaproxy(specWith({ ...odd, host: "127.0.0.1" }))))
        .filter((text) => typeof text === "string")
        .filter((text) => text.split("\n").every((line) => line.length < 300));
      expect(texts.length).toBeGreaterThan(20);
      for (const text of texts.slice(0, 20)) {
        const check = await checkHaproxy(await scratchFile("haproxy.cfg", text));
        expect(check.ok, `${text}\n${check.output}`).toBe(true);
      }
    },
    60_000,
  );
});

describe("names and paths from outside in units", () => {
  const units = (path: string, program: string, socket: string, user?: string): string =>
    [
      renderUnit({
        command: [program, path],
        specPath: path,
        socket,
        ...(user === undefined ? {} : { user }),
      }),
      renderHaproxyUnit({ file: path, binary: program, socket, ...(user === undefined ? {} : { user }) }),
    ].join("");

  it("bring no line and no directive of their own", () => {
    const plain = units("/etc/x.json", "/usr/bin/x", "/run/x/y.sock", "impala");
    fc.assert(
      fc.property(hostilePath, hostilePath, hostile, fc.option(hostile), (path, program, socket, user) => {
        expectHarmless(
          rendered(() => units(path, program, `/run/x${socket}/y.sock`, user ?? "impala")),
          plain,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("an address cannot either", () => {
    const plain = renderSocketUnit(["127.0.0.1:10001"]);
    fc.assert(
      fc.property(hostile, (host) => {
        expectHarmless(
          rendered(() => renderSocketUnit([`${host}:10001`])),
          plain,
        );
      }),
    );
    expect(renderSocketUnit(["[fe80::1%eth0]:10001"])).toContain("ListenStream=[fe80::1%%eth0]:10001\n");
  });

  it.skipIf(missing("systemd-analyze"))(
    title("are read back as they are by systemd itself", "systemd-analyze"),
    async () => {
      const folder = await scratch();
      const samples = fc
        .sample(hostile, { numRuns: 200, seed: 7 })
        .map((text) => text.replaceAll(/[/\0]/g, "_"));
      let judged = 0;
      for (const sample of samples) {
        const name = `x${sample}`.slice(0, 40);
        const program = join(folder, name);
        const text = rendered(() => renderUnit({ command: [program], specPath: program }));
        if (typeof text !== "string") continue;
        // systemd looks for the program: it finds it only under the name that we meant.
        await writeFile(program, "#!/bin/sh\n");
        await chmod(program, 0o755);
        const unitFolder = join(folder, `units-${judged}`);
        await mkdir(unitFolder);
        const file = join(unitFolder, "balancer.service");
        await writeFile(file, text);
        const verdict = await run("systemd-analyze", ["verify", "--man=no", file], { timeout: 30 });
        expect(verdict.stderr, text).not.toMatch(/balancer\.service|Unknown|ignoring/i);
        expect(verdict.status, `${text}\n${verdict.stderr}`).toBe(0);
        if (++judged === 12) break;
      }
      expect(judged).toBe(12);
    },
    120_000,
  );
});

describe("names and addresses from outside in keepalived's configuration", () => {
  const pair = (name: string, device: string, virtual: string, checkUrl: string): KeepalivedPair => ({
    virtualAddress: virtual,
    routerId: 51,
    nodes: [
      { name, address: "10.0.0.11", interface: device },
      { name: "other", address: "10.0.0.12", interface: "eth0" },
    ],
    local: name,
    checkUrl,
  });

  it("bring no line and no word of their own", () => {
    const plain = renderKeepalived(pair("lb1", "eth0", "10.0.0.100/24", "http://127.0.0.1:10002/healthz"));
    const maybe = (good: string, odd: fc.Arbitrary<string>) => fc.oneof(fc.constant(good), odd);
    fc.assert(
      fc.property(
        maybe("lb1", hostile),
        maybe("eth0", hostile),
        maybe("10.0.0.100/24", hostile),
        maybe("http://127.0.0.1/", hostile),
        (name, device, virtual, url) => {
          expectHarmless(
            rendered(() => renderKeepalived(pair(name, device, virtual, url))),
            plain,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});
