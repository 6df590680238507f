import { describe, expect, it } from "vitest";
import { balancerControlFailure } from "../../src/messages/failures/balancer/control.ts";
import { readCurrent } from "../../src/setup/current/current.ts";
import { desire } from "../../src/setup/desired/desired.ts";
import { examineBalancer } from "../../src/setup/doctor/balancer.ts";
import { examineHueIni } from "../../src/setup/doctor/hue-ini.ts";
import { plan } from "../../src/setup/plan/plan.ts";
import { settle } from "../../src/setup/settle/settle.ts";
import { surveyHost } from "../../src/setup/survey/survey-host.ts";
import { planUndo } from "../../src/setup/undo/undo.ts";
import { sha256 } from "../../src/system/files/sha256.ts";
import { pretendWorld } from "./pretend-world.ts";
import { typed } from "./support.ts";

/** Places that no host has, but for the first, which a host with a Hue has. */
const HUE_INI = "/etc/hue/hue.ini";
const AGENT = "/pretended/agent.ini";
const SPEC = "/pretended/balancer.json";
const STATE = "/pretended/state";
const PLACES = { agentConfig: AGENT, spec: SPEC, stateDir: STATE, unitDir: "/pretended/units" } as const;

const WRITTEN = JSON.stringify({
  version: 1,
  listeners: [
    {
      name: "impala",
      bind: "10.0.0.5:10009",
      balance: "leastconn",
      backends: [{ name: "a", address: "a:21050" }],
    },
  ],
});

describe("a host that only a World tells of", () => {
  it("is surveyed: Hue's file, the agent's server, an earlier specification", async () => {
    const world = pretendWorld({
      files: { [HUE_INI]: "", [AGENT]: "[General]\nserver_host=cm.example.com\n", [SPEC]: WRITTEN },
    });
    expect(await surveyHost(typed(PLACES), world)).toMatchObject({
      hostName: "pretended.example.com",
      hueInis: { paths: [HUE_INI] },
      agent: { server: "cm.example.com", file: AGENT },
      spec: { listeners: [{ bind: "10.0.0.5:10009" }] },
    });
  });

  it("is planned for: what stands there, who listens, which Impalads have a health page, what is in the way", async () => {
    const files = {
      [HUE_INI]: "[impala]\nserver_host=old\n",
      "/etc/hue/zzz.ini": "[impala]\nserver_port=1\n",
    };
    const listen = { host: "127.0.0.1", port: 10001 };
    const impalads = [{ host: "i1.example.com", port: 21050 }];
    const given = typed({ ...PLACES, impalads, listen });
    const made = async (more: Parameters<typeof pretendWorld>[0]) => {
      const world = pretendWorld({ files, ...more });
      const desired = desire(await settle(given, world));
      return plan(desired, await readCurrent(desired, world));
    };
    const pages = ["i1.example.com:25000/healthz"];
    const silent = await made({ pages });
    expect(silent.changes.map(({ target }) => target)).toEqual([
      SPEC,
      "/pretended/units/hue-impala-setup-balancer.service",
      "/pretended/units/hue-impala-setup-balancer.socket",
      HUE_INI,
    ]);
    const [spec] = silent.changes;
    expect(spec?.kind === "file-create" && Buffer.from(spec.after ?? []).toString()).toContain('"/healthz"');
    expect(silent.warnings.map(({ code }) => code)).toEqual(["overridden", "balancer-silent"]);
    const served = await made({ listening: ["127.0.0.1:10001"] });
    expect(served.warnings.map(({ code }) => code)).toEqual(["overridden"]);
    await expect(made({ managed: "an agent" })).rejects.toMatchObject({ code: "managed-by-cloudera" });
  });

  it("has a journal that is taken back", async () => {
    const before = "[impala]\n";
    const after = "[impala]\nserver_host=lb\n";
    const step = {
      kind: "file",
      status: "done",
      path: HUE_INI,
      mode: 0o600,
      beforeHash: sha256(Buffer.from(before)),
      afterHash: sha256(Buffer.from(after)),
      reversal: [{ offset: before.length, length: after.length - before.length, content: "" }],
    };
    const journal = JSON.stringify({ version: 1, at: "2026-01-01T00:00:00.000Z", tool: "0", steps: [step] });
    const world = pretendWorld({
      files: { [HUE_INI]: after, [`${STATE}/journal/20260101T000000000Z.journal.json`]: journal },
    });
    const undo = await planUndo({}, world, STATE);
    expect(undo.undoes).toBe("20260101T000000000Z.journal.json");
    const [change] = undo.plan.changes;
    expect(change?.kind === "file-edit" && Buffer.from(change.after ?? []).toString()).toBe(before);
    await expect(planUndo({}, pretendWorld({}), STATE)).rejects.toMatchObject({ code: "nothing-to-undo" });
  });

  it("is examined by the doctor", async () => {
    const files = { [HUE_INI]: "[impala]\nserver_host=lb.example.com\nserver_port=10001\n" };
    const world = pretendWorld({
      files,
      listening: ["lb.example.com:10001"],
      more: {
        balancer: {
          status: () => Promise.reject(balancerControlFailure("balancer-not-running", { path: "x" })),
          call: async () => ({ outcome: "failed", text: { en: "no", ja: "否" } }),
        },
      },
    });
    const { effect, findings } = await examineHueIni(HUE_INI, world);
    expect(effect?.settings.serverHost).toMatchObject({ value: "lb.example.com", path: HUE_INI });
    expect(findings.map(({ check }) => check)).toContain("transport");
    const endpoint = { host: "lb.example.com", port: 10001 };
    const found = await examineBalancer(endpoint, "x", world);
    expect(found.map(({ check, status }) => `${check} ${status}`)).toEqual([
      "balancer-listens ok",
      "balancer-status skipped",
      "hiveserver2 problem",
    ]);
    const [silent] = await examineBalancer(endpoint, "x", pretendWorld({}));
    expect(silent).toMatchObject({ check: "balancer-listens", status: "problem" });
  });

  it("has a HAProxy: the configuration is written for its version, or for the one that is named", async () => {
    const files = { [HUE_INI]: "[impala]\nserver_host=old\n" };
    const impalads = [{ host: "i1.example.com", port: 21050 }];
    let asked = 0;
    const installed = (version: string | undefined) => ({
      files,
      more: {
        haproxyVersion: async () => {
          asked++;
          return version;
        },
      },
    });
    const written = async (version: string | undefined, more: Parameters<typeof typed>[0] = {}) => {
      const given = typed({ ...PLACES, impalads, balancer: "haproxy", haproxyConfig: "/h.cfg", ...more });
      const { files: wanted } = desire(await settle(given, pretendWorld(installed(version))));
      return Buffer.from(wanted.find(({ path }) => path === "/h.cfg")?.content ?? []).toString();
    };
    // Each came with a version: `log stdout` with 2.0, `localpeer` with 2.4, `client-hs` with 2.9.
    const [old, unknown, debian] = await Promise.all([
      written("1.8.27-493ce0b"),
      written(undefined),
      written("2.6.12-1+deb12u3"),
    ]);
    expect(old).not.toMatch(/log stdout|localpeer/);
    expect(unknown).toMatch(/log stdout[\s\S]*localpeer/);
    expect(debian).toBe(unknown);
    expect(asked).toBe(3);
    expect(await written("2.6.12", { haproxyVersion: "1.8" })).toBe(old);
    await expect(written("1.5.18")).rejects.toMatchObject({ code: "haproxy-version" });
    await expect(written("2.6", { haproxyVersion: "new" })).rejects.toMatchObject({
      code: "haproxy-version",
    });
    asked = 0;
    await written("2.6", { balancer: "embedded" });
    expect(asked).toBe(0);
  });
});
