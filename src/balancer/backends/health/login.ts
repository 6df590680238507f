import type { Socket } from "node:net";
import { SaslMessages } from "../../wire/sasl/messages.ts";
import type { Codec, StepResult } from "./exchange.ts";

/** How messages go over the connection of a check after its login; or what came of the login instead. */
export type LoggedIn = (Codec & { release(): void }) | StepResult;

/** The backend has not said its part in time. */
export class LateAnswer extends Error {}

/** The messages of a login on the socket of a check. */
export class SocketChannel {
  readonly messages = new SaslMessages();
  readonly #socket: Socket;
  readonly #heard = (chunk: Buffer): void => this.messages.push(chunk);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", this.#heard);
    socket.on("error", (error) => this.messages.fail(error));
    socket.on("end", () => this.messages.fail(new Error("it closed the connection")));
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** What comes from now on is no part of a login. */
  end(): void {
    this.#socket.removeListener("data", this.#heard);
  }
}
