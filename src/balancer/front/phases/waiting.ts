import type { Backend } from "../../backends/backend.ts";
import { UpstreamFault } from "../../backends/connect/attempt.ts";
import type { ClientHandler } from "../../relay/client-handler.ts";
import { type UpstreamSocket, upstreamReads } from "../../relay/relay.ts";
import type { Connection } from "../connection.ts";
import { judgeBackend } from "../secrecy.ts";
import type { SlotWaiter } from "../wait-queue.ts";
import type { Phase } from "./phase.ts";
import { Relaying } from "./relaying.ts";

/** Bytes kept of a client that speaks before its backend is connected. */
const LONGEST_HEAD = 64 * 1024;
/** Seconds before the same backend is tried again when no other is left (as HAProxy waits). */
const SAME_BACKEND_PAUSE = 1;

const NOBODY: ReadonlySet<string> = new Set();
const NOTHING: readonly Buffer[] = [];

/**
 * A connection that needs a backend: chooses one, waits for a slot where there is none, connects, and tries the next.
 */
export class Waiting implements Phase, ClientHandler, SlotWaiter<Backend> {
  readonly name = "waiting";
  readonly handler = this;
  /** Only this backend will do. */
  wants: string | undefined = undefined;
  readonly #connection: Connection;
  /** True while an attempt to connect is under way. */
  #connecting = false;
  /** The backend of which it holds a slot. */
  #slot: Backend | undefined = undefined;
  /** The attempt under way is at a backend that no check has seen yet. */
  #isGuess = false;
  #waitedFrom = 0;
  #tried: ReadonlySet<string> = NOBODY;
  #head: Buffer[] | undefined;
  #headBytes = 0;
  #clientEnded = false;
  /** Ends whatever is under way: an attempt, or the pause before the next. */
  #cancel: (() => void) | undefined = undefined;

  /** @param head what the client has said already */
  constructor(connection: Connection, head: Buffer | undefined) {
    this.#connection = connection;
    if (head !== undefined) this.#keep(head);
  }

  start(): void {
    this.#connection.enter(this);
    this.#choose();
  }

  get letter(): string {
    return this.#connecting ? "C" : "Q";
  }

  #choose(): void {
    const connection = this.#connection;
    const choice = connection.listener.group.choose(connection.source, this.#tried);
    if (choice.kind === "none") connection.end("SC", "no backend is usable");
    else if (choice.kind === "chosen") this.granted(choice.backend);
    else this.#queue(choice.backend?.name);
  }

  #queue(wants: string | undefined): void {
    const connection = this.#connection;
    const { queue } = connection.listener.group;
    this.wants = wants;
    connection.listenerQueue = queue.length;
    connection.backendQueue = wants === undefined ? 0 : queue.waitingFor(wants);
    queue.push(this);
    this.#waitedFrom = connection.listener.shared.wheel.now;
    connection.schedule(connection.listener.spec.timeouts.queue);
  }

  /** There is a slot at this backend: connect. */
  granted(backend: Backend): void {
    const connection = this.#connection;
    const { group, shared } = connection.listener;
    connection.unschedule();
    if (connection.queueTime < 0) connection.queueTime = shared.clock() - connection.began;
    connection.backend = backend;
    this.#slot = backend;
    this.#connecting = true;
    this.#isGuess = backend.unchecked;
    const done = (result: UpstreamSocket | UpstreamFault): void => {
      this.#cancel = undefined;
      this.#connecting = false;
      if (result instanceof UpstreamFault) this.#failed(backend, result);
      else this.#connected(backend, result);
    };
    this.#cancel = group.connect(backend, upstreamReads, done, connection.speaksThrough);
  }

  /** The backend that it waited for is gone: choose again. */
  reconsider(): void {
    this.#connection.unschedule();
    this.#choose();
  }

  #connected(backend: Backend, upstream: UpstreamSocket): void {
    const connection = this.#connection;
    const { group, shared } = connection.listener;
    const refusal = judgeBackend(connection, upstream);
    if (refusal !== undefined) {
      upstream.on("error", () => undefined);
      upstream.destroy();
      connection.end("PC", refusal);
      return;
    }
    connection.connectTime = shared.clock() - connection.began - connection.queueTime;
    backend.total++;
    if (this.#tried.size > 0) backend.redispatched++;
    connection.sticks = true;
    group.table.opened(connection.source, backend.name, shared.clock());
    this.#slot = undefined;
    new Relaying(connection, backend, upstream).start(this.#head ?? NOTHING, this.#clientEnded);
  }

  #failed(backend: Backend, fault: UpstreamFault): void {
    const connection = this.#connection;
    const { group, spec } = connection.listener;
    this.#giveSlot();
    if (fault.reason === "local") {
      connection.end("RC", fault.message);
      return;
    }
    this.#tried = new Set(this.#tried).add(backend.name);
    // Before the first check each backend is only taken to be up: passing over one that refuses uses up no retry.
    if (this.#isGuess && fault.reason !== "timeout" && group.others(this.#tried)) {
      this.#again();
      return;
    }
    if (connection.retries >= spec.retries) {
      connection.end(fault.reason === "timeout" ? "sC" : "SC", `${backend.name}: ${fault.message}`);
      return;
    }
    connection.retries++;
    if (group.others(this.#tried)) {
      this.#again();
      return;
    }
    group.retries++;
    const timer = setTimeout(() => this.#choose(), SAME_BACKEND_PAUSE * 1000);
    this.#cancel = () => clearTimeout(timer);
  }

  /** At once, at another backend. */
  #again(): void {
    this.#connection.listener.group.retries++;
    this.#connection.redispatched = true;
    this.#choose();
  }

  fromClient(chunk: Buffer): void {
    this.#keep(chunk);
    if (this.#headBytes >= LONGEST_HEAD) this.#connection.client.pause();
  }

  #keep(chunk: Buffer): void {
    this.#head ??= [];
    this.#head.push(chunk);
    this.#headBytes += chunk.length;
  }

  clientEnd(): void {
    this.#clientEnded = true;
    this.#connection.clientLeft();
    // Without a word said there is nothing to ask a backend; after one, FIN is a legitimate half-close.
    if (this.#head === undefined) this.#connection.end(`C${this.letter}`, "the client left");
  }

  clientError(error: Error): void {
    this.#connection.note(`C${this.letter}`, error.message);
    this.#connection.clientLeft();
  }

  clientClose(): void {
    this.#connection.over();
  }

  clientDrained(): void {
    // Nothing has been written.
  }

  /** No slot has become free. */
  due(now: number): number | undefined {
    const { queue } = this.#connection.listener.spec.timeouts;
    const at = this.#waitedFrom + queue * 1000;
    if (at > now) return at;
    this.#connection.end("sQ", `no free slot within ${queue} s`);
    return undefined;
  }

  cut(): void {
    this.#connection.client.destroy();
  }

  leave(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#connection.listener.group.queue.remove(this);
    this.#giveSlot();
  }

  #giveSlot(): void {
    const backend = this.#slot;
    if (backend === undefined) return;
    this.#slot = undefined;
    this.#connection.listener.group.release(backend);
  }
}
