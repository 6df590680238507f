import { describe, expect, it } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { SERVICE_VALVE } from "../../src/cloudera/config/valve.ts";
import { type RestartProgress, restartHue } from "../../src/cloudera/restart/restart.ts";
import { runningConfigFiles } from "../../src/cloudera/restart/running-config.ts";
import { staleHueServers } from "../../src/cloudera/roles/hue-servers.ts";
import { expectNoSecret, failureOf, onStage, type Stage } from "./support.ts";

const HUE = ["Cluster 1", "hue"] as const;
const VALVE = "[impala]\nserver_host=lb.example.com\nserver_port=21051\n";

/** A cluster with two Hue servers, whose service valve was changed a moment ago. */
function changed(
  act: (stage: Stage) => Promise<void>,
  options: Parameters<typeof onStage>[1] = {},
): Promise<void> {
  const description = defaultDescription({ hueServers: 2 });
  return onStage(
    async (stage) => {
      stage.cm.otherAdministrator(...HUE, { [SERVICE_VALVE]: VALVE });
      await act(stage);
    },
    { description, stalenessDelay: 3_000, commandDuration: 45_000, ...options },
  );
}

const restarts = ({ cm }: Stage) => cm.requests.filter((request) => request.method === "POST");
const rolesOf = ({ cm }: Stage) =>
  [...cm.state.service(...HUE).roles.values()]
    .filter((role) => role.type === "HUE_SERVER")
    .map((role) => role.name);

describe("restarting Hue", () => {
  it.each([6, 19, 33, 45, 58])(
    "v%i: waits for the staleness, restarts only the Hue servers, and shows progress",
    async (apiVersion) => {
      const progress: RestartProgress[] = [];
      await changed(
        async (stage) => {
          const { cm, client } = stage;
          const before = new Map(
            [...cm.state.service(...HUE).roles.values()].map((role) => [role.name, role.process?.id]),
          );
          const done = await restartHue(client, ...HUE, { onProgress: (event) => progress.push(event) });
          expect(done).toMatchObject({ outcome: "restarted", roles: rolesOf(stage) });
          expect(done.commands).toHaveLength(2);
          expect(restarts(stage).map((request) => request.path.replace(/^.*services\//, ""))).toEqual([
            "hue/roleCommands/restart",
          ]);
          for (const role of cm.state.service(...HUE).roles.values()) {
            expect(role.process?.id === before.get(role.name)).toBe(role.type !== "HUE_SERVER");
          }
          expect(await staleHueServers(client, ...HUE)).toEqual([]);
        },
        { apiVersion },
      );
      expect(progress[0]).toMatchObject({ step: "checking", elapsed: 0 });
      expect(progress.at(-1)?.step).toBe("restarting");
      expect(progress.at(-1)?.message).toMatch(/command \d+.*\(\d+ s\)/);
      expect(progress.at(-1)?.elapsed).toBeGreaterThan(30);
    },
  );

  it("does nothing when nothing is stale, after having waited for it", async () => {
    await onStage(async (stage) => {
      const done = await restartHue(stage.client, ...HUE);
      expect(done).toMatchObject({ outcome: "fresh", roles: [], commands: [] });
      expect(restarts(stage)).toEqual([]);
      expect(stage.pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThanOrEqual(20_000);
    });
  });

  it("leaves a stopped Hue server stopped", async () => {
    await changed(async (stage) => {
      const [first, second] = [...stage.cm.state.service(...HUE).roles.values()].filter(
        (role) => role.type === "HUE_SERVER",
      );
      if (first === undefined || second === undefined) throw new Error("no servers");
      first.state = "STOPPED";
      expect(await restartHue(stage.client, ...HUE)).toMatchObject({
        outcome: "restarted",
        roles: [second.name],
      });
      expect(first.state).toBe("STOPPED");
      second.state = "STOPPED";
      const none = await restartHue(stage.client, ...HUE);
      expect(none.outcome).toBe("fresh");
      expect(none.note).toContain("no Hue server runs");
    });
  });

  it("attaches to a restart that is running, and sends none of its own when that did it", async () => {
    await changed(async (stage) => {
      const theirs = stage.cm.startRestart(...HUE);
      const done = await restartHue(stage.client, ...HUE);
      expect(done).toMatchObject({ outcome: "attached", roles: rolesOf(stage), commands: [theirs.id] });
      expect(restarts(stage)).toEqual([]);
    });
  });

  it("attaches to a running restart that began before the change, then restarts", async () => {
    await onStage(
      async (stage) => {
        const theirs = stage.cm.startRestart(...HUE);
        const change = () => stage.cm.otherAdministrator(...HUE, { [SERVICE_VALVE]: VALVE });
        // At the first look at the servers after their restart has ended: its files are older than the change.
        stage.cm.setFault({
          path: /hue\/roles$/,
          after: 1,
          times: 1,
          fault: { kind: "meanwhile", act: change },
        });
        const done = await restartHue(stage.client, ...HUE);
        expect(done.outcome).toBe("restarted");
        expect(done.commands).not.toContain(theirs.id);
      },
      { commandDuration: 45_000, stalenessDelay: 1_000 },
    );
  });

  it("a restart that is refused because another one has just begun becomes attaching", async () => {
    await changed(async (stage) => {
      let id = 0;
      const act = () => {
        id = stage.cm.startRestart(...HUE).id;
      };
      stage.cm.setFault({ method: "POST", fault: { kind: "meanwhile", act } });
      const done = await restartHue(stage.client, ...HUE);
      expect(done).toMatchObject({ outcome: "attached", commands: [id] });
    });
  });

  it("a refused restart (HTTP 200) is told", async () => {
    await changed(async (stage) => {
      stage.cm.behave({ name: "Restart", outcome: "refuse" });
      const failure = await failureOf(restartHue(stage.client, ...HUE));
      expect(failure).toMatchObject({ kind: "failed", code: "restart-refused" });
      expect(failure.message).toContain("not currently available");
      expect(failure.hint).toContain("old configuration");
    });
  });

  it("a refused command in the list of commands (HTTP 200, success false) is told too", async () => {
    await changed(async (stage) => {
      const item = {
        id: 99,
        name: "Restart",
        active: false,
        success: false,
        resultMessage: "Command Restart is not currently available\u001b[31m",
      };
      stage.cm.setFault({
        method: "POST",
        fault: { kind: "body", body: JSON.stringify({ items: [item], errors: [] }) },
      });
      // Carried out all the same by the simulator: not what is tested here.
      stage.cm.behave({ outcome: "refuse" });
      const failure = await failureOf(restartHue(stage.client, ...HUE));
      expect(failure).toMatchObject({ kind: "failed", code: "restart-refused" });
      expect(failure.message).toMatch(/is not currently available\^\[\[31m$/);
    });
  });

  it("partial errors: what was restarted and what was not", async () => {
    await changed(async (stage) => {
      const [, second = ""] = rolesOf(stage);
      stage.cm.behave({ name: "Restart", role: second, outcome: "refuse" });
      const failure = await failureOf(restartHue(stage.client, ...HUE));
      expect(failure).toMatchObject({ kind: "partial", code: "restart-partial" });
      expect(failure.message).toContain("1 of 2");
      expect(failure.message).toContain(second);
      expect(await staleHueServers(stage.client, ...HUE)).toEqual([second]);
    });
  });

  it("a restart that fails: its command and its message", async () => {
    await changed(async (stage) => {
      stage.cm.behave({
        name: "Restart",
        outcome: "fail",
        message: "Role failed to start:\n\u0007see the log",
      });
      const failure = await failureOf(restartHue(stage.client, ...HUE));
      expect(failure).toMatchObject({ kind: "partial", code: "restart-failed" });
      expect(failure.message).toMatch(/Restart \(command \d+\) failed: Role failed to start: \^Gsee the log/);
      expect(failure.hint).toContain(`${stage.cm.url}/cmf/command/`);
    });
  });

  it("a command that never ends: the time-out names it and leaves it running", async () => {
    await changed(async (stage) => {
      stage.cm.behave({ name: "Restart", outcome: "never" });
      const failure = await failureOf(restartHue(stage.client, ...HUE, { timeout: 600 }));
      expect(failure).toMatchObject({ kind: "partial", code: "command-timeout" });
      expect(failure.message).toMatch(/not finished after 600 s: Restart \(command \d+\)/);
      expect(stage.cm.requests.some((request) => request.path.includes("abort"))).toBe(false);
      expect(stage.cm.commands.all().some((command) => command.active)).toBe(true);
    });
  });

  it("Ctrl-C: the command goes on, its id is told, and a second run attaches to it", async () => {
    await changed(async (stage) => {
      const abort = new AbortController();
      const onProgress = ({ step, message }: RestartProgress) => {
        if (step === "restarting" && message.includes("is running")) abort.abort();
      };
      const failure = await failureOf(restartHue(stage.client, ...HUE, { signal: abort.signal, onProgress }));
      expect(failure).toMatchObject({ kind: "interrupted", code: "command-still-running" });
      const ids = stage.cm.commands.all().map((command) => command.id);
      for (const id of ids) expect(failure.message).toContain(`command ${id}`);
      expect(failure.hint).toContain("not aborted");
      expect(stage.cm.commands.all().every((command) => command.active)).toBe(true);
      const again = await restartHue(stage.client, ...HUE);
      expect(again).toMatchObject({ outcome: "attached", commands: ids });
    });
  });

  it("Ctrl-C before anything was started says so", async () => {
    await changed(async (stage) => {
      const abort = new AbortController();
      const failure = await failureOf(
        restartHue(stage.client, ...HUE, { signal: abort.signal, onProgress: () => abort.abort() }),
      );
      expect(failure).toMatchObject({ kind: "interrupted", code: "restart-not-started" });
      expect(restarts(stage)).toEqual([]);
    });
  });

  it("a synchronous command (id -1) is not polled", async () => {
    await changed(async (stage) => {
      stage.cm.behave({ name: "Restart", outcome: "synchronous" });
      expect((await restartHue(stage.client, ...HUE)).commands).toEqual([]);
      expect(stage.cm.requests.some((request) => request.path.includes("/commands/-1"))).toBe(false);
    });
  });

  it.each([
    ["reset-after", { kind: "reset-after" }],
    ["half-json", { kind: "half-json", ended: true }],
    ["empty 204", { kind: "empty-204" }],
    ["another body", { kind: "body", body: "[]" }],
  ] as const)(
    "a lost answer (%s) to the command: it is found by the list of running ones and not sent twice",
    async (_, fault) => {
      await changed(async (stage) => {
        stage.cm.setFault({ method: "POST", fault });
        const done = await restartHue(stage.client, ...HUE);
        expect(done).toMatchObject({ outcome: "restarted", roles: rolesOf(stage) });
        expect(restarts(stage)).toHaveLength(1);
      });
    },
  );

  it.each([
    ["reset", { kind: "reset" }, "partial", "restart-unknown"],
    ["500", { kind: "status", status: 500 }, "partial", "restart-unknown"],
    ["503", { kind: "status", status: 503 }, "partial", "restart-unknown"],
    ["403", { kind: "forbidden" }, "auth", "cm-forbidden"],
    ["401", { kind: "unauthorized" }, "auth", "cm-bad-credentials"],
    ["400", { kind: "wrapped-internal-fault" }, "failed", "cm-bad-request"],
    ["429", { kind: "status", status: 429 }, "unreachable", "cm-busy"],
  ] as const)("a command that failed with %s is never sent again", async (_, fault, kind, code) => {
    await changed(async (stage) => {
      stage.cm.setFault({ method: "POST", fault });
      const failure = await failureOf(restartHue(stage.client, ...HUE));
      expect(failure).toMatchObject({ kind, code });
      expectNoSecret(failure);
      // A session that has run out is renewed: that 401 was refused before anything was looked at.
      expect(restarts(stage)).toHaveLength(fault.kind === "unauthorized" ? 2 : 1);
      expect(stage.cm.commands.all()).toEqual([]);
    });
  });

  it("faults while watching (400, 500, 503, resets) are survived", async () => {
    await changed(async (stage) => {
      for (const [after, fault] of [
        [0, { kind: "wrapped-internal-fault" }],
        [1, { kind: "status", status: 500 }],
        [1, { kind: "reset" }],
        [2, { kind: "status", status: 503 }],
      ] as const) {
        stage.cm.setFault({ path: /\/commands\/\d+$/, after, times: 2, fault });
      }
      expect((await restartHue(stage.client, ...HUE)).outcome).toBe("restarted");
    });
  });

  it("a server that stays away while watching: the fate is unknown, the command named", async () => {
    await changed(async (stage) => {
      stage.cm.setFault({ path: /\/commands\/\d+$/, fault: { kind: "status", status: 503 } });
      const failure = await failureOf(restartHue(stage.client, ...HUE));
      expect(failure).toMatchObject({ kind: "partial", code: "command-unknown" });
      expect(failure.message).toMatch(/command \d+/);
    });
  });

  it("an account that may only read is told so", async () => {
    await changed(
      async (stage) => {
        const failure = await failureOf(restartHue(stage.client, ...HUE));
        expect(failure).toMatchObject({ kind: "auth", code: "cm-forbidden" });
      },
      { user: "read-only" },
    );
  });
});

describe("proof of what Hue has loaded", () => {
  it.each([6, 19, 33, 45, 58])(
    "v%i: the running servers' files show the change only after the restart",
    async (apiVersion) => {
      await changed(
        async (stage) => {
          const text = async () => {
            const running = await runningConfigFiles(stage.client, ...HUE);
            expect(running.map(({ host }) => host)).toEqual(["hue1.example.com", "hue2.example.com"]);
            return running.map(({ files }) =>
              files.map(({ path, bytes }) => `${path}:${Buffer.from(bytes).toString()}`).join("\n"),
            );
          };
          const before = await text();
          for (const files of before) {
            expect(files).toContain("hue.ini:[desktop]");
            expect(files).not.toContain("lb.example.com");
          }
          await restartHue(stage.client, ...HUE);
          for (const files of await text()) expect(files).toContain(`hue_safety_valve.ini:${VALVE}`);
        },
        { apiVersion },
      );
    },
  );

  it("only the files that Hue loads, in its order, byte for byte; none of a server that does not run", async () => {
    await changed(async (stage) => {
      const [first, second] = [...stage.cm.state.service(...HUE).roles.values()].filter(
        (role) => role.type === "HUE_SERVER",
      );
      if (first?.process === undefined || second === undefined) throw new Error("no servers");
      const more = [
        ["z_last.ini", "[x]\r\nkey=日本\r\n"],
        ["a_first.ini", "[x]\n"],
        ["sub/folder.ini", "no"],
        [".hidden.ini", "no"],
      ] as const;
      const files = [...first.process.files, ...more];
      Object.assign(first.process, { files: new Map(files) });
      second.state = "STOPPED";
      const [one, two] = await runningConfigFiles(stage.client, ...HUE);
      expect(one?.files.map((file) => file.path)).toEqual([
        "a_first.ini",
        "hue.ini",
        "hue_safety_valve.ini",
        "hue_safety_valve_server.ini",
        "z_last.ini",
      ]);
      expect(Buffer.from(one?.files.at(-1)?.bytes ?? []).toString()).toBe("[x]\r\nkey=日本\r\n");
      expect(two?.files).toEqual([]);
      expect(stage.cm.requests.some((request) => request.path.includes("impala-conf"))).toBe(false);
    });
  });

  it("a server without a process (404) has no files", async () => {
    await onStage(async ({ cm, client }) => {
      cm.setFault({ path: /\/process$/, fault: { kind: "status", status: 404 } });
      expect((await runningConfigFiles(client, ...HUE)).map(({ files }) => files)).toEqual([[]]);
    });
  });
});
