import type { Backend } from "../backends/backend.ts";
import { UpstreamFault } from "../backends/connect/attempt.ts";
import type { ClientHandler } from "../relay/client-handler.ts";
import { Relay, type RelayedSocket, upstreamReads } from "../relay/relay.ts";
import { ProxyHeaderReader } from "./accept/proxy-header.ts";
import type { Guest, Host } from "./context.ts";
import type { SlotWaiter } from "./wait-queue.ts";

/** Bytes kept of a client that speaks before its backend is connected. */
const LONGEST_HEAD = 64 * 1024;
/** Seconds before the same backend is tried again when no other is left (as HAProxy waits). */
const SAME_BACKEND_PAUSE = 1;

const NOBODY: ReadonlySet<string> = new Set();
const NOTHING: readonly Buffer[] = [];

type Phase = "header" | "first-byte" | "queue" | "connect" | "data" | "routed";
const LETTER: Readonly<Record<Phase, string>> = {
  header: "R",
  "first-byte": "C",
  queue: "Q",
  connect: "C",
  data: "D",
  routed: "D",
};

interface HeaderPhase {
  readonly reader: ProxyHeaderReader;
  readonly introduced: (rest: Buffer) => void;
}

/** One client connection, from accept to its log line. */
export class Connection extends Relay implements Guest, SlotWaiter<Backend> {
  readonly listener: Host;
  /** The client's address: a proxy's own until it has said whom it speaks for. */
  source: string;
  port: number;
  readonly acceptedAt = Date.now();
  readonly began: number;
  backend: Backend | undefined = undefined;
  /** Only this backend will do while it waits. */
  wants: string | undefined = undefined;
  queueTime = -1;
  connectTime = -1;
  retries = 0;
  redispatched = false;
  sticks = false;
  counted = false;
  backendQueue = 0;
  listenerQueue = 0;
  readonly #plain: boolean;
  /** True while it holds one of the backend's slots. */
  #slot = false;
  #phase: Phase = "first-byte";
  #waitedFrom = 0;
  #tried: ReadonlySet<string> = NOBODY;
  #head: Buffer[] | undefined = undefined;
  #routed: ClientHandler | undefined = undefined;
  #header: HeaderPhase | undefined = undefined;
  /** Ends whatever is under way before the relay: an attempt, or the pause before the next. */
  #cancel: (() => void) | undefined = undefined;

  /** @param plain the client's socket is a plain stream, not one that reads into reused buffers */
  constructor(listener: Host, client: RelayedSocket, source: string, plain: boolean) {
    super(client, listener.wheel);
    this.#plain = plain;
    this.listener = listener;
    this.source = source;
    this.port = client.remotePort ?? 0;
    this.began = listener.clock();
  }

  get phase(): string {
    return LETTER[this.#phase];
  }

  relays(backend: Backend): boolean {
    return this.#phase === "data" && this.backend === backend;
  }

  /**
   * Reads the PROXY protocol header with which the connection must begin, and takes the client's address from it.
   * @param introduced called with the bytes that came after it; not called when the connection has ended before
   */
  awaitHeader(introduced: (rest: Buffer) => void): void {
    this.#phase = "header";
    this.#header = { reader: new ProxyHeaderReader(), introduced };
    this.attachClient(this.#plain);
    this.wheel.schedule(this, this.wheel.now + this.#headerTime * 1000);
  }

  #headerBytes({ reader, introduced }: HeaderPhase, chunk: Buffer): void {
    const result = reader.push(chunk);
    if (result === undefined) return;
    this.#header = undefined;
    if (result.kind === "fault") {
      this.end("PR", result.reason);
      return;
    }
    this.wheel.cancel(this);
    if (result.client !== undefined) {
      this.source = result.client.host;
      this.port = result.client.port;
    }
    introduced(result.rest);
  }

  get #headerTime(): number {
    return this.listener.spec.proxyProtocol?.timeout ?? 0;
  }

  /** The session router has connected to a backend: named in the log, where one connection has room for one. */
  reached(backend: Backend): void {
    if (this.backend === undefined) this.connectTime = Math.max(0, this.listener.clock() - this.began);
    this.queueTime = 0;
    this.backend = backend;
  }

  /** The session router reads and writes from now on; only counters, limits and the end are ours. */
  route(accept: () => ClientHandler): void {
    if (this.#phase !== "header") this.attachClient(this.#plain);
    this.#phase = "routed";
    this.#routed = accept();
  }

  override fromClient(chunk: Buffer): void {
    if (this.#phase === "routed") this.#routed?.fromClient(chunk);
    else super.fromClient(chunk);
  }

  override clientEnd(): void {
    if (this.#phase === "routed") this.#routed?.clientEnd();
    else super.clientEnd();
  }

  override clientError(error: Error): void {
    super.clientError(error);
    if (this.#phase === "routed") this.#routed?.clientError(error);
  }

  override clientClose(hadError: boolean): void {
    if (this.#phase === "routed") this.#routed?.clientClose(hadError);
    super.clientClose(hadError);
  }

  override clientDrained(): void {
    if (this.#phase === "routed") this.#routed?.clientDrained();
    else super.clientDrained();
  }

  /** Relays by the listener's own strategy; `head` are bytes that the router has read already. */
  start(head?: Buffer): void {
    if (this.#phase === "first-byte") this.attachClient(this.#plain);
    this.#phase = "first-byte";
    if (head !== undefined && head.length > 0) this.#head = [head];
    const silence = this.listener.spec.timeouts.firstByte;
    if (silence > 0 && this.#head === undefined) this.wheel.schedule(this, this.wheel.now + silence * 1000);
    else this.#choose();
  }

  #choose(): void {
    this.#phase = "queue";
    const { listener } = this;
    const choice = listener.choose(this.source, this.#tried);
    if (choice.kind === "none") this.end("SC", "no backend is usable");
    else if (choice.kind === "chosen") this.granted(choice.backend);
    else this.#wait(choice.backend?.name);
  }

  #wait(wants: string | undefined): void {
    this.wants = wants;
    this.listenerQueue = this.listener.queue.length;
    this.backendQueue = wants === undefined ? 0 : this.listener.queue.waitingFor(wants);
    this.listener.queue.push(this);
    this.#waitedFrom = this.wheel.now;
    this.wheel.schedule(this, this.wheel.now + this.listener.spec.timeouts.queue * 1000);
  }

  /** There is a slot at this backend: connect. */
  granted(backend: Backend): void {
    const { listener } = this;
    this.wheel.cancel(this);
    if (this.queueTime < 0) this.queueTime = listener.clock() - this.began;
    this.#phase = "connect";
    this.backend = backend;
    this.#slot = true;
    this.#cancel = listener.connect(backend, upstreamReads, (result) => {
      this.#cancel = undefined;
      if (result instanceof UpstreamFault) this.#failed(backend, result);
      else this.#connected(backend, result);
    });
  }

  /** The backend that it waited for is gone: choose again. */
  reconsider(): void {
    this.wheel.cancel(this);
    this.#choose();
  }

  #connected(backend: Backend, upstream: RelayedSocket): void {
    this.connectTime = this.listener.clock() - this.began - this.queueTime;
    this.#phase = "data";
    backend.total++;
    if (this.#tried.size > 0) backend.redispatched++;
    this.listener.opened(this, backend);
    const head = this.#head ?? NOTHING;
    this.#head = undefined;
    this.#tried = NOBODY;
    this.lastActive = this.wheel.now;
    this.attachUpstream(upstream, head, this.listener.plain);
    this.wheel.schedule(this, this.wheel.now + this.#patience());
  }

  #failed(backend: Backend, fault: UpstreamFault): void {
    this.#giveSlot();
    if (fault.reason === "local") {
      this.end("RC", fault.message);
      return;
    }
    const { listener } = this;
    this.#tried = new Set(this.#tried).add(backend.name);
    if (this.retries >= listener.spec.retries) {
      this.end(fault.reason === "timeout" ? "sC" : "SC", `${backend.name}: ${fault.message}`);
      return;
    }
    this.retries++;
    listener.retries++;
    if (listener.others(this.#tried)) {
      this.redispatched = true;
      this.#choose();
      return;
    }
    this.#phase = "queue";
    const timer = setTimeout(() => this.#choose(), SAME_BACKEND_PAUSE * 1000);
    this.#cancel = () => clearTimeout(timer);
  }

  end(termination: string, reason?: string): void {
    this.note(termination, reason);
    this.cut();
  }

  due(now: number): number | undefined {
    const { timeouts } = this.listener.spec;
    if (this.#phase === "header") {
      this.end("cR", `no PROXY protocol header within ${this.#headerTime} s`);
      return undefined;
    }
    if (this.#phase === "first-byte") {
      this.end("cD", `nothing said within ${timeouts.firstByte} s`);
      return undefined;
    }
    if (this.#phase === "queue") {
      const at = this.#waitedFrom + timeouts.queue * 1000;
      if (at > now) return at;
      this.end("sQ", `no free slot within ${timeouts.queue} s`);
      return undefined;
    }
    const at = this.lastActive + this.#patience();
    if (at > now) return at;
    if (this.clientEnded || this.upstreamEnded || this.upstreamGone) {
      this.end(this.clientEnded ? "sD" : "cD", `half-closed for ${timeouts.halfClosed} s`);
    } else {
      this.end(timeouts.client <= timeouts.server ? "cD" : "sD", "idle");
    }
    return undefined;
  }

  /** Milliseconds of silence that the connection may keep. */
  #patience(): number {
    const { timeouts } = this.listener.spec;
    const half = this.clientEnded || this.upstreamEnded || this.upstreamGone;
    return (half ? timeouts.halfClosed : Math.min(timeouts.client, timeouts.server)) * 1000;
  }

  protected count(toClient: number, toBackend: number): void {
    const { backend } = this;
    if (backend === undefined) return;
    backend.bytesToClient += toClient;
    backend.bytesToBackend += toBackend;
  }

  protected early(chunk: Buffer): void {
    if (this.#header !== undefined) {
      this.#headerBytes(this.#header, chunk);
      return;
    }
    const silent = this.#phase === "first-byte";
    this.#head = this.#head ?? [];
    this.#head.push(chunk);
    if (this.#head.reduce((sum, each) => sum + each.length, 0) >= LONGEST_HEAD) this.client.pause();
    if (silent) {
      this.wheel.cancel(this);
      this.#choose();
    }
  }

  protected earlyEnd(): void {
    // Without a word said there is nothing to ask a backend; after one, FIN is a legitimate half-close.
    if (this.#head === undefined) this.end(`C${this.phase}`, "the client left");
  }

  protected halfClosed(): void {
    this.wheel.schedule(this, this.wheel.now + this.#patience());
  }

  protected upstreamClosed(): void {
    this.#giveSlot();
  }

  protected over(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.listener.queue.remove(this);
    this.wheel.cancel(this);
    this.#giveSlot();
    this.listener.ended(this);
  }

  #giveSlot(): void {
    if (!this.#slot || this.backend === undefined) return;
    this.#slot = false;
    this.listener.release(this.backend);
  }
}
