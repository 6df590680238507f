import { localLane, onThread } from "./lanes.ts";
import { type NativeBuffer, nativeGssapi, type Out, type Pointer } from "./native.ts";
import { KRB5_OID, PRINCIPAL_NAME } from "./oids.ts";
import { CONTINUE_NEEDED, check, GssError, isError, ORDER_FAULTS, takeBytes } from "./status.ts";

/** Flags of a context (RFC 2744, 5.19). */
export const FLAGS = {
  delegate: 1,
  mutual: 2,
  replay: 4,
  sequence: 8,
  confidential: 16,
  integrity: 32,
} as const;
/** Milliseconds that a step may take which needs no KDC. */
const LOCAL_TIME = 10_000;

/** A credential of the library's, as contexts are made with it. */
export interface Credential {
  readonly pointer: Pointer;
}

/** What a step of a login came to. */
export interface Step {
  /** To be sent to the other side; may be empty. */
  readonly token: Buffer;
  /** No further step is needed. */
  readonly complete: boolean;
}

/** The security context of one login: what its two ends have agreed on. Must be released. */
export class SecurityContext {
  /** Who is at the other side of an accepted login, with the realm; known once it is complete. */
  peer: string | undefined;
  /** What has been agreed on: {@link FLAGS}. */
  flags = 0;
  /** Seconds for which the ticket is still good. */
  lifetime = 0;
  /** A credential that the client has passed on; released with the context unless it is taken. */
  #delegated: Pointer = null;
  #handle: Pointer = null;
  #released = false;
  /** A thread works with the handle. */
  #stepping = false;

  /** The first, and with Kerberos only, step of a login that somebody makes with us. @throws GssError */
  async accept(acceptor: Credential, token: Buffer): Promise<Step> {
    return await localLane.run(
      () => this.#accept(acceptor, token),
      LOCAL_TIME,
      () => this.release(),
    );
  }

  async #accept(acceptor: Credential, token: Buffer): Promise<Step> {
    const native = nativeGssapi();
    const minor: Out<number> = [0];
    const handle: Out<Pointer> = [this.#handle];
    const name: Out<Pointer> = [null];
    const out: Out<NativeBuffer | null> = [null];
    const flags: Out<number> = [0];
    const lifetime: Out<number> = [0];
    const delegated: Out<Pointer> = [null];
    const input = { length: token.length, value: token };
    const values = [
      minor,
      handle,
      acceptor.pointer,
      input,
      null,
      name,
      [null],
      out,
      flags,
      lifetime,
      delegated,
    ];
    this.#stepping = true;
    const major = await onThread(native.acceptSecContext, ...values);
    this.#stepping = false;
    [this.#handle] = handle;
    [this.#delegated] = delegated;
    const answer = takeBytes(native, out);
    try {
      check(major, minor);
      [this.flags] = flags;
      [this.lifetime] = lifetime;
      const complete = (major & CONTINUE_NEEDED) === 0;
      if (complete) this.peer = nameOf(name[0]);
      return { token: answer, complete };
    } finally {
      if (name[0] !== null) native.releaseName([0], name);
      if (this.#released) this.#free();
    }
  }

  /**
   * A step of a login that we make. It may ask a KDC: to be called in the lane of those that do.
   * @param name of the library, see `importName`
   * @param wanted {@link FLAGS}
   * @throws GssError
   */
  async initiate(own: Credential, name: Pointer, wanted: number, token: Buffer): Promise<Step> {
    const native = nativeGssapi();
    const minor: Out<number> = [0];
    const handle: Out<Pointer> = [this.#handle];
    const out: Out<NativeBuffer | null> = [null];
    const flags: Out<number> = [0];
    const lifetime: Out<number> = [0];
    const input = { length: token.length, value: token };
    const values = [
      minor,
      own.pointer,
      handle,
      name,
      KRB5_OID,
      wanted,
      0,
      null,
      input,
      null,
      out,
      flags,
      lifetime,
    ];
    this.#stepping = true;
    const major = await onThread(native.initSecContext, ...values);
    this.#stepping = false;
    [this.#handle] = handle;
    const answer = takeBytes(native, out);
    try {
      check(major, minor);
      [this.flags] = flags;
      [this.lifetime] = lifetime;
      return { token: answer, complete: (major & CONTINUE_NEEDED) === 0 };
    } finally {
      if (this.#released) this.#free();
    }
  }

  /** Protects bytes for the other side: against changes, and against readers too if `confidential`. @throws GssError */
  wrap(bytes: Buffer, confidential: boolean): Buffer {
    const native = nativeGssapi();
    const minor: Out<number> = [0];
    const sealed: Out<number> = [0];
    const out: Out<NativeBuffer | null> = [null];
    const input = { length: bytes.length, value: bytes };
    const major = native.wrap(minor, this.#live(), confidential ? 1 : 0, 0, input, sealed, out);
    const token = takeBytes(native, out);
    check(major, minor);
    if (confidential && sealed[0] === 0) throw new GssError("the library did not encrypt", "other");
    return token;
  }

  /**
   * The bytes that the other side has protected.
   * @param confidential they must have been encrypted
   * @throws GssError changed, replayed, out of order, one left out, or not encrypted
   */
  unwrap(token: Buffer, confidential: boolean): Buffer {
    const native = nativeGssapi();
    const minor: Out<number> = [0];
    const sealed: Out<number> = [0];
    const out: Out<NativeBuffer | null> = [null];
    const input = { length: token.length, value: token };
    const major = native.unwrap(minor, this.#live(), input, out, sealed, [0]);
    const bytes = takeBytes(native, out);
    check(major, minor);
    if ((major & ORDER_FAULTS) !== 0)
      throw new GssError("a frame was repeated, left out or out of order", "replay");
    if (confidential && sealed[0] === 0)
      throw new GssError("a frame that should be encrypted is not", "other");
    return bytes;
  }

  /** The most bytes whose protected form has at most `limit` bytes. @throws GssError */
  wrapLimit(limit: number, confidential: boolean): number {
    const minor: Out<number> = [0];
    const most: Out<number> = [0];
    const major = nativeGssapi().wrapSizeLimit(minor, this.#live(), confidential ? 1 : 0, 0, limit, most);
    check(major, minor);
    return most[0];
  }

  /** The credential that the client has passed on; the caller's to release. */
  takeDelegated(): Pointer {
    const taken = this.#delegated;
    this.#delegated = null;
    return taken;
  }

  get hasDelegated(): boolean {
    return this.#delegated !== null;
  }

  /** Gives all back to the library, at once or when the step has ended that is under way. */
  release(): void {
    this.#released = true;
    if (!this.#stepping) this.#free();
  }

  #free(): void {
    const native = nativeGssapi();
    if (this.#handle !== null) native.deleteSecContext([0], [this.#handle], null);
    if (this.#delegated !== null) native.releaseCred([0], [this.#delegated]);
    this.#handle = null;
    this.#delegated = null;
  }

  #live(): Pointer {
    if (this.#handle === null) throw new GssError("the login is over", "other");
    return this.#handle;
  }
}

/** A name as Kerberos prints it. @throws GssError: no principal, such as an anonymous one */
function nameOf(name: Pointer): string {
  const native = nativeGssapi();
  const minor: Out<number> = [0];
  const out: Out<NativeBuffer | null> = [null];
  const type: Out<Pointer> = [null];
  const major = native.displayName(minor, name, out, type);
  const bytes = takeBytes(native, out);
  const text = bytes.toString("utf8");
  if (isError(major)) check(major, minor);
  if (!native.oidAt(type[0]).equals(PRINCIPAL_NAME.elements))
    throw new GssError("the client is no principal", "other");
  if (!Buffer.from(text).equals(bytes)) throw new GssError("the client's name is not UTF-8", "other");
  return text;
}
