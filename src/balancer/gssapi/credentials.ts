import { type Credential, FLAGS, type SecurityContext, type Step } from "./context.ts";
import { kdcLane, localLane, onThread } from "./lanes.ts";
import { type NativeOid, nativeGssapi, type Out, type Pointer } from "./native.ts";
import { HOST_BASED_SERVICE, KRB5_OID, PRINCIPAL_NAME } from "./oids.ts";
import { check, GssError } from "./status.ts";

/** `gss_cred_usage_t` */
const INITIATE = 1;
const ACCEPT = 2;
/** Any lifetime that the KDC gives. */
const INDEFINITE = 0xffffffff;

/** A credential of the library's that is released when the last login with it is over. */
export class HeldCredential implements Credential {
  readonly pointer: Pointer;
  #users = 0;
  #retired = false;
  #released = false;

  constructor(pointer: Pointer) {
    this.pointer = pointer;
  }

  /** @throws GssError it has been released already */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#released) throw new GssError("the credential has been replaced", "other");
    this.#users++;
    try {
      return await work();
    } finally {
      this.#users--;
      this.#releaseUnused();
    }
  }

  /** Nobody begins a login with it any more. */
  retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.#releaseUnused();
  }

  #releaseUnused(): void {
    if (!this.#retired || this.#released || this.#users > 0) return;
    this.#released = true;
    nativeGssapi().releaseCred([0], [this.pointer]);
  }
}

/** A credential, and the seconds that it lasts. */
export interface Acquired {
  readonly credential: HeldCredential;
  readonly lifetime: number;
}

/** The credential that accepts logins to every name in a keytab; the library reads the file anew for each. */
export async function acquireAcceptor(keytab: string): Promise<HeldCredential> {
  const { credential } = await acquire(null, ACCEPT, [["keytab", `FILE:${keytab}`]]);
  return credential;
}

/**
 * Logs a principal in with its key: asks a KDC unless `cache` still has a ticket that is not half over. To be called in
 * the lane of calls that may do so.
 * @param cache name of the place in memory for its tickets
 * @throws GssError
 */
export async function acquireInitiator(keytab: string, principal: string, cache: string): Promise<Acquired> {
  const name = importName(principal, PRINCIPAL_NAME);
  try {
    return await acquire(name, INITIATE, [
      ["client_keytab", `FILE:${keytab}`],
      ["ccache", `MEMORY:${cache}`],
    ]);
  } finally {
    nativeGssapi().releaseName([0], [name]);
  }
}

async function acquire(
  name: Pointer,
  usage: number,
  from: readonly (readonly [string, string])[],
): Promise<Acquired> {
  const minor: Out<number> = [0];
  const made: Out<Pointer> = [null];
  const lifetime: Out<number> = [0];
  const mechanisms = { count: 1, elements: [KRB5_OID] };
  const store = { count: from.length, elements: from.map(([key, value]) => ({ key, value })) };
  const { acquireCredFrom } = nativeGssapi();
  const values = [minor, name, INDEFINITE, mechanisms, usage, store, made, null, lifetime];
  check(await onThread(acquireCredFrom, ...values), minor);
  return { credential: new HeldCredential(made[0]), lifetime: lifetime[0] };
}

/** A name for the library, to be released. @throws GssError */
export function importName(text: string, type: NativeOid): Pointer {
  const minor: Out<number> = [0];
  const name: Out<Pointer> = [null];
  const value = Buffer.from(text);
  check(nativeGssapi().importName(minor, { length: value.length, value }, type, name), minor);
  return name[0];
}

/** Makes logins: as one principal, or with what a client has delegated. */
export interface Initiator {
  /**
   * A step of a login with a service.
   * @param host name of the service's host
   * @param token of the other side; empty: the first step, which may ask a KDC
   * @param deadline milliseconds
   * @throws GssError
   */
  step(context: SecurityContext, host: string, token: Buffer, deadline: number): Promise<Step>;
}

/** What our logins ask for: RFC 4752, 3.1, and layers of any strength. */
const WANTED = FLAGS.mutual | FLAGS.replay | FLAGS.sequence | FLAGS.integrity | FLAGS.confidential;

/** When a ticket was got for a host's service, and until when it is good. */
interface Ticket {
  /** Running time, milliseconds. */
  readonly until: number;
}

/**
 * Logins with the services of hosts by one credential. The first with each host may ask a KDC, and a KDC that does not
 * answer holds up no other host: further logins with this one wait for the first, and those with hosts whose tickets
 * are there go by another lane.
 */
export class Services {
  readonly #service: string;
  readonly #clock: () => number;
  readonly #tickets = new Map<string, Ticket>();
  /** Hosts for whose ticket a KDC is being asked; settles when the call has really returned. */
  readonly #asking = new Map<string, Promise<GssError | undefined>>();

  /** @param clock milliseconds on a clock that never jumps */
  constructor(service: string, clock: () => number) {
    this.#service = service;
    this.#clock = clock;
  }

  /** Another credential is used from now on. */
  forget(): void {
    this.#tickets.clear();
  }

  async step(
    credential: HeldCredential,
    context: SecurityContext,
    host: string,
    token: Buffer,
    deadline: number,
  ): Promise<Step> {
    const abandon = (): void => context.release();
    const work = (): Promise<Step> => this.#initiate(credential, context, host, token);
    if (token.length > 0 || this.#hasTicket(host)) return await localLane.run(work, deadline, abandon);
    const before = this.#asking.get(host);
    if (before === undefined) return await kdcLane.run(() => this.#ask(host, work), deadline, abandon);
    const failed = await within(before, deadline);
    if (failed !== undefined) throw failed;
    return await localLane.run(work, deadline, abandon);
  }

  #hasTicket(host: string): boolean {
    return (this.#tickets.get(host)?.until ?? 0) > this.#clock();
  }

  async #ask(host: string, work: () => Promise<Step>): Promise<Step> {
    const asked = work();
    const told = asked.then(
      () => undefined,
      (error: unknown) => (error instanceof GssError ? error : new GssError(String(error), "other")),
    );
    this.#asking.set(host, told);
    try {
      return await asked;
    } finally {
      this.#asking.delete(host);
    }
  }

  async #initiate(
    credential: HeldCredential,
    context: SecurityContext,
    host: string,
    token: Buffer,
  ): Promise<Step> {
    const name = importName(`${this.#service}@${host}`, HOST_BASED_SERVICE);
    try {
      const step = await credential.use(() => context.initiate(credential, name, WANTED, token));
      this.#tickets.set(host, { until: this.#clock() + context.lifetime * 1000 });
      return step;
    } catch (error) {
      this.#tickets.delete(host);
      throw error;
    } finally {
      nativeGssapi().releaseName([0], [name]);
    }
  }
}

/** @throws GssError `no-answer` after `deadline` milliseconds */
export function within<T>(work: Promise<T>, deadline: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new GssError(`no answer within ${deadline / 1000} s`, "no-answer")),
      deadline,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
