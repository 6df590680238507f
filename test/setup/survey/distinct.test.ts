import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkSpec } from "../../../src/balancer/daemon/preflight.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { readSpec } from "../../../src/balancer/spec/read-spec.ts";
import { parseEndpoint } from "../../../src/domain/endpoint.ts";
import { namesToLookUp, withoutTwins } from "../../../src/domain/twins.ts";
import type { Warning } from "../../../src/domain/warning.ts";
import { adHocSpec } from "../../../src/setup/desired/ad-hoc-spec.ts";
import { membersFor } from "../../../src/setup/desired/spec-for.ts";
import { distinctImpalads } from "../../../src/setup/survey/distinct.ts";
import { spec, typed } from "../support.ts";
import { testWorld } from "../world.ts";

const ADDRESSES = new Map([
  ["node1.example.com", ["10.0.0.1"]],
  ["node1", ["10.0.0.1"]],
  ["node2.example.com", ["10.0.0.2", "fd00::2"]],
  ["alias.example.com", ["10.0.0.1"]],
]);

/** Impalads as they are written, and those that stay. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["the same twice", ["node1", "node1:21050"], ["node1:21050"]],
  ["in another case", ["linux121", "LINUX121", "Linux121:21050"], ["linux121:21050"]],
  ["IPv6 in two forms", ["fd00::1", "[FD00:0:0::1]:21050"], ["[fd00::1]:21050"]],
  ["a name, then its address", ["node1.example.com", "10.0.0.1"], ["node1.example.com:21050"]],
  [
    "an address, then its name, which stays",
    ["10.0.0.1", "node3", "node1.example.com"],
    ["node1.example.com:21050", "node3:21050"],
  ],
  ["a name and one of two addresses", ["node2.example.com", "fd00::2"], ["node2.example.com:21050"]],
  ["a short name and the full one", ["node1", "node1.example.com"], ["node1:21050"]],
  ["other ports are others", ["node1", "node1:21051"], ["node1:21050", "node1:21051"]],
  [
    "two names of one address are two",
    ["node1.example.com", "alias.example.com"],
    ["node1.example.com:21050", "alias.example.com:21050"],
  ],
  ["names that resolve to nothing", ["a", "a.b", "10.0.0.9"], ["a:21050", "a.b:21050", "10.0.0.9:21050"]],
];

const endpoints = (texts: readonly string[]) => texts.map((text) => parseEndpoint(text, 21050));
const formatted = (items: readonly { host: string; port: number }[]) =>
  items.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`);

function world() {
  const warnings: Warning[] = [];
  const base = testWorld();
  const network = { ...base.network, addressesOf: async (name: string) => ADDRESSES.get(name) ?? [] };
  return { world: { ...base, network, warn: (warning: Warning) => warnings.push(warning) }, warnings };
}

describe("an Impalad is the same however it is written", () => {
  it.each(CASES)("%s", (_, written, left) => {
    const { items, twins } = withoutTwins(endpoints(written), (one) => one, ADDRESSES);
    expect(formatted(items)).toEqual(left);
    expect(twins).toHaveLength(written.length - left.length);
  });

  it.each(CASES)("set-up uses it once and says so: %s", async (_, written, left) => {
    const { world: host, warnings } = world();
    const { impalads } = await distinctImpalads(typed({ impalads: endpoints(written) }), host);
    expect(formatted(impalads?.value ?? [])).toEqual(left);
    expect(warnings.map(({ code }) => code)).toEqual(
      Array.from({ length: written.length - left.length }, () => "impalad-twice"),
    );
    for (const { text } of warnings) expect(text?.ja).toContain("同じ Impalad");
  });

  it("names are looked up only where it can matter", () => {
    expect(namesToLookUp(endpoints(["a", "b", "c.example.com"]))).toEqual([]);
    expect(namesToLookUp(endpoints(["a", "b", "a.example.com"]))).toEqual(["a", "a.example.com"]);
    expect(namesToLookUp(endpoints(["a", "10.0.0.1"]))).toEqual(["a"]);
  });

  it("hand edits of a backend are found whatever its spelling, and the first of two counts", () => {
    const backends = [
      { name: "first", address: "NODE1.example.com:21050", weight: 7 },
      { name: "second", address: "node1.example.com:21050", weight: 9 },
    ];
    const [listener] = spec({ backends }).listeners;
    const members = membersFor(endpoints(["node1.example.com", "node1.EXAMPLE.com"]), listener);
    expect(members).toMatchObject([{ name: "first", weight: 7 }]);
  });
});

describe("a specification that names an Impalad twice", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "twins-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const SPECS: readonly (readonly [string, string])[] = [
    ["127.0.0.1:21050", "127.0.0.1:21050"],
    ["node1.example.com:21050", "NODE1.example.com:21050"],
    ["[fd00::1]:21050", "[fd00:0::1]:21050"],
  ];
  const written = async (first: string, second: string): Promise<string> => {
    const path = join(folder, "spec.json");
    const backends = [
      { name: "i1", address: first },
      { name: "i2", address: second },
    ];
    const listeners = [{ name: "impala", bind: "127.0.0.1:19120", balance: "source", backends }];
    await writeFile(path, JSON.stringify({ version: 1, listeners }));
    return path;
  };

  it.each(SPECS)("check, run and reload take %s and %s for one, and name it", async (first, second) => {
    const warnings: Warning[] = [];
    const read = await readSpec(await written(first, second), (warning) => warnings.push(warning));
    expect(read.listeners[0]?.backends.map(({ name }) => name)).toEqual(["i1"]);
    expect(warnings.map(({ code }) => code)).toEqual(["backend-twice"]);
    expect(warnings[0]?.message).toContain(`i2 (${second}) is the same Impalad as i1 (${first})`);
  });

  it.each(SPECS)("haproxy print agrees on %s and %s", async (first, second) => {
    const { world: host, warnings } = world();
    const wish = typed({ spec: await written(first, second) });
    const { listeners } = await adHocSpec(wish, host);
    expect(listeners[0]?.backends.map(({ name }) => name)).toEqual(["i1"]);
    expect(warnings.map(({ code }) => code)).toEqual(["impalad-twice"]);
  });

  it("by name and by address: the check says so", async () => {
    const backends = [
      { name: "i1", address: "node1.example.com:21050" },
      { name: "i2", address: "10.0.0.1:21050" },
    ];
    const checked = parseSpec({
      version: 1,
      listeners: [{ name: "impala", bind: "127.0.0.1:0", balance: "source", backends }],
    });
    const { warnings } = await checkSpec(checked, { lookup: async (name) => ADDRESSES.get(name)?.[0] ?? "" });
    const twice = warnings.find(({ code }) => code === "backend-twice");
    expect(twice?.message).toContain(
      "i2 (10.0.0.1:21050) is the same Impalad as i1 (node1.example.com:21050), 10.0.0.1",
    );
  });
});
