import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { openSession } from "../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../fixtures/impalad/connection.ts";
import { Client } from "../balancer/support/clients.ts";
import { pause } from "../balancer/support/eventually.ts";
import { blackHole } from "../balancer/support/faults.ts";
import { startImpaladProgram } from "../balancer/support/impalads.ts";
import { type BackendProgram, startBackend } from "../balancer/support/programs.ts";
import type { Listener, Peer } from "./peers.ts";

/** What a scenario saw: `bad` counts what must not happen, `text` is the table's cell. */
export interface Seen {
  readonly bad: number;
  readonly text: string;
}

export interface Scenario {
  readonly id: string;
  readonly statement: string;
  run(start: (listener: Listener) => Promise<Peer>): Promise<Seen>;
}

/** Milliseconds after which a client counts as unanswered. */
const PATIENCE = 5000;

const three = () => Promise.all(["a", "b", "c"].map((name) => startBackend(name)));
const listed = (backends: readonly { name: string; address: string }[]) =>
  backends.map(({ name, address }) => ({ name, address }));

interface Asked {
  readonly name: string | undefined;
  readonly took: number;
  readonly client: Client;
}

/** Connects and asks who answers; no name after an end or {@link PATIENCE}. */
async function ask(port: number): Promise<Asked> {
  const began = performance.now();
  const client = new Client(port).say("who\n");
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE).unref());
  const name = await Promise.race([client.line().catch(() => undefined), late]);
  return { name, took: performance.now() - began, client };
}

async function askAll(port: number, count: number, keep = false): Promise<Asked[]> {
  const all: Asked[] = [];
  for (let n = 0; n < count; n += 1) {
    const asked = await ask(port);
    if (!keep) asked.client.close();
    all.push(asked);
    // A balancer that leaves three clients without an answer would do so with all: enough is seen.
    if (all.filter(({ name }) => name === undefined).length >= 3 && asked.took >= PATIENCE) break;
  }
  return all;
}

function failures(all: readonly Asked[]): Seen {
  const failed = all.filter(({ name }) => name === undefined).length;
  return {
    bad: failed,
    text: `${failed} of ${all.length} failed, slowest ${ms(Math.max(...all.map(({ took }) => took)))}`,
  };
}

function ms(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function residentMB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
}

/** A backend that died is back on its port. */
async function revive(dead: BackendProgram): Promise<BackendProgram> {
  return startBackend(dead.name, dead.port);
}

function named(backends: readonly BackendProgram[], name: string | undefined): BackendProgram {
  const found = backends.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no backend ${name}`);
  return found;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    id: "R1",
    statement:
      "kill -9 of one of three backends under 30 streams: the 20 others lose nothing, its 10 are closed at once",
    async run(start) {
      const backends = await three();
      const { port } = await start({ balance: "leastconn", backends: listed(backends) });
      const all = await askAll(port, 30, true);
      for (const { client } of all) client.say("stream\n");
      await pause(300);
      const began = performance.now();
      named(backends, "a").signal("SIGKILL");
      const dead = all.filter(({ name }) => name === "a");
      await Promise.race([Promise.all(dead.map(({ client }) => client.end())), pause(PATIENCE)]);
      const took = performance.now() - began;
      await pause(300);
      const hurt = all.filter(({ name, client }) => {
        const lines = client.text.split("\n").slice(0, -1);
        return name !== "a" && (client.over || lines.some((line, at) => line !== String(at)));
      }).length;
      for (const { client } of all) client.close();
      const open = dead.filter(({ client }) => !client.over).length;
      return {
        bad: hurt,
        text: `${hurt} of ${all.length - dead.length} hurt, ${dead.length} closed in ${open ? "> 5 s" : ms(took)}`,
      };
    },
  },
  {
    id: "R2",
    statement: "60 new connections after the death of one of three backends",
    async run(start) {
      const backends = await three();
      const { port } = await start({ balance: "leastconn", backends: listed(backends) });
      const held = await askAll(port, 9, true);
      await named(backends, "a").kill();
      const seen = failures(await askAll(port, 60, true));
      for (const { client } of held) client.close();
      return seen;
    },
  },
  {
    id: "R3",
    statement: "one of three backends drops SYNs (connect time-out 1 s), 30 new connections",
    async run(start) {
      const hole = await blackHole();
      const backends = [{ name: "hole", address: hole.address }, ...listed(await three()).slice(1)];
      const { port } = await start({ balance: "leastconn", backends, timeouts: { connect: 1 } });
      const seen = failures(await askAll(port, 30));
      hole.close();
      return seen;
    },
  },
  {
    id: "R4",
    statement:
      "30 new sessions 5 s after one of two Impalads froze (SIGSTOP), HiveServer2 check where there is one",
    async run(start) {
      const impalads = await Promise.all(["a", "b"].map((name) => startImpaladProgram(name)));
      const { port } = await start({
        balance: "leastconn",
        backends: listed(impalads),
        health: { hiveserver2: {} },
      });
      await pause(1500);
      impalads[0]?.child.kill("SIGSTOP");
      await pause(5000);
      const tries = Array.from({ length: 30 }, async () => {
        const connection = await ThriftConnection.open({ host: "127.0.0.1", port, timeout: 3 });
        try {
          await openSession(connection);
          return true;
        } catch {
          return false;
        } finally {
          connection.close();
        }
      });
      const hung = (await Promise.all(tries)).filter((good) => !good).length;
      return { bad: hung, text: `${hung} of 30 hung` };
    },
  },
  {
    id: "R6",
    statement:
      "of 30 new connections after a recovery under leastconn (slow start 60 s), those to the recovered backend",
    async run(start) {
      const backends = await three();
      const { port } = await start({ balance: "leastconn", backends: listed(backends), slowStart: 60 });
      await named(backends, "a").kill();
      await pause(3000);
      const held = await askAll(port, 40, true);
      await revive(named(backends, "a"));
      await pause(11_000);
      const fresh = await askAll(port, 30, true);
      const got = fresh.filter(({ name }) => name === "a").length;
      for (const { client } of [...held, ...fresh]) client.close();
      return { bad: Math.max(0, got - 12), text: `${got} of ${fresh.length}` };
    },
  },
  {
    id: "R7",
    statement:
      "source stickiness: the backend of a source dies and comes back; of 10 new connections, those that leave the substitute",
    async run(start) {
      const backends = await three();
      const { port } = await start({ balance: "source", backends: listed(backends), slowStart: 0 });
      const first = named(backends, (await askAll(port, 1))[0]?.name);
      await first.kill();
      const during = await askAll(port, 10);
      await pause(3000);
      await revive(first);
      await pause(11_000);
      const after = await askAll(port, 10);
      const substitutes = new Set(during.map(({ name }) => name));
      const moved = after.filter(({ name }) => name !== during[0]?.name).length;
      return {
        bad: moved + substitutes.size - 1,
        text: `${moved} of 10 (${substitutes.size} substitute${substitutes.size === 1 ? "" : "s"} meanwhile)`,
      };
    },
  },
  {
    id: "R8",
    statement: "source stickiness: the first connection after the death of the source's backend",
    async run(start) {
      const backends = await three();
      const { port } = await start({ balance: "source", backends: listed(backends) });
      await named(backends, (await askAll(port, 1))[0]?.name).kill();
      return failures(await askAll(port, 1));
    },
  },
  {
    id: "R10",
    statement:
      "half-close: an answer 300 ms after the client's FIN arrives; bytes after the server's FIN arrive",
    async run(start) {
      const heard: string[] = [];
      const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
        socket.on("error", () => {});
        socket.once("data", (chunk) => {
          if (chunk.toString().startsWith("late")) {
            socket.on("end", () => setTimeout(() => socket.end("answer"), 300));
            return;
          }
          socket.end();
          socket.on("data", (more) => heard.push(more.toString()));
        });
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const backendPort = typeof address === "object" ? (address?.port ?? 0) : 0;
      const { port } = await start({
        balance: "leastconn",
        backends: [{ name: "a", address: `127.0.0.1:${backendPort}` }],
      });
      const late = new Client(port).say("late");
      late.socket.end();
      await Promise.race([late.end(), pause(PATIENCE)]);
      const after = new Client(port).say("first");
      await Promise.race([after.end(), pause(PATIENCE)]);
      after.say("more");
      await pause(500);
      for (const client of [late, after]) client.close();
      server.close();
      const answer = late.text === "answer";
      const more = heard.join("") === "more";
      return {
        bad: Number(!answer) + Number(!more),
        text: `late answer ${answer ? "arrives" : "lost"}, bytes after FIN ${more ? "arrive" : "lost"}`,
      };
    },
  },
  {
    id: "R12",
    statement: "20 clients that do not read a fast backend, 3 s: growth of resident memory",
    async run(start) {
      const backends = await three();
      const { port, pid } = await start({ balance: "leastconn", backends: listed(backends) });
      await askAll(port, 20);
      const before = residentMB(pid);
      const clients = Array.from({ length: 20 }, () => {
        const client = new Client(port).say("get 30000000\n");
        client.socket.pause();
        return client;
      });
      let most = 0;
      for (let n = 0; n < 30; n += 1) {
        await pause(100);
        most = Math.max(most, residentMB(pid) - before);
      }
      for (const client of clients) client.close();
      return { bad: most > 40 ? 1 : 0, text: `${most.toFixed(1)} MB` };
    },
  },
  {
    id: "R14",
    statement: "idle time-out of 2 s: a silent connection is closed, one with traffic from the backend stays",
    async run(start) {
      const backends = await three();
      const timeouts = { client: 2, server: 2 };
      const { port } = await start({ balance: "leastconn", backends: listed(backends), timeouts });
      const [silent, busy] = await askAll(port, 2, true);
      busy?.client.say("stream\n");
      const began = performance.now();
      await Promise.race([silent?.client.end(), pause(8000)]);
      const took = performance.now() - began;
      await pause(2500);
      const cut = busy?.client.over === true;
      for (const each of [silent, busy]) each?.client.close();
      return {
        bad: Number(took > 7900) + Number(cut),
        text: `${took > 7900 ? "not closed in 8 s" : `closed after ${ms(took)}`}, the busy one ${cut ? "is cut" : "stays"}`,
      };
    },
  },
  {
    id: "R29",
    statement: "all backends down: a client is closed at once; service again by itself after their return",
    async run(start) {
      const backends = await three();
      const { port } = await start({ balance: "leastconn", backends: listed(backends) });
      for (const backend of backends) await backend.kill();
      await pause(3000);
      const refused = await ask(port);
      await Promise.all(backends.map(revive));
      const began = performance.now();
      let back: Asked;
      do {
        back = await ask(port);
        back.client.close();
      } while (back.name === undefined && performance.now() - began < 30_000);
      const recovered = back.name !== undefined;
      return {
        bad: Number(!recovered) + Number(refused.took >= PATIENCE),
        text: `closed in ${refused.took >= PATIENCE ? "> 5 s" : ms(refused.took)}, ${recovered ? `back after ${ms(performance.now() - began)}` : "not back in 30 s"}`,
      };
    },
  },
];
