import { once } from "node:events";
import { type Duplex, duplexPair } from "node:stream";

/** Says the pieces to somebody who receives connections, closes its half, and resolves with all that came back. */
export async function visit(receive: (visitor: Duplex) => void, pieces: readonly Buffer[]): Promise<Buffer> {
  const [client, server] = duplexPair();
  const heard: Buffer[] = [];
  client.on("data", (chunk: Buffer) => heard.push(chunk));
  // Being cut is an answer as well.
  client.on("error", () => undefined);
  const closed = once(server, "close");
  receive(server);
  for (const piece of pieces) client.write(piece);
  client.end();
  await closed;
  return Buffer.concat(heard);
}
