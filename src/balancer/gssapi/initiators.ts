import type { SecurityContext, Step } from "./context.ts";
import {
  type Acquired,
  acquireInitiator,
  HeldCredential,
  type Initiator,
  Services,
  within,
} from "./credentials.ts";
import { kdcLane } from "./lanes.ts";
import type { Pointer } from "./native.ts";
import { GssError } from "./status.ts";

/** Milliseconds in which a login with the KDC ends in one way or another: the library's own time-outs are shorter. */
const LONGEST_ACQUIRE = 300_000;
/** Milliseconds after a failure in which the KDC is not asked again: what it said is said again. */
const PAUSE = 1000;

/** Places for tickets in the library's memory; used again by the next with the same keytab and principal. */
const caches = new Map<string, number>();

export interface OwnOptions {
  readonly keytab: string;
  readonly principal: string;
  readonly service: string;
  /** Milliseconds on a clock that never jumps. */
  readonly clock: () => number;
  /** Told when the ticket could not be renewed in time, though the old one still serves. */
  readonly onFault?: (error: GssError) => void;
}

/** The logins of one principal with its keytab. Its ticket is got anew when half of its life is over. */
export class OwnInitiator implements Initiator {
  readonly #options: OwnOptions;
  readonly #services: Services;
  readonly #cache: string;
  #current:
    | { readonly credential: HeldCredential; readonly renew: number; readonly until: number }
    | undefined;
  /** Settles when the library has really returned. */
  #acquiring: Promise<HeldCredential> | undefined;
  #failed: { readonly error: GssError; readonly at: number } | undefined;
  #turn = 0;

  constructor(options: OwnOptions) {
    this.#options = options;
    this.#services = new Services(options.service, options.clock);
    const key = `${options.keytab}\n${options.principal}`;
    const number = caches.get(key) ?? caches.size + 1;
    caches.set(key, number);
    this.#cache = `hue-impala-setup-${number}`;
  }

  async step(context: SecurityContext, host: string, token: Buffer, deadline: number): Promise<Step> {
    const began = this.#options.clock();
    const credential = await this.credential(deadline);
    const left = Math.max(1, deadline - (this.#options.clock() - began));
    return await credential.use(() => this.#services.step(credential, context, host, token, left));
  }

  /** The credential, while its ticket is good; a KDC is asked when there is none. @throws GssError */
  async credential(deadline: number): Promise<HeldCredential> {
    const now = this.#options.clock();
    const { renew = 0, until = 0, credential } = this.#current ?? {};
    if (credential !== undefined && now < until) {
      if (now >= renew) this.#acquire(now).catch((error: GssError) => this.#options.onFault?.(error));
      return credential;
    }
    return await within(this.#acquire(now), deadline);
  }

  /** Its memory goes back to the library when the logins under way have ended; a later one gets a ticket anew. */
  close(): void {
    this.#current?.credential.retire();
    this.#current = undefined;
  }

  #acquire(now: number): Promise<HeldCredential> {
    if (this.#acquiring !== undefined) return this.#acquiring;
    if (this.#failed !== undefined && now - this.#failed.at < PAUSE)
      return Promise.reject(this.#failed.error);
    this.#acquiring = this.#renew().finally(() => {
      this.#acquiring = undefined;
    });
    return this.#acquiring;
  }

  async #renew(): Promise<HeldCredential> {
    const { keytab, principal, clock } = this.#options;
    // Two places in turn: logins under way still use the tickets of the other.
    this.#turn = 1 - this.#turn;
    const cache = `${this.#cache}-${this.#turn}`;
    try {
      const acquire = (): Promise<Acquired> => acquireInitiator(keytab, principal, cache);
      const { credential, lifetime } = await kdcLane.run(acquire, LONGEST_ACQUIRE, (late) =>
        late.credential.retire(),
      );
      this.#failed = undefined;
      this.#current?.credential.retire();
      this.#services.forget();
      const now = clock();
      this.#current = { credential, renew: now + lifetime * 500, until: now + lifetime * 1000 };
      return credential;
    } catch (error) {
      const told = ownFault(error);
      this.#failed = { error: told, at: clock() };
      throw told;
    }
  }
}

/** Logins with what a client has delegated, for as long as its connection lasts. */
export class DelegatedInitiator implements Initiator {
  readonly #credential: HeldCredential;
  readonly #services: Services;

  constructor(credential: Pointer, service: string, clock: () => number) {
    this.#credential = new HeldCredential(credential);
    this.#services = new Services(service, clock);
  }

  step(context: SecurityContext, host: string, token: Buffer, deadline: number): Promise<Step> {
    return this.#services.step(this.#credential, context, host, token, deadline);
  }

  close(): void {
    this.#credential.retire();
  }
}

/** What the KDC has sealed for us cannot be opened: with its principal's own key it could. */
function ownFault(error: unknown): GssError {
  if (!(error instanceof GssError)) return new GssError(String(error), "other");
  const { message, fault, major, minor } = error;
  return fault === "other-principal" ? new GssError(message, "wrong-key", major, minor) : error;
}
