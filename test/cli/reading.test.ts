import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultDescription, startCloudera } from "../../fixtures/cloudera-manager/index.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";
import type { ProcessWorld } from "../../src/cli/context.ts";
import { main } from "../../src/cli/main.ts";
import type { Writes } from "../../src/setup/world/world.ts";
import { FORBIDDEN, testWorld } from "../setup/world.ts";
import { PASSWORD } from "../support/cloudera.ts";
import { freePort } from "../support/free-port.ts";
import { plainEnvironment } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";

interface Ended {
  readonly status: number;
  readonly document: {
    readonly changed?: boolean;
    readonly changes?: readonly { readonly kind: string; readonly target: string }[];
    readonly error?: { readonly code: string; readonly message: string };
  };
}

/** Runs the program in this process, with the given writing half. */
async function run(argv: readonly string[], write: Writes): Promise<Ended> {
  const output: Buffer[] = [];
  const sink = (to: Buffer[]) =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        to.push(Buffer.from(chunk));
        done();
      },
    });
  const world: ProcessWorld = {
    ...testWorld(),
    streams: { stdin: Readable.from([]), stdout: sink(output), stderr: sink([]) },
    environment: plainEnvironment({ HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD }),
    interruption: () => new AbortController().signal,
    write,
  };
  const status = await main([...argv, "--json"], world);
  return { status, document: JSON.parse(Buffer.concat(output).toString()) };
}

interface Place {
  readonly hueIni: string;
  readonly local: readonly string[];
  readonly managed: readonly string[];
  readonly login: readonly string[];
  readonly state: readonly string[];
  readonly spec: readonly string[];
}

/** A host with a hue.ini, and a Cloudera Manager, with the words that set either up. */
async function place(): Promise<Place> {
  const folder = await scratch();
  const hueIni = join(folder, "hue.ini");
  await writeFile(hueIni, "[impala]\n");
  await mkdir(join(folder, "units"));
  const manager = await startCloudera({ description: defaultDescription(), users: defaultUsers(PASSWORD) });
  onTestFinished(() => manager.close());
  const login = ["--cm-url", manager.url, "--cm-user", "admin"];
  const agent = ["--agent-config", join(folder, "none")];
  const spec = ["--spec", join(folder, "balancer.json")];
  const state = ["--state-dir", join(folder, "state")];
  const places = [...spec, ...state, "--unit-dir", join(folder, "units")];
  const listen = [
    "--listen",
    `127.0.0.1:${await freePort()}`,
    "--admin-listen",
    `127.0.0.1:${await freePort()}`,
  ];
  const common = ["--non-interactive", ...places, ...listen];
  const local = [...common, "--hue-ini", hueIni, "--impalad", "127.0.0.1:1", ...agent];
  return {
    hueIni,
    local,
    managed: [...common, ...login, ...agent, "--set-impala-load-balancer"],
    login,
    state,
    spec,
  };
}

describe("a run that only looks", () => {
  it("cannot write: its plan is whole with a writing half that refuses everything", async () => {
    const { local, managed } = await place();
    for (const words of [local, managed]) {
      for (const [mode, status] of [
        ["--dry-run", 0],
        ["--check", 2],
      ] as const) {
        const { document, ...ended } = await run([...words, mode], FORBIDDEN);
        expect({ ...ended, error: document.error }).toEqual({ status, error: undefined });
        expect(document.changed).toBe(true);
        expect(document.changes?.length).toBeGreaterThan(2);
      }
    }
  });

  it("an apply does not get by with such a world: the first thing that it does is refused", async () => {
    const { local, hueIni } = await place();
    const { document, status } = await run(local, FORBIDDEN);
    expect(status).toBe(1);
    expect(document.error?.message).toBe("a run that only looks has called lock");
    expect(await readFile(hueIni, "utf8")).toBe("[impala]\n");
  });

  it("nor do undo and sync write when they only show", async () => {
    const { local, login, state, spec, hueIni } = await place();
    const { write } = testWorld();
    expect(await run(local, write)).toMatchObject({ status: 0, document: { changed: true } });
    const after = await readFile(hueIni, "utf8");
    for (const words of [
      ["undo", ...state],
      ["sync", ...login, ...spec, ...state],
    ]) {
      for (const [mode, status] of [
        ["--dry-run", 0],
        ["--check", 2],
      ] as const) {
        const ended = await run([...words, mode], FORBIDDEN);
        expect(ended, words[0]).toMatchObject({ status, document: { changed: true } });
      }
    }
    expect(await readFile(hueIni, "utf8")).toBe(after);
  });

  it("the commands that show something never write", async () => {
    const { local, login, spec, state, hueIni } = await place();
    expect((await run(local, testWorld().write)).status).toBe(0);
    for (const words of [
      ["discover", ...login],
      ["doctor", "--hue-ini", hueIni, ...spec],
      ["config", "show", "--hue-ini", hueIni, ...spec, ...state],
      ["haproxy", "print", ...spec],
      ["balancer", "check", ...spec],
      ["completion", "bash"],
    ]) {
      const { document } = await run(words, FORBIDDEN);
      expect(document.error, words.join(" ")).toBeUndefined();
    }
  });
});
