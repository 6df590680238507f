import { createCipheriv, createHash } from "node:crypto";
import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";

/** One connection's task: both sides send at the same time and half-close when done. */
export interface Exchange {
  readonly id: number;
  /** Bytes from the client to the server. */
  readonly up: number;
  /** Bytes from the server to the client. */
  readonly down: number;
}

/** What one side got, and how its connection ended. */
export interface Got {
  readonly bytes: number;
  readonly sha256: string;
  /** The other side's FIN came. */
  readonly complete: boolean;
}

const HEADER = 12;

/** The bytes of one direction of one exchange, the same in every run. */
function* content(id: number, direction: "up" | "down", length: number): Generator<Buffer> {
  const key = createHash("sha256").update(`${id} ${direction}`).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  for (let left = length; left > 0; left -= 65536) yield cipher.update(Buffer.alloc(Math.min(left, 65536)));
}

/** The hash that the first `length` bytes of a direction must have. */
export function expected(id: number, direction: "up" | "down", length: number): string {
  const hash = createHash("sha256");
  for (const chunk of content(id, direction, length)) hash.update(chunk);
  return hash.digest("hex");
}

/** Reads to the end or the failure, whichever comes. */
async function receive(socket: Socket, head: Buffer): Promise<Got> {
  const hash = createHash("sha256").update(head);
  let bytes = head.length;
  let complete = false;
  socket.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  socket.on("end", () => {
    complete = true;
  });
  socket.resume();
  if (!socket.readableEnded && !socket.destroyed) {
    await new Promise<void>((resolve) => socket.once("end", resolve).once("close", () => resolve()));
  }
  return { bytes, sha256: hash.digest("hex"), complete };
}

async function send(socket: Socket, pieces: Iterable<Buffer>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (socket.write(piece)) continue;
    const drained = once(socket, "drain").catch(() => {});
    await Promise.race([drained, new Promise((resolve) => socket.once("close", resolve))]);
  }
  socket.end();
}

/** The client's part: what it got back. */
export async function exchange(port: number, task: Exchange): Promise<Got> {
  const socket = createConnection({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(task.id, 0);
  header.writeUInt32BE(task.up, 4);
  header.writeUInt32BE(task.down, 8);
  socket.write(header);
  const [got] = await Promise.all([
    receive(socket, Buffer.alloc(0)),
    send(socket, content(task.id, "up", task.up)),
  ]);
  if (!socket.destroyed) {
    socket.destroySoon();
    await new Promise((resolve) => socket.once("close", resolve));
  }
  return got;
}

/** Servers' part: answers exchanges and remembers what each one brought, one entry per connection that it saw. */
export async function startExchangeServer(): Promise<{
  readonly port: number;
  readonly got: Map<number, Got[]>;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  close(): void;
}> {
  const got = new Map<number, Got[]>();
  const open = new Set<Promise<void>>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    const served = serve(socket).finally(() => open.delete(served));
    open.add(served);
  });
  async function serve(socket: Socket): Promise<void> {
    const head = await readHeader(socket);
    if (head === undefined) {
      socket.destroy();
      return;
    }
    const { id, down, rest } = head;
    const [received] = await Promise.all([receive(socket, rest), send(socket, content(id, "down", down))]);
    got.set(id, [...(got.get(id) ?? []), received]);
    if (!socket.destroyed) socket.destroySoon();
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    port: address.port,
    got,
    async idle() {
      while (open.size > 0) await Promise.all(open);
    },
    close: () => void server.close(),
  };
}

async function readHeader(socket: Socket): Promise<{ id: number; down: number; rest: Buffer } | undefined> {
  let head = Buffer.alloc(0);
  while (head.length < HEADER) {
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) head = Buffer.concat([head, chunk]);
    else if (socket.readableEnded || socket.destroyed) return undefined;
    else {
      await new Promise<void>((resolve) => {
        const done = () => {
          for (const event of ["readable", "end", "close"]) socket.off(event, done);
          resolve();
        };
        for (const event of ["readable", "end", "close"]) socket.on(event, done);
      });
    }
  }
  return { id: head.readUInt32BE(0), down: head.readUInt32BE(8), rest: head.subarray(HEADER) };
}
