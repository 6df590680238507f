import type { Secret } from "../../domain/secret.ts";
import { scrubber } from "../../domain/words/scrub.ts";
import { CookieJar } from "./cookies.ts";
import {
  type CmFailure,
  networkFailure,
  neverConnected,
  statusFailure,
  unexpectedReply,
} from "./failures.ts";
import { startsLikeJson, tooIntricate } from "./json.ts";
import { isNotNow, type Pace, type RetryPolicy, slept, waitBefore } from "./retry.ts";
import { brief } from "./text.ts";
import { NetworkFault, type Reply, type Transport } from "./transport.ts";

interface ExchangeSettings {
  readonly transport: Transport;
  readonly user: string;
  readonly password: Secret;
  /** Seconds. */
  readonly timeout: number;
  readonly pace: Pace;
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal;
}

interface Outgoing {
  readonly method: "GET" | "PUT" | "POST";
  readonly url: string;
  readonly body?: string;
  /** The answer must be whole JSON: a body that is cut off counts as a network fault and is fetched again. */
  readonly json?: boolean;
}

/**
 * Limit for the first question, seconds: it costs the server nothing, and a firewall that drops packets must not cost
 * minutes.
 */
const FIRST_TIMEOUT = 15;

/**
 * Authenticated request and answer with Cloudera Manager: Basic once, then the session cookie; retries of what may be
 * repeated.
 */
export class Exchange {
  readonly #settings: ExchangeSettings;
  readonly #jar = new CookieJar();
  /** Whether the password was accepted once: from then on a 401 is the server's fault. */
  #accepted = false;

  constructor(settings: ExchangeSettings) {
    this.#settings = settings;
  }

  get user(): string {
    return this.#settings.user;
  }

  get pace(): Pace {
    return this.#settings.pace;
  }

  /**
   * The first GET to a server, any status: with the password or without it. Impatient: when nothing answers there, it
   * is not tried again, since another port is.
   * @throws NetworkFault
   */
  async first(url: string, how: { password: boolean; impatient: boolean }): Promise<Reply> {
    const { timeout, retry, transport } = this.#settings;
    const limit = Math.min(timeout, FIRST_TIMEOUT);
    const send = (): Promise<Reply> =>
      how.password
        ? this.#authenticated({ method: "GET", url }, true, limit)
        : transport.send({ method: "GET", url, headers: {}, timeout: limit, ...this.#signal() });
    if (how.impatient) {
      const once = await send().catch(onlyFaults);
      if (!(once instanceof NetworkFault)) {
        if (!isNotNow(once)) return once;
      } else if (!once.transient || neverConnected(once)) {
        throw once;
      }
    }
    const outcome = await this.#repeat(send, retry);
    if (outcome instanceof NetworkFault) throw outcome;
    return outcome;
  }

  /** A GET, repeated where that helps; a 2xx answer. @throws CmFailure */
  async read(request: Outgoing): Promise<Reply> {
    const outcome = await this.#repeat(() => this.#authenticated(request, true), this.#settings.retry);
    return this.good(outcome, request);
  }

  /**
   * A PUT or POST, sent once (a session that has run out is renewed: a 401 was refused before anything happened).
   * @throws CmFailure
   */
  async write(request: Outgoing): Promise<Reply> {
    const outcome = await this.#authenticated(request, request.method === "PUT").catch(onlyFaults);
    return this.good(outcome, request);
  }

  /** The outcome if it is a 2xx. @throws CmFailure */
  good(outcome: Reply | NetworkFault, request: Outgoing): Reply {
    const call = { method: request.method, url: request.url, user: this.user };
    if (outcome instanceof NetworkFault) throw networkFailure(outcome, call);
    if (outcome.status < 200 || outcome.status > 299) {
      throw statusFailure(outcome, call, (text, length) => this.said(text, length)) satisfies CmFailure;
    }
    return outcome;
  }

  async #repeat(send: () => Promise<Reply>, policy: RetryPolicy): Promise<Reply | NetworkFault> {
    const { pace, signal } = this.#settings;
    for (let attempt = 1; ; attempt++) {
      const outcome = await send().catch(onlyFaults);
      const wait = waitBefore(attempt + 1, outcome, policy, pace);
      if (wait === undefined) return outcome;
      if (!(await slept(pace, wait, signal))) return new NetworkFault("ABORTED", "interrupted");
    }
  }

  /**
   * Sends with the session cookie, or with the password when there is none or it has run out. A 401 to the password
   * itself is repeated (Cloudera Manager refuses good ones at times, OPSAPS-68536): twice once the password was
   * accepted before, otherwise once, since wrong passwords lock accounts.
   */
  async #authenticated(
    request: Outgoing,
    repeatable: boolean,
    timeout = this.#settings.timeout,
  ): Promise<Reply> {
    const { pace, retry, signal } = this.#settings;
    if (this.#jar.header() !== undefined) {
      const reply = await this.#send(request, timeout);
      if (reply.status !== 401) return reply;
      this.#jar.clear();
    }
    const extra = !repeatable ? 0 : this.#accepted ? 2 : 1;
    for (let again = 0; ; again++) {
      const reply = await this.#send(request, timeout);
      if (reply.status !== 401) {
        // Any server answers 403 or 404; only a good answer says that the password was looked at.
        this.#accepted ||= reply.status < 300;
        return reply;
      }
      if (again >= extra) return reply;
      const waited = await slept(pace, retry.base * (1 + again) * (0.5 + pace.random() / 2), signal);
      if (!waited) throw new NetworkFault("ABORTED", "interrupted");
    }
  }

  async #send(request: Outgoing, timeout: number): Promise<Reply> {
    const { transport, user, password } = this.#settings;
    const cookie = this.#jar.header();
    const basic = (): string => `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString("base64")}`;
    const reply = await transport.send({
      method: request.method,
      url: request.url,
      headers: {
        ...(cookie === undefined ? { Authorization: basic() } : { Cookie: cookie }),
        ...(request.method === "GET" ? {} : { "Content-Type": "application/json" }),
        "User-Agent": "hue-impala-setup",
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      timeout,
      ...this.#signal(),
    });
    this.#jar.store(reply.cookies);
    return request.json === true && reply.status < 300 ? this.#whole(reply, request) : reply;
  }

  /**
   * The answer with its JSON, if it looks like some.
   * @throws NetworkFault when it ends too early; a server or proxy that broke off is asked again
   * @throws CmFailure when it is more than a Cloudera Manager says
   */
  #whole(reply: Reply, { method, url }: Outgoing): Reply {
    if (!startsLikeJson(reply.body)) return reply;
    const refused = tooIntricate(reply.body);
    if (refused !== undefined) throw unexpectedReply({ method, url, user: this.user }, refused);
    try {
      return { ...reply, json: JSON.parse(reply.body.toString("utf8")) as unknown };
    } catch {
      throw new NetworkFault("ERR_BAD_RESPONSE", "the answer is not complete JSON");
    }
  }

  #signal(): { signal?: AbortSignal } {
    const { signal } = this.#settings;
    return signal === undefined ? {} : { signal };
  }

  /** What the server said, as one short line. One that echoes the request must not make us print the password. */
  said(text: string, length?: number): string {
    const { user, password } = this.#settings;
    const cookies = this.#jar.header()?.split("; ") ?? [];
    const tokens = cookies.map((pair) => pair.slice(pair.indexOf("=") + 1));
    return brief(text, length, scrubber({ user, password: password.reveal(), tokens }));
  }
}

function onlyFaults(thrown: unknown): NetworkFault {
  if (thrown instanceof NetworkFault) return thrown;
  throw thrown;
}
