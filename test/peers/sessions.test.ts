import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { HuePool, runUser } from "../../fixtures/impalad/hue-pool.ts";
import { type SimulatedImpalad, startImpalad } from "../../fixtures/impalad/impalad.ts";
import { startBalancer } from "../../src/balancer/balancer.ts";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import { eventually } from "../balancer/support/eventually.ts";
import { missing, title } from "../support/needs.ts";

interface Running {
  readonly port: number;
  close(): Promise<void>;
}

const table = [
  "| Impalads | pool | users | balancer | queries that succeed | Impalads that work | sessions each |",
  "|---|---|---|---|---|---|---|",
];

/** The directives of the tutorial (leastconn) and of today's documentation (source), as far as balancing goes. */
async function haproxy(balance: string, impalads: readonly SimulatedImpalad[]): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "haproxy-"));
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  const servers = impalads.map(({ name, host, port: to }) => `  server ${name} ${host}:${to} check`);
  const lines = [
    "defaults",
    "  mode tcp",
    "  timeout connect 5s",
    "  timeout client 1h",
    "  timeout server 1h",
  ];
  lines.push("listen impala", `  bind 127.0.0.1:${port}`, `  balance ${balance}`, ...servers, "");
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, lines.join("\n"));
  const child = spawn("/usr/sbin/haproxy", ["-db", "-f", file], { stdio: "ignore" });
  await eventually(
    () =>
      new Promise<boolean>((resolve) => {
        const socket = connect(port, "127.0.0.1");
        socket.once("error", () => resolve(false));
        socket.once("connect", () => resolve(socket.destroy() !== undefined));
      }),
    "HAProxy",
  );
  return {
    port,
    close: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ours(impalads: readonly SimulatedImpalad[]): Promise<Running> {
  const backends = impalads.map(({ name, host, port }) => ({ name, address: `${host}:${port}` }));
  const listener = { name: "impala", bind: "127.0.0.1:0", balance: "session", backends };
  const balancer = await startBalancer(parseSpec({ version: 1, listeners: [listener] }));
  return { port: balancer.addresses["impala"]?.port ?? 0, close: () => balancer.close() };
}

/** Hue's users, five queries each; every tenth leaves without closing its session. */
async function measure(what: string, count: number, pool: number, users: number) {
  const impalads = await Promise.all(
    Array.from({ length: count }, (_, i) => startImpalad({ name: `impala${i + 1}`, feServiceThreads: 256 })),
  );
  const balancer = await (what === "session" ? ours(impalads) : haproxy(what, impalads));
  const shared = new HuePool({ host: "127.0.0.1", port: balancer.port, size: pool });
  const outcomes = await Promise.all(
    Array.from({ length: users }, (_, i) =>
      runUser(shared, { name: `user${i}`, queries: 5, vanish: i % 10 === 0, maxRows: 10 }),
    ),
  );
  const succeeded = outcomes.reduce((sum, outcome) => sum + outcome.succeeded, 0);
  const stats = impalads.map((impalad) => impalad.stats());
  const working = stats.filter((each) => each.queries > 0).length;
  const sessions = stats.map((each) => each.sessionsOpened);
  shared.close();
  await balancer.close();
  await Promise.all(impalads.map((impalad) => impalad.close()));
  const name = what === "session" ? "ours, `session`" : `HAProxy \`balance ${what}\``;
  const spread = `${Math.min(...sessions)} to ${Math.max(...sessions)}`;
  table.push(
    `| ${count} | ${pool} | ${users} | ${name} | ${succeeded} of ${users * 5} | ${working} | ${spread} |`,
  );
  return { succeeded, working, sessions };
}

describe.skipIf(missing("haproxy"))(
  title("Hue's shared pool through HAProxy and through us", "haproxy"),
  () => {
    afterAll(() => console.log(table.join("\n")));

    test.each([
      [3, 10, 40],
      [20, 50, 200],
    ])("%i Impalads, pool of %i, %i users", async (count, pool, users) => {
      const leastconn = await measure("leastconn", count, pool, users);
      const source = await measure("source", count, pool, users);
      const session = await measure("session", count, pool, users);
      // Calls of one session go to several Impalads: hardly any query survives.
      expect(leastconn.succeeded).toBeLessThan(users * 5 * 0.5);
      // All queries succeed, because one Impalad does all the work.
      expect(source.succeeded).toBe(users * 5);
      expect(source.working).toBe(1);
      expect(session.succeeded).toBe(users * 5);
      expect(session.working).toBe(count);
      const even = users / count;
      expect(Math.max(...session.sessions)).toBeLessThanOrEqual(Math.ceil(even * 1.2));
      expect(Math.min(...session.sessions)).toBeGreaterThanOrEqual(Math.floor(even * 0.8));
    });
  },
);
