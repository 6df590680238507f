import type { ClientHandler } from "../relay/client-handler.ts";
import { FramedReader, PlainReader } from "../wire/sasl.ts";
import { CallRouter } from "./call-router.ts";
import type { BackendView, ConnectFault, RoutedClient, Transport } from "./contract.ts";
import { detect } from "./detect.ts";
import type { Link, LinkOwner } from "./link.ts";
import { Links } from "./links.ts";
import { Login } from "./login.ts";
import type { RouterServices } from "./services.ts";

type Phase = "silent" | "telling" | "login" | "calls" | "over";

/** Milliseconds after which a link is closed on which no session was opened: Hue's pool would otherwise hold one to every backend. */
const UNUSED_LINK = 300_000;

/** One client connection in the hands of the session router, from its first byte to its end or to the fall-back. */
export class RoutedConnection implements ClientHandler, LinkOwner {
  readonly client: RoutedClient;
  readonly #services: RouterServices;
  readonly #links: Links;
  #phase: Phase = "silent";
  #head: Buffer = Buffer.alloc(0);
  #login: Login | undefined;
  #loginLink: Link | undefined;
  #calls: CallRouter | undefined;
  #clientEnded = false;
  #retiring = false;
  /** Running time (milliseconds) of the last bytes from the client, and of the last from a backend. */
  #clientActive: number;
  backendActive: number;

  constructor(client: RoutedClient, services: RouterServices) {
    this.client = client;
    this.#services = services;
    this.#links = new Links(client);
    this.#clientActive = services.running();
    this.backendActive = this.#clientActive;
  }

  get links(): Links {
    return this.#links;
  }

  get unsent(): number {
    return this.client.socket.writableLength;
  }

  fromClient(chunk: Buffer): void {
    this.#clientActive = this.#services.running();
    if (this.#phase === "calls") this.#calls?.fromClient(chunk);
    else if (this.#phase === "login") this.#loginBytes(chunk);
    else if (this.#phase !== "over") this.#tell(chunk);
  }

  clientEnd(): void {
    if (this.#phase === "over") return;
    this.#clientEnded = true;
    if (
      this.#phase === "calls" &&
      this.#calls !== undefined &&
      !this.#calls.idle &&
      !this.#calls.unfinished
    ) {
      return;
    }
    const left = this.#phase === "silent" || this.#calls?.idle === true;
    this.finish(left ? "--" : "CD", left ? undefined : "the client left in mid-call");
  }

  clientError(error: Error): void {
    this.finish("CD", error.message);
  }

  clientClose(): void {
    this.finish("CD", "the client left");
  }

  clientDrained(): void {
    if (this.#phase === "over") return;
    this.#calls?.clientDrained();
    this.#loginLink?.resume();
  }

  /** First bytes: what does it speak? */
  #tell(chunk: Buffer): void {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    this.#phase = "telling";
    const transport = detect(this.#head);
    if (transport === undefined) return;
    const head = this.#head;
    if (transport === "thrift") {
      this.#startCalls(new PlainReader());
      this.#calls?.fromClient(head);
    } else if (transport === "sasl-plain") {
      this.#phase = "login";
      this.#login = new Login();
      this.#findForLogin(new Set());
      this.#loginBytes(head);
    } else this.#fallBack(transport);
    this.#head = Buffer.alloc(0);
  }

  #startCalls(reader: PlainReader | FramedReader): void {
    this.#phase = "calls";
    this.#calls = new CallRouter(this.client, this.#services, this.#links, reader, {
      betweenCalls: () => this.#betweenCalls(),
      heard: () => this.heard(),
      finish: (termination, reason) => this.finish(termination, reason),
    });
  }

  #fallBack(transport: Transport): void {
    const head = this.#head;
    this.#leave();
    this.#services.counters.fallbacks[transport]++;
    this.#services.onEvent({ type: "fallback", source: this.client.source, transport });
    this.client.fallBack(head, transport);
  }

  #loginBytes(chunk: Buffer): void {
    if (this.#login?.fromClient(chunk) === false) this.finish("PD", "a login of impossible length");
    else this.#loginLink?.send(chunk);
  }

  /** The login needs somebody who judges it: the backend that would get the next session. */
  #findForLogin(tried: Set<string>, last?: ConnectFault): void {
    const backend: BackendView | undefined = this.#services.choose(this.client.backends(), tried);
    if (backend === undefined) {
      this.finish(last?.reason === "timeout" ? "sC" : "SC", last?.message ?? "no backend is usable");
      return;
    }
    this.#links.connect(backend.name, this, true).then(
      (link) => {
        this.#loginLink = link;
        link.busy = true;
        for (const bytes of this.#login?.recorded ?? []) link.send(bytes);
      },
      (fault: ConnectFault) => {
        if (this.#phase !== "login") return;
        if (fault.reason === "local") this.finish("RC", fault.message);
        else this.#findForLogin(tried.add(backend.name), fault);
      },
    );
  }

  linkBytes(link: Link, chunk: Buffer): boolean {
    this.heard();
    const login = this.#login;
    if (login === undefined) return true;
    const verdict = login.fromBackend(chunk);
    this.client.socket.write(chunk);
    this.client.count(link.backend, "to-client", chunk.length);
    if (verdict === "accepted") {
      const sent = login.recorded.reduce((sum, bytes) => sum + bytes.length, 0);
      this.client.count(link.backend, "to-backend", sent);
      this.#links.useLogin(login.recorded);
      this.#login = undefined;
      this.#loginLink = undefined;
      link.busy = false;
      this.#startCalls(new FramedReader());
      if (this.#calls) link.owner = this.#calls;
      if (this.#retiring) this.#betweenCalls();
    } else if (verdict === "refused") this.finish("SD", `${link.backend} refused the login`);
    else if (verdict === "not-understood") this.finish("PD", `${link.backend}: not a SASL negotiation`);
    return this.unsent === 0;
  }

  linkEnded(link: Link, error: Error | undefined): void {
    this.#links.remove(link);
    this.finish("SD", `${link.backend} ${error?.message ?? "closed its connection"} during the login`);
  }

  linkDrained(): void {
    this.client.socket.resume();
  }

  /** A backend has said something. */
  heard(): void {
    this.backendActive = this.#services.running();
  }

  /** Ends the connection between two calls: at once if it is idle, else after the reply. */
  retire(): void {
    this.#retiring = true;
    if (this.#phase !== "silent" && this.#calls?.idle !== true) return;
    // What the kernel has already received is read in the next turn of the event loop; only then is it known to be idle.
    setImmediate(() =>
      setImmediate(() => {
        if (this.#phase === "silent" || this.#calls?.idle === true) this.finish("--", "the balancer stops");
      }),
    );
  }

  #betweenCalls(): void {
    if (this.#clientEnded) this.finish("--");
    else if (this.#retiring) this.finish("--", "the balancer stops");
  }

  /** Time-outs. `now` is running time in milliseconds. */
  tick(now: number): void {
    const { timeouts } = this.#services;
    const silence = now - this.#clientActive;
    this.#links.closeUnused(now - UNUSED_LINK);
    if (this.#phase === "silent") {
      const limit = timeouts.firstByte > 0 ? timeouts.firstByte : timeouts.client;
      if (silence > limit * 1000) this.finish("cD", `nothing said within ${limit} s`);
    } else if (this.#phase === "telling") {
      if (silence > timeouts.unfinished * 1000) this.#fallBack("unknown");
    } else if (this.#phase === "login") {
      if (silence > timeouts.unfinished * 1000) this.finish("cD", "the login was not completed");
    } else if (this.#calls?.unfinished === true) {
      if (silence > timeouts.unfinished * 1000) this.finish("cD", "the call was not completed");
    } else if (this.#calls?.idle === true) {
      if (Math.min(silence, now - this.backendActive) > timeouts.client * 1000) this.finish("cD", "idle");
    } else this.#tickReply(now, silence);
  }

  /** A reply is awaited. */
  #tickReply(now: number, silence: number): void {
    const { timeouts } = this.#services;
    const waited = Math.min(silence, now - this.backendActive) / 1000;
    const backend = this.#calls?.awaited;
    if (waited > timeouts.server) this.finish("sD", `no answer within ${timeouts.server} s`);
    // A frozen backend says nothing for ever: the client must not wait with it, nor keep its connection from other users.
    else if (backend !== undefined && Math.min(waited, this.#services.lostFor(backend)) > timeouts.lost) {
      this.finish("DD", `${backend} is down and has not answered a call`);
    }
  }

  /** Ends the client connection: what has been written is still delivered, unless the client is gone. */
  finish(termination: string, reason?: string): void {
    if (this.#phase === "over") return;
    this.#leave();
    const { socket } = this.client;
    if (socket.destroyed || termination !== "--") {
      this.client.end(termination, reason);
      return;
    }
    const end = () => this.client.end(termination, reason);
    socket.resume();
    if (socket.writableFinished) end();
    else socket.end(end);
  }

  #leave(): void {
    this.#phase = "over";
    this.#calls?.stop();
    this.#links.close();
    this.#login?.wipe();
    this.#services.left(this.client);
  }
}
