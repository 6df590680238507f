import assert from "node:assert/strict";
import { RoutedConnection } from "../../../src/balancer/session/connection.ts";
import type { ConnectFault, RoutedClient } from "../../../src/balancer/session/contract.ts";
import { makeParts } from "../../../src/balancer/session/parts.ts";
import { FakeSocket } from "../fake-socket.ts";
import type { Random } from "../random.ts";
import { calls, frame, negotiation, replies } from "../samples.ts";
import type { Target } from "../target.ts";

const REASONS: readonly ConnectFault["reason"][] = [
  "refused",
  "timeout",
  "unreachable",
  "queue-timeout",
  "local",
  "gone",
];
const TIMEOUTS = { client: 60, server: 60, firstByte: 5, unfinished: 10, lost: 5, ask: 5 };
const ANSWERS = [...(await replies()), negotiation(2, ""), negotiation(5, ""), negotiation(4, "no")];

interface Attempt {
  readonly backend: string;
  readonly resolve: (socket: FakeSocket) => void;
  readonly reject: (fault: ConnectFault) => void;
}

/** One client connection and its backends, all of whose doings are a matter of chance. */
class Scene {
  readonly client = new FakeSocket();
  readonly backends = ["a", "b", "c"].map((name) => ({
    name,
    weight: 1,
    backup: false,
    usable: true,
    reachable: true,
    address: `${name}:1`,
    active: 0,
    maxConnections: 2,
  }));
  readonly upstream: FakeSocket[] = [];
  readonly attempts: Attempt[] = [];
  readonly parts = makeParts(
    { timeouts: TIMEOUTS, maxCall: 8192, searches: { burst: 2, perSecond: 1 } },
    () => this.now,
    () => [this.connection.links],
  );
  readonly connection: RoutedConnection;
  end = "";
  over = false;
  now = 0;

  constructor() {
    const client: RoutedClient = {
      socket: this.client.socket,
      source: "127.0.0.1",
      backends: () => this.backends,
      connect: (backend) =>
        new Promise((resolve, reject) => {
          this.attempts.push({ backend, resolve: (socket) => resolve(socket.socket), reject });
        }),
      fallBack: (_, transport) => {
        this.end = transport;
      },
      count: (_backend, _direction, bytes) => assert(bytes >= 0),
      end: (termination) => {
        assert.equal(this.end, "", "ended twice");
        this.end = termination;
        this.client.destroy();
      },
    };
    this.connection = new RoutedConnection(client, this.parts, () => {
      assert(!this.over, "over twice");
      this.over = true;
    });
  }

  /** Something happens. */
  step(random: Random): void {
    switch (random.int(9)) {
      case 0:
      case 1:
        this.#connect(random);
        break;
      case 2:
      case 3:
      case 4:
        this.#answer(random);
        break;
      case 5:
        if (random.once(8) && this.upstream.length > 0) random.pick(this.upstream).emit("end");
        break;
      case 6:
        this.#drain(random.pick([...this.upstream, this.client]), random);
        break;
      case 7:
        this.#pass(random);
        break;
      default:
        if (random.once(8)) this.connection.clientEnd();
        if (random.once(16)) this.connection.retire();
    }
  }

  #drain(socket: FakeSocket, random: Random): void {
    socket.stuck = random.once(2);
    if (socket.stuck) return;
    socket.drain();
    if (socket === this.client) this.connection.clientDrained();
  }

  /** Time goes by, and backends with it. */
  #pass(random: Random): void {
    this.now += random.int(3000);
    this.parts.clock.tick();
    random.pick(this.backends).reachable = !random.once(3);
    this.parts.outages.look(this.backends);
    this.parts.searches.tick();
    if (!this.over) this.connection.tick(TIMEOUTS);
  }

  #connect(random: Random): void {
    const attempt = this.attempts.shift();
    if (attempt === undefined) return;
    const { backend, resolve, reject } = attempt;
    if (random.once(4)) {
      reject({ backend, reason: random.pick(REASONS), message: "no" });
      return;
    }
    const socket = new FakeSocket();
    this.upstream.push(socket);
    resolve(socket);
  }

  #answer(random: Random): void {
    const socket = this.upstream[random.int(this.upstream.length + 1)];
    if (socket === undefined || socket.destroyed) return;
    const answer = random.pick(ANSWERS);
    const bytes = random.once(3) ? frame(answer) : answer;
    socket.emit("data", random.once(4) ? bytes.subarray(0, random.int(bytes.length + 1)) : bytes);
  }

  /** Everybody leaves. */
  async close(): Promise<void> {
    this.connection.clientClose();
    for (const { backend, reject } of this.attempts.splice(0))
      reject({ backend, reason: "gone", message: "gone" });
    await settled();
    // A connection that was half closed is reset in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    assert(this.over, "it never ends");
    for (const socket of this.upstream) assert(socket.destroyed, "a backend's connection is left open");
    assert.equal(this.parts.budget.held, 0, "bytes are still counted as held");
    assert.equal(this.parts.searches.underWay, 0, "a search goes on");
    const sessions = this.backends.map(({ name }) => this.parts.table.sessions(name));
    assert(sessions.every((count) => count >= 0));
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await undefined;
}

/** A routed connection from its first byte to its end, with backends that answer anything at any time. */
export const routedConnection: Target = {
  name: "routed-connection",
  seeds: () => [
    Buffer.concat(calls()),
    ...calls(),
    Buffer.concat([negotiation(1, "PLAIN"), negotiation(2, "\0hue\0secret"), ...calls().map(frame)]),
  ],
  words: calls(),
  run: async (bytes, random) => {
    const scene = new Scene();
    for (const piece of random.pieces(bytes)) {
      scene.connection.fromClient(Buffer.from(piece));
      for (let steps = random.int(4); steps > 0; steps--) {
        scene.step(random);
        await settled();
      }
    }
    for (let steps = random.int(20); steps > 0; steps--) {
      scene.step(random);
      await settled();
    }
    const { end } = scene;
    const counts = scene.parts.counters.counts();
    await scene.close();
    const { calls: count, sessionsOpened, handlesAsked, handlesFound, handlesRemembered } = counts;
    const told = [
      count,
      sessionsOpened,
      handlesAsked,
      handlesFound,
      handlesRemembered,
      scene.upstream.length,
    ];
    return `${end} ${told.map((each) => Math.min(each, 3))}`;
  },
};
