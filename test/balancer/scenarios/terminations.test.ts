import { afterEach, describe, expect, test } from "vitest";
import { Client } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { blackHole } from "../support/faults.ts";
import {
  type BackendProgram,
  type BalancerProgram,
  killAll,
  startBackend,
  startProgram,
} from "../support/programs.ts";

afterEach(killAll);

interface Scene {
  readonly balancer: BalancerProgram;
  readonly backend: BackendProgram;
}

interface Case {
  readonly code: string;
  readonly what: string;
  /** Of the listener; its backend is `a` unless it is dropped SYNs that matter. */
  readonly spec?: object;
  readonly hole?: boolean;
  /** What is done, up to where the connection must end. */
  readonly act: (scene: Scene) => Promise<unknown>;
  /** The rest of the line after the accept date, up to the counters. */
  readonly line: RegExp;
}

const quiet = { interval: 600, timeout: 1 };
const talking = async ({ balancer }: Scene): Promise<Client> => {
  const client = new Client(balancer.port).say("who\n");
  await client.line();
  return client;
};

/** HAProxy's two letters: who ended it (client, server, proxy, down, kill; small: by time-out), and in which phase. */
const cases: readonly Case[] = [
  {
    code: "--",
    what: "both sides have ended it properly",
    act: async (scene) => {
      const client = await talking(scene);
      client.socket.end();
      await client.end();
    },
    line: /impala\/a \d+\/\d+\/\d+ 2 -- 1\/1\/1\/\d\/0 0\/0$/,
  },
  {
    code: "CC",
    what: "the client left while the backend was being connected",
    hole: true,
    act: async ({ balancer }) => {
      const client = new Client(balancer.port);
      await eventually(async () => (await balancer.backend("hole")).connections === 1);
      client.close();
    },
    line: /impala\/hole \d+\/-1\/\d+ 0 CC /,
  },
  {
    code: "CD",
    what: "the client broke it off",
    act: async (scene) => (await talking(scene)).socket.resetAndDestroy(),
    line: /impala\/a \d+\/\d+\/\d+ 2 CD /,
  },
  {
    code: "cD",
    what: "nothing moved, the client's time-out was first",
    spec: { timeouts: { client: 0.5, server: 60 } },
    act: async (scene) => (await talking(scene)).end(),
    line: /impala\/a \d+\/\d+\/\d{3,} 2 cD /,
  },
  {
    code: "sD",
    what: "nothing moved, the backend's time-out was first",
    spec: { timeouts: { client: 60, server: 0.5 } },
    act: async (scene) => (await talking(scene)).end(),
    line: /impala\/a \d+\/\d+\/\d{3,} 2 sD /,
  },
  {
    code: "SC",
    what: "every attempt was refused",
    spec: { retries: 0, backends: [{ name: "refusing", address: "127.0.0.1:1" }] },
    act: ({ balancer }) => new Client(balancer.port).end(),
    line: /impala\/(refusing \d+\/-1|<NOSRV> -1\/-1)\/\d+ 0 SC /,
  },
  {
    code: "sC",
    what: "the backend did not answer the attempt in time",
    spec: { retries: 0, timeouts: { connect: 0.3 } },
    hole: true,
    act: ({ balancer }) => new Client(balancer.port).end(),
    line: /impala\/hole \d+\/-1\/\d{3,} 0 sC /,
  },
  {
    code: "SD",
    what: "the backend broke it off",
    act: async (scene) => {
      const client = await talking(scene);
      // Bytes that nobody reads any more make the kernel of a killed process answer with RST.
      scene.backend.signal("SIGSTOP");
      client.say(Buffer.alloc(100_000));
      await eventually(
        async () => ((await scene.balancer.status()).listeners[0]?.bytesToBackend ?? 0) > 50_000,
      );
      await scene.backend.kill();
      await client.end();
      client.close();
    },
    line: /impala\/a \d+\/\d+\/\d+ 2 SD /,
  },
  {
    code: "PC",
    what: "the listener was full",
    spec: { maxConnections: 1 },
    act: async (scene) => {
      const first = await talking(scene);
      await new Client(scene.balancer.port).end();
      first.close();
    },
    line: /impala\/<NOSRV> -1\/-1\/0 0 PC: the listener's connections are used up$/,
  },
  {
    code: "K-",
    what: "the balancer stopped",
    act: async (scene) => {
      const client = await talking(scene);
      scene.balancer.signal("SIGTERM");
      await client.end();
      await scene.balancer.exited;
    },
    line: /impala\/a \d+\/\d+\/\d+ 2 K- /,
  },
];

describe("every end of a connection is logged with HAProxy's code (R31)", () => {
  test.each(cases)("$code $what", async ({ code, spec, hole, act, line }) => {
    const backend = await startBackend("a");
    const dropped = hole === true ? await blackHole() : undefined;
    const own =
      dropped === undefined
        ? { name: "a", address: backend.address }
        : { name: "hole", address: dropped.address };
    const balancer = await startProgram(
      { balance: "first", health: quiet, backends: [own], ...spec },
      { deadline: 0.5 },
    );
    await act({ balancer, backend });
    const found = await eventually(
      () =>
        balancer
          .log()
          .split("\n")
          .find((each) => line.test(each)),
      `${code} in ${balancer.log()}`,
    );
    expect(found).toMatch(/^127\.0\.0\.1:\d+ /);
    dropped?.close();
    if (code !== "K-") await balancer.stop();
  });

  test("CQ, sQ, D- and PC (allow list) are held by R16, R11 and R24; JSON tells the same", async () => {
    const backend = await startBackend("a");
    const balancer = await startProgram(
      { balance: "first", health: quiet, backends: [{ name: "a", address: backend.address }] },
      { rest: { log: { format: "json", level: "debug" } } },
    );
    const client = await talking({ balancer, backend });
    client.socket.end();
    await client.end();
    const lines = await eventually(() => {
      const all = balancer.log().trim().split("\n");
      return (
        all.some((each) => each.includes("connection-end")) &&
        all.map((each) => JSON.parse(each) as Record<string, unknown>)
      );
    }, "JSON lines");
    const end = lines.find((each) => each["event"] === "connection-end");
    expect(end).toMatchObject({
      level: "info",
      listener: "impala",
      backend: "a",
      termination: "--",
      bytesToClient: 2,
      bytesToBackend: 4,
      retries: 0,
    });
    expect(lines.some((each) => each["event"] === "connection-start" && each["level"] === "debug")).toBe(
      true,
    );
    await balancer.stop();
  });
});
