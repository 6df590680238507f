/** The server side of every benchmark: answers the calls of messages.ts on three ports, printed as one JSON line. */
import { randomBytes } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import {
  CALL_BYTES,
  executeReply,
  fetchReply,
  HANDLE_BYTES,
  methodOf,
  openSessionReply,
  rowsOf,
} from "./messages.ts";

const pages = new Map<number, Buffer>();

function page(bytes: number): Buffer {
  const known = pages.get(bytes);
  if (known !== undefined) return known;
  const made = fetchReply(bytes);
  pages.set(bytes, made);
  return made;
}

function answer(message: Buffer): Buffer {
  switch (methodOf(message)) {
    case "O":
      return openSessionReply(randomBytes(HANDLE_BYTES));
    case "E":
      return executeReply(randomBytes(HANDLE_BYTES));
    default:
      return page(rowsOf(message));
  }
}

function serve(socket: Socket): void {
  let waiting: Buffer = Buffer.alloc(0);
  const work = () => {
    while (waiting.length >= CALL_BYTES) {
      // A client that does not read must cost the proxy memory, not this process.
      if (socket.writableLength > 0 && socket.writableNeedDrain) return;
      const message = waiting.subarray(0, CALL_BYTES);
      waiting = waiting.subarray(CALL_BYTES);
      socket.write(answer(message));
    }
  };
  socket.on("data", (chunk: Buffer) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    work();
  });
  socket.on("drain", work);
  socket.on("error", () => socket.destroy());
}

const ports = await Promise.all(
  [1, 2, 3].map(
    () =>
      new Promise<number>((resolve) => {
        const server = createServer({ noDelay: true }, serve);
        server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () =>
          resolve((server.address() as AddressInfo).port),
        );
      }),
  ),
);
process.stdout.write(`${JSON.stringify({ ports })}\n`);
// Ends with its parent.
process.stdin.resume().on("end", () => process.exit(0));
