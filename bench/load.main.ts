/** The client side of every benchmark: does one task (JSON in argv) and prints what it measured as one JSON line. */
import { connect, type Socket } from "node:net";
import type { LoadResult, Task } from "./load.ts";
import { executeCall, fetchCall, handleIn, openSessionCall } from "./messages.ts";

const task = JSON.parse(process.argv[2] ?? "{}") as Task;

/** A connection that knows how many bytes it still waits for. */
class Connection {
  readonly socket: Socket;
  #left = 0;
  #kept: Buffer[] | undefined;
  #done: () => void = () => {};
  #failed: (error: Error) => void = () => {};

  private constructor(onRead: (length: number, buffer: Uint8Array) => boolean) {
    this.socket = connect({
      port: task.port,
      host: "127.0.0.1",
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafeSlow(256 * 1024), callback: onRead },
    });
    const fail = (error?: Error) => this.#failed(error ?? new Error("the connection ended"));
    this.socket.on("error", fail);
    this.socket.on("close", () => fail());
  }

  static open(): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection: Connection = new Connection((length, buffer) => connection.#read(length, buffer));
      connection.#failed = reject;
      connection.socket.once("connect", () => resolve(connection));
    });
  }

  #read(length: number, buffer: Uint8Array): boolean {
    this.#kept?.push(Buffer.from(buffer.subarray(0, length)));
    this.#left -= length;
    if (this.#left <= 0) this.#done();
    return true;
  }

  /** Sends a call and waits for so many bytes of answer. */
  call(message: Buffer, answer: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#left = answer;
      this.#done = resolve;
      this.#failed = reject;
      this.socket.write(message);
    });
  }

  async keep(message: Buffer, answer: number): Promise<Buffer> {
    this.#kept = [];
    await this.call(message, answer);
    const bytes = Buffer.concat(this.#kept);
    this.#kept = undefined;
    return bytes;
  }

  /** A session and an operation in it, as every query begins. */
  async operation(): Promise<Buffer> {
    const session = handleIn(await this.keep(openSessionCall, OPEN_BYTES));
    return handleIn(await this.keep(executeCall(session), EXECUTE_BYTES));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#failed = () => {};
      this.socket.removeAllListeners("close");
      this.socket.once("close", () => resolve());
      this.socket.end();
    });
  }
}

const OPEN_BYTES = task.openBytes;
const EXECUTE_BYTES = task.executeBytes;

async function calls(connections: number, each: number, size: number): Promise<number[]> {
  const latencies: number[] = [];
  const worker = async () => {
    const connection = await Connection.open();
    const message = fetchCall(await connection.operation(), size);
    for (let n = 0; n < each; n += 1) {
      const start = performance.now();
      await connection.call(message, size);
      latencies.push(performance.now() - start);
    }
    await connection.close();
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return latencies;
}

async function connects(count: number, parallel: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const connection = await Connection.open();
      await connection.call(openSessionCall, OPEN_BYTES);
      await connection.close();
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

async function hold(count: number): Promise<void> {
  const open: Connection[] = [];
  for (let n = 0; n < count; n += 50) {
    const some = Array.from({ length: Math.min(50, count - n) }, () => Connection.open());
    for (const connection of await Promise.all(some)) {
      await connection.call(openSessionCall, OPEN_BYTES);
      open.push(connection);
    }
  }
}

/** Asks for far more than any buffer holds, and reads nothing of it. */
async function stall(count: number, size: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const connection = await Connection.open();
    const message = fetchCall(await connection.operation(), size);
    connection.socket.pause();
    // Without a flowing stream the kernel's buffer is the only one that fills on this side.
    (connection.socket as unknown as { _handle: { readStop(): void } })._handle.readStop();
    for (let m = 0; m < 500; m += 1) connection.socket.write(message);
  }
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function print(result: LoadResult): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Until the parent says so. */
async function untilTold(): Promise<never> {
  await new Promise((resolve) => process.stdin.resume().on("end", resolve));
  return process.exit(0);
}

switch (task.kind) {
  case "calls": {
    const latencies = await calls(task.connections, task.each, task.size);
    print({
      units: latencies.length,
      medianMs: median(latencies),
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    });
    break;
  }
  case "connects":
    await connects(task.count, task.parallel);
    print({ units: task.count });
    break;
  case "hold":
    await hold(task.count);
    print({ units: task.count });
    await untilTold();
    break;
  case "stall":
    await stall(task.count, task.size);
    print({ units: task.count });
    await untilTold();
}
