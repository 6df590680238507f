import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  closeSession,
  execute,
  type OpenSession,
  openSession,
  query,
  withSession,
} from "../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../fixtures/impalad/connection.ts";
import { startImpalad } from "../../fixtures/impalad/impalad.ts";
import { payload } from "../../fixtures/impalad/statements.ts";
import { parseEndpoint } from "../../src/domain/endpoint.ts";
import { PROGRAM, plainEnvironment } from "../support/program.ts";

const MIB = 1024 * 1024;

interface RunningProgram {
  readonly child: ChildProcess;
  readonly address: { readonly host: string; readonly port: number };
  readonly exited: Promise<number | null>;
}

/** `hue-impala-setup balancer run` with flags alone, as a process of its own. */
async function balancerRun(impalads: readonly string[], ...args: string[]): Promise<RunningProgram> {
  const members = impalads.flatMap((impalad) => ["--impalad", impalad]);
  const child = spawn(
    process.execPath,
    [PROGRAM, "balancer", "run", "--listen", "127.0.0.1:0", ...members, ...args],
    {
      env: plainEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const line = await Promise.race([
    once(createInterface(child.stdout), "line").then(([first]) => String(first)),
    exited.then((code) => Promise.reject(new Error(`ended with ${code}: ${log}`))),
  ]);
  return { child, address: parseEndpoint(line.replace("listening on ", "")), exited };
}

async function threeImpalads(): Promise<{ name: string; at: string }[]> {
  const impalads = await Promise.all(["impala1", "impala2", "impala3"].map((name) => startImpalad({ name })));
  onTestFinished(async () => {
    await Promise.all(impalads.map((impalad) => impalad.close()));
  });
  return impalads.map(({ name, host, port }) => ({ name, at: `${host}:${port}` }));
}

/** A TCP server whose connections are handed to the test. */
async function backend(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // The balancer is killed at the end of a test.
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

async function closedPort(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

function client(address: RunningProgram["address"]): Socket {
  const socket = connect({ ...address, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe("balancer run", () => {
  it("with leastconn spreads clients that keep one connection each over three Impalads", async () => {
    const impalads = await threeImpalads();
    const { address } = await balancerRun(
      impalads.map(({ at }) => at),
      "--balance",
      "leastconn",
    );
    const served = new Map<string, number>();
    const open: { session: OpenSession; connection: ThriftConnection }[] = [];
    for (let index = 0; index < 12; index++) {
      const connection = await ThriftConnection.open(address);
      const session = await openSession(connection);
      open.push({ session, connection });
      const [[name = "?"] = []] = await execute(session, "select impalad()");
      served.set(name, (served.get(name) ?? 0) + 1);
    }
    for (const { session, connection } of open) {
      await closeSession(session);
      connection.close();
    }
    expect(Object.fromEntries(served)).toEqual({ impala1: 4, impala2: 4, impala3: 4 });
  });

  it.each(["leastconn", "session"])("with %s a result of 64 MB arrives byte for byte", async (balance) => {
    const impalads = await threeImpalads();
    const { address } = await balancerRun(
      impalads.map(({ at }) => at),
      "--balance",
      balance,
    );
    const expected = createHash("sha256");
    for (let offset = 0; offset < 64 * MIB; offset += MIB) expected.update(payload(offset, MIB), "latin1");
    const received = createHash("sha256");
    let bytes = 0;
    await withSession(address, (session) =>
      execute(session, `select bytes(${64 * MIB})`, {
        maxRows: 64,
        onPage: (rows) => {
          for (const row of rows) {
            received.update(row, "latin1");
            bytes += row.length;
          }
        },
      }),
    );
    expect(bytes).toBe(64 * MIB);
    expect(received.digest("hex")).toBe(expected.digest("hex"));
  });

  it("goes to another backend when one refuses", async () => {
    const [impalad] = await threeImpalads();
    for (const balance of ["leastconn", "source", "session"]) {
      const { address } = await balancerRun([await closedPort(), impalad?.at ?? ""], "--balance", balance);
      for (let index = 0; index < 6; index++) {
        expect(await query(address, "select impalad()")).toEqual([["impala1"]]);
      }
    }
  });

  it("forwards half-close both ways", async () => {
    const answersLate = await backend((socket) => {
      socket.resume();
      socket.on("end", () => socket.end("answer after the client's FIN"));
    });
    const first = await balancerRun([answersLate], "--balance", "leastconn");
    const asking = client(first.address);
    asking.end("question");
    let answer = "";
    for await (const chunk of asking) answer += chunk;
    expect(answer).toBe("answer after the client's FIN");

    const received: string[] = [];
    const closesFirst = await backend((socket) => {
      let said = "";
      socket.end("goodbye");
      socket.on("data", (chunk) => {
        said += String(chunk);
      });
      // A health check says nothing before it ends.
      socket.on("end", () => said !== "" && received.push(`${said}END`));
    });
    const second = await balancerRun([closesFirst], "--balance", "leastconn");
    const listening = client(second.address);
    let heard = "";
    listening.on("data", (chunk) => {
      heard += chunk;
    });
    await once(listening, "end");
    expect(heard).toBe("goodbye");
    listening.end("still here");
    await expect.poll(() => received.join("")).toBe("still hereEND");
  });

  it("stops reading from a backend whose client does not read", async () => {
    const sent = { bytes: 0, stalled: false };
    const flooding = await backend((socket) => {
      const chunk = Buffer.alloc(MIB);
      const more = (): void => {
        while (sent.bytes < 512 * MIB) {
          sent.bytes += chunk.length;
          if (!socket.write(chunk)) {
            sent.stalled = true;
            socket.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    const { address } = await balancerRun([flooding], "--balance", "leastconn");
    const lazy = client(address);
    lazy.pause();
    await once(lazy, "connect");
    // What the kernels buffer is a few MB; the rest must stay at the backend.
    let last = -1;
    await expect
      .poll(
        () => {
          const same = sent.bytes > 0 && sent.bytes === last;
          last = sent.bytes;
          return same;
        },
        { interval: 500, timeout: 30_000 },
      )
      .toBe(true);
    expect(sent.bytes).toBeLessThan(64 * MIB);
  });

  it("on SIGTERM lets connections finish, then ends with 0", async () => {
    const impalads = await threeImpalads();
    const { child, address, exited } = await balancerRun(
      impalads.map(({ at }) => at),
      "--balance",
      "leastconn",
    );
    const rows = await withSession(address, async (session) => {
      child.kill("SIGTERM");
      return execute(session, "select sleep(500)");
    });
    expect(rows.length).toBeGreaterThan(0);
    expect(await exited).toBe(0);
  });
});
