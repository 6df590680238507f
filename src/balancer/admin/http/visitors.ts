import type { Duplex } from "node:stream";
import { type Clock, monotonic } from "../../time/clock.ts";

/** Who goes first when there are too many; within a rank whoever has been there longest. */
const RANKS = ["any", "urgent", "waiting"] as const;

/**
 * `any`: has not said yet what it wants, or gets its answer; `urgent`: wants something that is answered at once;
 * `waiting`: for something that takes its time.
 */
export type VisitorState = (typeof RANKS)[number];

export interface VisitorLimits {
  /** Visitors at a time. */
  readonly most: number;
  /** Milliseconds that one may take to say what it wants, and then to read the answer. */
  readonly patience: number;
}

/** Milliseconds that a newcomer has to say what it wants even when there are too many. */
const GRACE = 250;
/**
 * The most that may be there during that time, in times of {@link VisitorLimits.most}: descriptors are needed
 * elsewhere.
 */
const CROWD = 4;

interface Visitor {
  state: VisitorState;
  /** When it came, in the clock's milliseconds. */
  readonly since: number;
  timer: NodeJS.Timeout;
}

/**
 * The connections of an admin port. Nobody is kept out by those who hold theirs: when there are too many, the one that
 * has been there longest is cut.
 */
export class Visitors {
  readonly #limits: VisitorLimits;
  readonly #clock: Clock;
  /** In the order in which they came. */
  readonly #all = new Map<Duplex, Visitor>();

  constructor(limits: VisitorLimits, clock: Clock = monotonic) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Watches over a connection until it closes. */
  enter(socket: Duplex): void {
    socket.on("error", () => undefined);
    this.#makeRoom();
    this.#all.set(socket, { state: "any", since: this.#clock(), timer: this.#deadline(socket) });
    socket.once("close", () => this.#forget(socket));
  }

  /** It has `patience` from now on, or (waiting) as long as it likes. */
  becomes(socket: Duplex, state: VisitorState): void {
    const visitor = this.#all.get(socket);
    if (visitor === undefined) return;
    clearTimeout(visitor.timer);
    visitor.state = state;
    if (state !== "waiting") visitor.timer = this.#deadline(socket);
  }

  close(): void {
    for (const socket of [...this.#all.keys()]) socket.destroy();
  }

  #deadline(socket: Duplex): NodeJS.Timeout {
    return setTimeout(() => socket.destroy(), this.#limits.patience).unref();
  }

  #forget(socket: Duplex): void {
    clearTimeout(this.#all.get(socket)?.timer);
    this.#all.delete(socket);
  }

  #makeRoom(): void {
    const { most } = this.#limits;
    const old = this.#clock() - GRACE;
    for (const state of RANKS) {
      for (const [socket, visitor] of this.#all) {
        const { size } = this.#all;
        if (size < most || (visitor.since > old && size < most * CROWD)) break;
        if (visitor.state !== state) continue;
        this.#forget(socket);
        socket.destroy();
      }
    }
  }
}
