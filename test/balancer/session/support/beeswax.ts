import { once } from "node:events";
import { connect, type Socket } from "node:net";
import thrift from "thrift";
import {
  type Fields,
  readFields,
  type Struct,
  struct,
  text,
  writeStruct,
} from "../../../../fixtures/impalad/services/values.ts";

const { Thrift } = thrift;

export interface BeeswaxOptions {
  readonly host: string;
  readonly port: number;
  /** Headers as before Thrift 0.2: without the version. */
  readonly oldStyle?: boolean;
  /** SASL PLAIN first. */
  readonly plain?: boolean;
}

/** A client of Beeswax as impala-shell has been: one connection, which is the session, one call after the other. */
export class BeeswaxClient {
  readonly socket: Socket;
  readonly #options: BeeswaxOptions;
  readonly #framed: boolean;
  readonly #closed: Promise<unknown>;
  #unread: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, options: BeeswaxOptions) {
    this.socket = socket;
    this.#options = options;
    this.#framed = options.plain === true;
    socket.on("error", () => undefined);
    this.#closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("data", (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
    });
  }

  static async open(options: BeeswaxOptions): Promise<BeeswaxClient> {
    const socket = connect({ host: options.host, port: options.port, noDelay: true });
    await once(socket, "connect");
    const client = new BeeswaxClient(socket, options);
    if (options.plain === true) await client.#logIn();
    return client;
  }

  async #logIn(): Promise<void> {
    this.socket.write(Buffer.from("\x01\0\0\0\x05PLAIN\x02\0\0\0\x04\0u\0p", "latin1"));
    while (this.#unread.length < 5) await once(this.socket, "data");
    this.#unread = this.#unread.subarray(5);
  }

  /** @returns the fields of the result @throws Error with what the server's exception says, or when it has closed */
  async call(method: string, args: Struct): Promise<Fields> {
    const written: Buffer[] = [];
    const output = new thrift.TBufferedTransport(undefined, (bytes) => bytes && written.push(bytes));
    const strict = this.#options.oldStyle !== true;
    const protocol = new thrift.TBinaryProtocol(output, strict, strict);
    protocol.writeMessageBegin(method, Thrift.MessageType.CALL, 1);
    writeStruct(protocol, args);
    protocol.flush();
    const message = Buffer.concat(written);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    this.socket.write(this.#framed ? Buffer.concat([length, message]) : message);
    for (;;) {
      const reply = this.#read();
      if (reply !== undefined) return reply;
      await Promise.race([once(this.socket, "data"), this.#closed]);
      if (this.socket.destroyed) throw new Error("closed");
    }
  }

  #read(): Fields | undefined {
    const bytes = this.#framed ? this.#unread.subarray(4) : this.#unread;
    if (bytes.length === 0) return undefined;
    try {
      const protocol = new thrift.TBinaryProtocol(new thrift.TFramedTransport(bytes));
      const { mtype } = protocol.readMessageBegin();
      const fields = readFields(protocol);
      this.#unread = Buffer.alloc(0);
      const error = mtype === Thrift.MessageType.EXCEPTION ? fields : fields.get(1);
      if (error instanceof Map) throw new Error(String(error.get(1) ?? "exception"));
      return fields;
    } catch (error) {
      if (error instanceof Error && error.name === "InputBufferUnderrunError") return undefined;
      throw error;
    }
  }

  /** Runs a statement; the first row, undefined without one. */
  async run(sql: string): Promise<string | undefined> {
    const handle = (await this.call("query", { 1: struct({ 1: text(sql) }) })).get(0) as Fields;
    const id = { 1: struct({ 1: text(String(handle.get(1))), 2: text("") }) };
    await this.call("get_state", id);
    const page = (await this.call("fetch", { ...id, 3: { type: "i32", value: 10 } })).get(0) as Fields;
    await this.call("close", id);
    return rows(page)[0];
  }
}

function rows(results: Fields): string[] {
  const data = results.get(3);
  return Array.isArray(data) ? data.map(String) : [];
}
