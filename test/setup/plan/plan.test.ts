import { describe, expect, it } from "vitest";
import type { Valve } from "../../../src/cloudera/config/valve.ts";
import { Failure } from "../../../src/domain/failure.ts";
import { withMarker } from "../../../src/engines/marker.ts";
import type { Current, CurrentHueIni, CurrentValves } from "../../../src/setup/current/current.ts";
import { type Desired, desire } from "../../../src/setup/desired/desired.ts";
import { isValveChange, type Plan } from "../../../src/setup/plan/change.ts";
import { plan as planFor } from "../../../src/setup/plan/plan.ts";
import { BARE, decided, discovery } from "../support.ts";

const EXTERNAL = { balancer: "external", serverHost: "lb.example.com", serverPort: 10001 } as const;
const LINES = "[impala]\nserver_host=lb.example.com\nserver_port=10001\nserver_conn_timeout=3600\n";

/** What is there, whatever the target. */
type Found = Omit<Current, "hue"> &
  Omit<CurrentHueIni, "kind" | "target"> &
  Omit<CurrentValves, "kind" | "target">;

function plan(desired: Desired, found: Found): Plan {
  const { target } = desired;
  const hue =
    target.kind === "hue-ini"
      ? { ...found, kind: target.kind, target }
      : { ...found, kind: target.kind, target };
  return planFor(desired, { ...found, hue });
}

const NOTHING: Found = {
  content: null,
  files: new Map(),
  confFiles: [],
  managedSigns: [],
  oldHue: [],
  valves: [],
  loadBalancers: [],
  stale: false,
  units: undefined,
  listening: true,
};

function hueIni(text: string, more: Partial<Found> = {}): Found {
  const bytes = Buffer.from(text);
  return {
    ...NOTHING,
    content: bytes,
    confFiles: [{ path: "hue.ini", bytes }],
    ...more,
  };
}

function local(more: Parameters<typeof decided>[0] = {}): Desired {
  return desire(decided({ hueIni: "hue.ini", ...EXTERNAL, ...more }));
}

function managed(more: Parameters<typeof decided>[0] = {}, facts = {}): Desired {
  const survey = { ...BARE, discovery: discovery(facts) };
  return desire(decided({ cmUrl: "cm", ...EXTERNAL, ...more }, survey));
}

function valve(scope: Valve["scope"], owner: string, value: string, roles: string[] = ["server"]): Valve {
  const property = scope === "service" ? "hue_service_safety_valve" : "hue_server_hue_safety_valve";
  return { scope, owner, property, value, set: value !== "", roles };
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof Failure ? `${error.kind} ${error.code}` : String(error);
  }
  return undefined;
}

const kinds = ({ changes }: Plan): string[] =>
  changes.map((change) => (change.kind === "service" ? `${change.action} ${change.target}` : change.kind));

describe("a plan for hue.ini", () => {
  it("is one edit, and empty once it is made", () => {
    const [change, ...others] = plan(local(), hueIni("[impala]\n")).changes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({ kind: "file-edit", target: "hue.ini" });
    expect(plan(local(), hueIni(LINES)).changes).toEqual([]);
  });

  it.each([
    ["a missing file", NOTHING, "settings hue-ini-missing"],
    ["a file that Hue refuses", hueIni("[impala]\nx\n"), "unparsable unparsable"],
    [
      "a host that Cloudera Manager manages",
      hueIni("", { managedSigns: [{ en: "agent", ja: "agent" }] }),
      "settings managed-by-cloudera",
    ],
    [
      "an address that cannot be listened on",
      hueIni("", { obstacle: new Failure("settings", "listen-in-use", "") }),
      "settings listen-in-use",
    ],
  ] as const)("%s is refused", (_, current, code) => {
    expect(codeOf(() => plan(local(), current))).toBe(code);
  });

  it("tells a file that wins over hue.ini", () => {
    const other = { path: "zzz.ini", bytes: Buffer.from("[impala]\nserver_host=old\n") };
    const before = hueIni("[impala]\n");
    const made = plan(local(), { ...before, confFiles: [...before.confFiles, other] });
    expect(made.warnings).toContainEqual(
      expect.objectContaining({ code: "overridden", message: expect.stringContaining("zzz.ini:2") }),
    );
  });

  it("restarts Hue only when the file changes, after it, and never towards a silent balancer", () => {
    const units = new Map([["hue.service", { active: true, enabled: true }]]);
    const restart = local({ restartHue: true });
    expect(kinds(plan(restart, hueIni("[impala]\n", { units })))).toEqual([
      "file-edit",
      "restart hue.service",
    ]);
    expect(kinds(plan(restart, hueIni(LINES, { units })))).toEqual([]);
    expect(codeOf(() => plan(restart, hueIni("[impala]\n")))).toBe("settings no-service-manager");
    const silent = hueIni("[impala]\n", { units, listening: false });
    expect(codeOf(() => plan(restart, silent))).toBe("failed balancer-silent");
    expect(plan(local(), silent).warnings.map(({ code }) => code)).toContain("balancer-silent");
  });
});

describe("a plan with a balancer", () => {
  const desired = desire(decided({ hueIni: "hue.ini", impalads: [{ host: "i1.example.com", port: 21050 }] }));
  const unit = desired.service?.unit ?? "";
  const done = new Map<string, Uint8Array | null>([
    ...desired.files.map(({ path, content }) => [path, content] as const),
    ["hue.ini", Buffer.from(LINES.replace("lb.example.com", "127.0.0.1"))],
  ]);
  const running = (files: Current["files"], active = true): Found => ({
    ...NOTHING,
    content: files.get("hue.ini") ?? null,
    files,
    units: new Map([[unit, { active, enabled: active }]]),
  });

  it("brings files, then the balancer up, then Hue", () => {
    const fresh = new Map([["hue.ini", Buffer.from("[impala]\n")]]);
    expect(kinds(plan(desired, running(fresh, false)))).toEqual([
      "file-create",
      "file-create",
      "file-create",
      `start ${unit}`,
      "file-edit",
    ]);
    expect(kinds(plan(desired, running(done)))).toEqual([]);
  });

  it("reloads for another specification, restarts for another unit, and lets go of another socket", () => {
    const [specFile, unitFile, socketFile] = desired.files.map(({ path }) => path);
    const without = (path: string | undefined) => new Map([...done, [path ?? "", Buffer.from("old")]]);
    expect(kinds(plan(desired, running(without(specFile))))).toEqual(["file-edit", `reload ${unit}`]);
    const restarted = plan(desired, running(without(unitFile)));
    expect(kinds(restarted)).toEqual(["file-edit", `restart ${unit}`]);
    expect(restarted.changes[1]).not.toHaveProperty("socketChanged");
    expect(plan(desired, running(without(socketFile))).changes[1]).toMatchObject({
      action: "restart",
      socketChanged: true,
    });
  });

  it("warns when it listens everywhere without an allow list", () => {
    const codes = (more: object) =>
      desire(decided({ hueIni: "hue.ini", impalads: [{ host: "i1", port: 1 }], ...more })).warnings.map(
        ({ code }) => code,
      );
    expect(codes({ listen: { host: "0.0.0.0", port: 10001 } })).toContain("listens-everywhere");
    expect(codes({ listen: { host: "0.0.0.0", port: 10001 }, allow: ["10.0.0.0/8"] })).not.toContain(
      "listens-everywhere",
    );
    expect(codes({})).not.toContain("listens-everywhere");
  });

  it("is refused without an Impalad", () => {
    expect(codeOf(() => desire(decided({ hueIni: "hue.ini" })))).toBe("settings no-impalad");
  });
});

describe("a plan for Cloudera Manager", () => {
  const edited = (valves: Valve[]) =>
    plan(managed(), { ...NOTHING, valves })
      .changes.filter(isValveChange)
      .map(({ valve: { owner } }) => owner);

  it.each([
    ["nothing is set: the service's", [valve("service", "hue", ""), valve("group", "g", "")], ["hue"]],
    [
      "the service's sets the keys",
      [valve("service", "hue", "[impala]\nserver_host=x\n"), valve("group", "g", "[desktop]\n")],
      ["hue"],
    ],
    [
      "the only group sets them",
      [valve("service", "hue", ""), valve("group", "g", "[impala]\nserver_port=1\n")],
      ["g"],
    ],
    [
      "one of two groups sets them: both ways are needed",
      [
        valve("service", "hue", ""),
        valve("group", "g", "[impala]\nserver_port=1\n"),
        valve("group", "h", "", ["other"]),
      ],
      ["hue", "g"],
    ],
    [
      "a role overrides them",
      [
        valve("service", "hue", ""),
        valve("group", "g", "", ["a"]),
        valve("role", "b", "[impala]\nserver_host=x\n", ["b"]),
      ],
      ["hue", "b"],
    ],
    [
      "a group that nobody reads counts for nothing",
      [valve("service", "hue", ""), valve("group", "g", "[impala]\nserver_port=1\n", [])],
      ["hue"],
    ],
  ] as const)("%s", (_, valves, owners) => {
    expect(edited([...valves])).toEqual(owners);
  });

  it("refuses a valve that Hue would not start with, and tells its line", () => {
    const broken = { ...NOTHING, valves: [valve("service", "hue", "[impala]\nx\n")] };
    expect(() => plan(managed(), broken)).toThrow(/hue_service_safety_valve:2/);
  });

  it("restarts Hue when it is stale, also if nothing else changes", () => {
    const valves = [valve("service", "hue", LINES)];
    const restart = managed({ restartHue: true });
    expect(kinds(plan(restart, { ...NOTHING, valves }))).toEqual([]);
    expect(kinds(plan(restart, { ...NOTHING, valves, stale: true }))).toEqual(["cm-command"]);
  });

  it("is refused with Kerberos and no principal of the balancer, and for a cluster without Hue", () => {
    expect(codeOf(() => managed({}, { kerberos: true, loadBalancers: [] }))).toMatch(/^settings /);
    const { hueService: _none, ...without } = discovery();
    const survey = { ...BARE, discovery: without };
    expect(codeOf(() => desire(decided({ cmUrl: "cm", ...EXTERNAL }, survey)))).toBe(
      "settings no-hue-service",
    );
  });
});

describe("HAProxy's file", () => {
  const wanted = { content: Buffer.from("new\n"), mode: 0o644, isUnit: false };
  const desired = { ...local(), files: [{ ...wanted, path: "haproxy.cfg", checkedBy: "haproxy" as const }] };
  const warned = (text: string): string[] => {
    const files = new Map([["haproxy.cfg", Buffer.from(text)]]);
    return plan(desired, hueIni(LINES, { files }))
      .warnings.filter(({ code }) => code === "not-ours")
      .map(({ message }) => message);
  };

  it("that somebody else made, or changed by hand, is told of; our own and none are not", () => {
    const ours = withMarker("defaults\n  retries 3\n", ["For a test."]);
    expect(warned("global\n  daemon\n")).toEqual([expect.stringContaining("not made by hue-impala-setup")]);
    expect(warned(ours.replace("retries 3", "retries 5"))).toEqual([
      expect.stringContaining("changed by hand"),
    ]);
    expect(warned(ours)).toEqual([]);
    expect(plan(desired, hueIni(LINES)).warnings.map(({ code }) => code)).not.toContain("not-ours");
  });
});
