import { describe, expect, it } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { ConfigChanged } from "../../src/cloudera/config/property.ts";
import {
  readValves,
  SERVER_VALVE,
  SERVICE_VALVE,
  type Valve,
  writeValve,
} from "../../src/cloudera/config/valve.ts";
import { failureOf, onStage, type Stage } from "./support.ts";

const MESSAGE = "hue-impala-setup 0.1.0: points Hue at the Impala balancer";
const at = (client: Stage["client"]) => [client, "Cluster 1", "hue"] as const;
const withValves = (options: Parameters<typeof defaultDescription>[0]) => ({
  description: defaultDescription(options),
});

async function serviceValve(client: Stage["client"]): Promise<Valve> {
  const [valve] = await readValves(...at(client));
  if (valve === undefined) throw new Error("no valve");
  return valve;
}

describe("reading Hue's valves", () => {
  it.each([6, 19, 33, 45, 57, 58])(
    "v%i: service, group and role override, in the order in which Hue reads them",
    async (apiVersion) => {
      await onStage(
        async ({ client }) => {
          const valves = await readValves(...at(client));
          expect(
            valves.map(({ scope, property, value, set, file }) => [scope, property, value, set, file]),
          ).toEqual([
            ["service", SERVICE_VALVE, "a=1", true, "hue_safety_valve.ini"],
            ["group", SERVER_VALVE, "b=2", true, "hue_safety_valve_server.ini"],
            ["role", SERVER_VALVE, "c=3", true, "hue_safety_valve_server.ini"],
          ]);
          const [service, group, role] = valves;
          expect(service?.owner).toBe("hue");
          expect(group?.owner).toBe("hue-HUE_SERVER-BASE");
          expect(service?.roles).toHaveLength(3);
          // The first server's own valve replaces its group's.
          expect(role?.roles).toEqual([role?.owner]);
          expect(group?.roles).toHaveLength(2);
          expect(group?.roles).not.toContain(role?.owner);
        },
        { apiVersion, ...withValves({ valve: "a=1", serverValve: "b=2", roleValve: "c=3", hueServers: 3 }) },
      );
    },
  );

  it("lists service and group also when unset, and a group that nobody reads not at all", async () => {
    await onStage(async ({ client }) => {
      const valves = await readValves(...at(client));
      expect(valves.map(({ scope, value, set }) => [scope, value, set])).toEqual([
        ["service", "", false],
        ["group", "", false],
      ]);
    });
    await onStage(
      async ({ client }) => {
        const valves = await readValves(...at(client));
        expect(valves.map(({ scope }) => scope)).toEqual(["service", "role"]);
      },
      withValves({ serverValve: "b=2", roleValve: "c=3", hueServers: 1 }),
    );
  });

  it("a value that is set to nothing is told from one that is not set", async () => {
    await onStage(
      async ({ client }) => expect((await serviceValve(client)).set).toBe(true),
      withValves({ valve: "" }),
    );
  });
});

/**
 * A colleague's valve of about 60 KB: CRLF, comments, nested sections, tabs, quotes, Japanese, no line end at the end.
 */
function colleaguesValve(): string {
  const lines = [
    "# by the platform team\r\n",
    "[desktop]\r\n",
    "\ttime_zone = Asia/Tokyo   # 東京\r\n",
    "[[auth]]\r\n",
  ];
  for (let n = 0; lines.join("").length < 60_000; n++) {
    lines.push(
      `  # comment ${n}: "quotes", 'single', \\back\\slash\r\n`,
      `  key_${n} = "value ${n} = [not a section]" \r\n`,
    );
  }
  return `${lines.join("")}[impala]\r\nserver_host=old.example.com\r\n  [[ssl]]\r\n  enabled=true`;
}

describe("writing a valve", () => {
  it.each([6, 33, 45, 58])(
    "v%i: 60 KB with CRLF go through write and read-back byte for byte",
    async (apiVersion) => {
      const before = colleaguesValve();
      const after = before.replace("old.example.com", "lb.example.com");
      expect(Buffer.byteLength(before)).toBeGreaterThan(60_000);
      await onStage(
        async ({ cm, client }) => {
          const valve = await serviceValve(client);
          expect(valve.value).toBe(before);
          expect(await writeValve(...at(client), valve, after, MESSAGE)).toEqual({ changed: true });
          expect((await serviceValve(client)).value).toBe(after);
          expect(cm.state.service("Cluster 1", "hue").config.get(SERVICE_VALVE)).toBe(after);
          await writeValve(...at(client), await serviceValve(client), before, "undo");
          expect(cm.state.service("Cluster 1", "hue").config.get(SERVICE_VALVE)).toBe(before);
        },
        { apiVersion, ...withValves({ valve: before }) },
      );
    },
  );

  it("names the tool in the revision, and touches no other property", async () => {
    await onStage(
      async ({ cm, client }) => {
        const hue = cm.state.service("Cluster 1", "hue");
        const others = new Map(hue.config);
        await writeValve(...at(client), await serviceValve(client), "[impala]\n", MESSAGE);
        expect(cm.state.revisions.at(-1)).toMatchObject({ message: MESSAGE, user: "admin" });
        others.set(SERVICE_VALVE, "[impala]\n");
        expect(new Map(hue.config)).toEqual(others);
        const put = cm.requests.find((request) => request.method === "PUT");
        expect(JSON.parse(put?.body ?? "")).toEqual({
          items: [{ name: SERVICE_VALVE, value: "[impala]\n" }],
        });
      },
      withValves({ valve: "[desktop]\n" }),
    );
  });

  it.each(["group", "role"] as const)("a %s's valve is written where it belongs", async (scope) => {
    await onStage(
      async ({ client }) => {
        const valve = (await readValves(...at(client))).find((candidate) => candidate.scope === scope);
        if (valve === undefined) throw new Error("no valve");
        await writeValve(...at(client), valve, "[impala]\nserver_host=lb\n", MESSAGE);
        const again = (await readValves(...at(client))).filter((candidate) =>
          candidate.value.includes("server_host=lb"),
        );
        expect(again.map((candidate) => candidate.owner)).toEqual([valve.owner]);
      },
      withValves({ serverValve: "b=2", roleValve: "c=3", hueServers: 2 }),
    );
  });

  it('"" takes the setting away, so that undo of a first setting leaves none behind', async () => {
    await onStage(async ({ cm, client }) => {
      await writeValve(...at(client), await serviceValve(client), "[impala]\n", MESSAGE);
      await writeValve(...at(client), await serviceValve(client), "", "undo");
      expect(cm.state.service("Cluster 1", "hue").config.has(SERVICE_VALVE)).toBe(false);
      expect(await serviceValve(client)).toMatchObject({ set: false, value: "" });
    });
  });

  it("writes nothing when it is as wanted already", async () => {
    await onStage(
      async ({ cm, client }) => {
        const valve = await serviceValve(client);
        expect(await writeValve(...at(client), valve, "[desktop]\n", MESSAGE)).toEqual({ changed: false });
        expect(cm.requests.some((request) => request.method === "PUT")).toBe(false);
      },
      withValves({ valve: "[desktop]\n" }),
    );
  });

  it("another administrator's change since it was read: nothing is written, both texts are in the failure", async () => {
    await onStage(
      async ({ cm, client }) => {
        const valve = await serviceValve(client);
        cm.otherAdministrator("Cluster 1", "hue", { [SERVICE_VALVE]: "[theirs]\n" });
        const failure = await failureOf(writeValve(...at(client), valve, "[ours]\n", MESSAGE));
        expect(failure).toBeInstanceOf(ConfigChanged);
        expect(failure).toMatchObject({
          kind: "failed",
          code: "valve-changed",
          expected: "[desktop]\n",
          found: "[theirs]\n",
          wanted: "[ours]\n",
        });
        expect(cm.requests.some((request) => request.method === "PUT")).toBe(false);
        expect(cm.state.service("Cluster 1", "hue").config.get(SERVICE_VALVE)).toBe("[theirs]\n");
      },
      withValves({ valve: "[desktop]\n" }),
    );
  });

  it("another administrator's change after a PUT that failed is not overwritten by another attempt", async () => {
    await onStage(
      async ({ cm, client }) => {
        const valve = await serviceValve(client);
        const theirs = () => cm.otherAdministrator("Cluster 1", "hue", { [SERVICE_VALVE]: "[theirs]\n" });
        cm.setFault({ method: "PUT", fault: { kind: "status", status: 503 } });
        // Right before the read that follows the failed PUT.
        cm.setFault({
          method: "GET",
          path: "/hue/config",
          after: 1,
          times: 1,
          fault: { kind: "meanwhile", act: theirs },
        });
        expect(await failureOf(writeValve(...at(client), valve, "[ours]\n", MESSAGE))).toMatchObject({
          code: "valve-changed",
          found: "[theirs]\n",
        });
        expect(cm.requests.filter((request) => request.method === "PUT")).toHaveLength(1);
      },
      withValves({ valve: "[desktop]\n" }),
    );
  });

  it("a change by another administrator right after ours is noticed", async () => {
    await onStage(
      async ({ cm, client }) => {
        const valve = await serviceValve(client);
        const theirs = () => cm.otherAdministrator("Cluster 1", "hue", { [SERVICE_VALVE]: "[theirs]\n" });
        cm.setFault({
          method: "GET",
          path: "/hue/config",
          after: 1,
          times: 1,
          fault: { kind: "meanwhile", act: theirs },
        });
        expect(await failureOf(writeValve(...at(client), valve, "[ours]\n", MESSAGE))).toMatchObject({
          kind: "partial",
          code: "cm-not-kept",
        });
      },
      withValves({ valve: "[desktop]\n" }),
    );
  });

  it("a server that accepts the PUT and keeps the old text is found out", async () => {
    await onStage(
      async ({ cm, client }) => {
        cm.setFault({ method: "PUT", fault: { kind: "body", body: '{"items":[]}' } });
        const valve = { ...(await serviceValve(client)) };
        const restore = () => cm.otherAdministrator("Cluster 1", "hue", { [SERVICE_VALVE]: "[desktop]\n" });
        cm.setFault({
          method: "GET",
          path: "/hue/config",
          after: 1,
          times: 1,
          fault: { kind: "meanwhile", act: restore },
        });
        const failure = await failureOf(writeValve(...at(client), valve, "[ours]\n", MESSAGE));
        expect(failure).toMatchObject({ kind: "partial", code: "cm-not-kept" });
        expect(failure.message).toContain("did not keep it");
      },
      withValves({ valve: "[desktop]\n" }),
    );
  });

  it("a server that stores CRLF as LF and drops blanks at the end has kept the text", async () => {
    await onStage(async ({ cm, client }) => {
      const valve = await serviceValve(client);
      const stored = () =>
        cm.otherAdministrator("Cluster 1", "hue", { [SERVICE_VALVE]: "[impala]\nserver_host=lb" });
      cm.setFault({
        method: "GET",
        path: "/hue/config",
        after: 1,
        times: 1,
        fault: { kind: "meanwhile", act: stored },
      });
      const written = await writeValve(...at(client), valve, "[impala]\r\nserver_host=lb\r\n", MESSAGE);
      expect(written).toEqual({ changed: true });
    });
  });

  it("a property that this version does not know: nothing changed, and where to look", async () => {
    await onStage(async ({ client }) => {
      const valve = { ...(await serviceValve(client)), property: "hue_safety_valve_of_old" };
      const failure = await failureOf(writeValve(...at(client), valve, "x", MESSAGE));
      expect(failure).toMatchObject({ kind: "failed", code: "cm-unknown-property" });
      expect(failure.message).toContain("is unchanged");
      // Found by its label in the web UI.
      expect(failure.hint).toContain(`this version calls it ${SERVICE_VALVE}`);
    });
  });

  it.each(["read-only", "operator"])(
    "the account %s may not: exit kind auth, nothing changed",
    async (user) => {
      await onStage(
        async ({ cm, client }) => {
          const failure = await failureOf(
            writeValve(...at(client), await serviceValve(client), "x", MESSAGE),
          );
          expect(failure).toMatchObject({ kind: "auth", code: "cm-forbidden" });
          expect(failure.hint).toContain("Configurator");
          expect(cm.state.revisions).toEqual([]);
        },
        { user },
      );
    },
  );
});
