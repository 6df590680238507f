import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A client that collects what it gets. */
export class Client {
  readonly socket: Socket;
  readonly chunks: Buffer[] = [];
  error: Error | undefined;
  /** FIN has come. */
  ended = false;
  closed = false;

  /** @param socket one that speaks TLS, for example, instead of a plain one */
  constructor(port: number, host = "127.0.0.1", localAddress?: string, socket?: Socket) {
    this.socket =
      socket ??
      connect({
        port,
        host,
        allowHalfOpen: true,
        noDelay: true,
        ...(localAddress && { localAddress }),
      });
    this.socket.on("data", (chunk) => this.chunks.push(chunk));
    this.socket.on("error", (error) => {
      this.error = error;
    });
    this.socket.on("end", () => {
      this.ended = true;
    });
    this.socket.on("close", () => {
      this.closed = true;
    });
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  get bytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** FIN or RST has come. */
  get over(): boolean {
    return this.ended || this.closed;
  }

  say(text: string | Buffer): this {
    this.socket.write(text);
    return this;
  }

  /** Resolves when the other side has ended the connection. */
  async end(): Promise<void> {
    while (!this.over)
      await Promise.race([once(this.socket, "end"), once(this.socket, "close")]).catch(() => undefined);
  }

  /** The next whole line after those read so far. */
  async line(): Promise<string> {
    for (;;) {
      const { text } = this;
      const end = text.indexOf("\n");
      if (end >= 0) {
        this.chunks.splice(0, this.chunks.length, Buffer.from(text.slice(end + 1)));
        return text.slice(0, end);
      }
      if (this.over) throw new Error(`ended without an answer${this.error ? `: ${this.error.message}` : ""}`);
      await Promise.race(["data", "end", "close"].map((event) => once(this.socket, event))).catch(
        () => undefined,
      );
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Connects, asks which backend answers, and keeps the connection. */
export async function ask(
  port: number,
  localAddress?: string,
): Promise<{ name: string; took: number; client: Client }> {
  const began = performance.now();
  const client = new Client(port, "127.0.0.1", localAddress).say("who\n");
  const name = await client.line();
  return { name, took: performance.now() - began, client };
}

/** Connects, asks which backend answers, and leaves. @throws when there is no answer */
export async function who(port: number, localAddress?: string): Promise<string> {
  const { name, client } = await ask(port, localAddress);
  client.close();
  return name;
}
