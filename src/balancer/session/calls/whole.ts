import type { Link, LinkUser } from "../links/link.ts";
import type { Links } from "../links/links.ts";
import type { RouterParts } from "../parts.ts";
import type { Phase, PhaseOwner } from "../phase.ts";
import type { Timeouts } from "../timeouts.ts";

export interface WholeOwner extends PhaseOwner {
  readonly links: Links;
}

type WholeParts = Pick<RouterParts, "table" | "clock" | "outages">;

/** Numbers the connections in the table, where the other keys are 16 bytes long. */
let last = 0;

/**
 * A connection whose session is itself: all of it goes to one backend, and it ends when that one ends it. It counts as
 * a session of its backend.
 */
export class Whole implements Phase, LinkUser {
  /** Between two calls it holds a session too: it is nobody's to close. */
  readonly state = "answering";
  readonly #owner: WholeOwner;
  readonly #parts: WholeParts;
  readonly #link: Link;
  readonly #key = `whole connection ${++last}`;
  #clientEnded = false;
  /** Bytes have passed since the last tick. */
  #used = false;

  constructor(owner: WholeOwner, parts: WholeParts, link: Link) {
    this.#owner = owner;
    this.#parts = parts;
    this.#link = link;
    link.user = this;
    link.role = "whole";
    parts.table.addSession(this.#key, link.backend, parts.clock.now());
  }

  /** @param said what the client has said already */
  start(said: readonly Buffer[]): void {
    for (const chunk of said) this.fromClient(chunk);
  }

  fromClient(chunk: Buffer): void {
    const { client } = this.#owner;
    this.#used = true;
    this.#link.busy = true;
    client.count(this.#link.backend, "to-backend", chunk.length);
    if (!this.#link.send(chunk)) client.socket.pause();
    else if (client.socket.isPaused()) client.socket.resume();
  }

  linkBytes(link: Link, chunk: Buffer): boolean {
    const { client } = this.#owner;
    this.#owner.heard();
    this.#used = true;
    link.busy = false;
    this.#owner.toClient(chunk);
    client.count(link.backend, "to-client", chunk.length);
    return link.unsent === 0;
  }

  clientEnd(): void {
    this.#clientEnded = true;
    this.#link.socket.end();
  }

  clientDrained(): void {
    this.#link.resume();
  }

  linkDrained(): void {
    this.#owner.client.socket.resume();
  }

  linkEnded(link: Link, error: Error | undefined): void {
    this.#owner.links.remove(link);
    const { backend, busy } = link;
    if (error !== undefined) this.#owner.finish("SD", `${backend} ${error.message}`);
    else if (busy && !this.#clientEnded) this.#owner.finish("SD", `${backend} closed during a call`);
    else this.#owner.finish("--");
  }

  tick(_silence: number, quiet: number, timeouts: Timeouts): void {
    const { table, clock, outages } = this.#parts;
    const { backend, busy } = this.#link;
    if (this.#used) table.find(this.#key, clock.now());
    this.#used = false;
    if (this.#clientEnded && quiet > timeouts.unfinished) this.#owner.finish("sD", "half-closed");
    else if (!busy && quiet > timeouts.client) this.#owner.finish("cD", "idle");
    else if (busy && quiet > timeouts.server) {
      this.#owner.finish("sD", `no answer within ${timeouts.server} s`);
    } else if (busy && Math.min(quiet, outages.duration(backend)) > timeouts.lost) {
      this.#owner.finish("DD", `${backend} is down and has not answered a call`);
    }
  }

  stop(): void {
    this.#parts.table.remove(this.#key);
  }
}
