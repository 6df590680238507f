import { isIP } from "node:net";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { errnoOf, Failure } from "../../domain/failure.ts";
import { systemText } from "../../messages/errno.ts";
import { balancerKerberosFailure, KEYTAB_FAULTS } from "../../messages/failures/balancer/kerberos.ts";
import { readInput } from "../../system/files/read-input.ts";
import type { KerberosSpec, ListenerSpec } from "../spec/spec.ts";
import type { Addressee } from "../wire/kerberos/ap-req.ts";
import { type KeytabEntry, readKeytab } from "../wire/kerberos/keytab.ts";
import type { SecurityContext } from "./context.ts";
import { acquireAcceptor, type HeldCredential, type Initiator } from "./credentials.ts";
import { DelegatedInitiator, OwnInitiator } from "./initiators.ts";
import { nativeGssapi } from "./native.ts";
import { GssError } from "./status.ts";

const KEYTAB = { en: "the keytab", ja: "keytab" };
/** A keytab of a thousand keys is smaller. */
const MOST_BYTES = 1024 * 1024;
/** Milliseconds before a keytab is read again because it has not what is asked for. */
const READ_AGAIN = 1000;

/** As whom a client's calls are made: as the listener's own principal, or with what he has delegated. */
export interface Served {
  readonly initiator: Initiator;
  /** The client is gone. */
  close(): void;
}

export interface KerberosOptions {
  /** Milliseconds on a clock that never jumps. */
  readonly clock: () => number;
  /** Told what the administrator should know: one line. */
  readonly warn: (line: string) => void;
}

/** What a listener has of Kerberos: its names, its keys, and who is served as whom. */
export class Kerberos {
  readonly spec: KerberosSpec;
  readonly acceptor: HeldCredential;
  readonly own: OwnInitiator;
  readonly #listener: string;
  readonly #options: KerberosOptions;
  #keys: readonly KeytabEntry[];
  #readAt: number;

  private constructor(
    listener: ListenerSpec,
    spec: KerberosSpec,
    keys: readonly KeytabEntry[],
    acceptor: HeldCredential,
    options: KerberosOptions,
  ) {
    this.spec = spec;
    this.acceptor = acceptor;
    this.own = new OwnInitiator({
      ...spec,
      clock: options.clock,
      onFault: (error) =>
        options.warn(`${listener.name}: the ticket of ${spec.principal} is not renewed: ${error.line}`),
    });
    this.#listener = listener.name;
    this.#options = options;
    this.#keys = keys;
    this.#readAt = options.clock();
  }

  /**
   * What a listener needs to speak Kerberos; no KDC is asked yet.
   * @throws Failure `settings` or `auth`: koffi, the library, the keytab or the principal is not there
   */
  static async of(listener: ListenerSpec, spec: KerberosSpec, options: KerberosOptions): Promise<Kerberos> {
    const keys = await readKeys(listener.name, spec);
    nativeGssapi();
    return new Kerberos(listener, spec, keys, await acquireAcceptor(spec.keytab), options);
  }

  /**
   * For whom a login is, by what its ticket says in the clear: `own` if the keytab has that name with that key.
   * A keytab without is read again, for it may have been replaced.
   */
  async judge({ name, keyVersion }: Addressee): Promise<"own" | "old-key" | "foreign"> {
    const judgeNow = (): "own" | "old-key" | "foreign" => {
      const keys = this.#keys.filter((each) => each.name === name);
      if (keys.length === 0) return "foreign";
      // A keytab of old software keeps one byte of the version; 0 may mean that nobody has told it.
      const known = keys.some(
        (key) => key.keyVersion % 256 === (keyVersion ?? 0) % 256 || key.keyVersion === 0,
      );
      return keyVersion === undefined || known ? "own" : "old-key";
    };
    const verdict = judgeNow();
    const now = this.#options.clock();
    if (verdict === "own" || now - this.#readAt < READ_AGAIN) return verdict;
    this.#readAt = now;
    try {
      this.#keys = await readKeys(this.#listener, this.spec);
    } catch (error) {
      this.#options.warn(error instanceof Failure ? error.message : String(error));
    }
    return judgeNow();
  }

  /** The keytab has this name for another realm: told apart from one that it does not have at all. */
  hasElsewhere({ service }: Addressee): boolean {
    return this.#keys.some((each) => each.name.startsWith(`${service}@`));
  }

  /**
   * As whom a client is served who has proved to be `name`: nobody but the principal itself and those that are listed
   * gets its identity, everybody else only the credentials that he has delegated; undefined: he has none.
   */
  serve(name: string, context: SecurityContext): Served | undefined {
    const { principal, clients, service } = this.spec;
    if (name === principal || clients.includes(name)) return { initiator: this.own, close: () => undefined };
    if (!context.hasDelegated) return undefined;
    const initiator = new DelegatedInitiator(context.takeDelegated(), service, this.#options.clock);
    return { initiator, close: () => initiator.close() };
  }

  /** Gives its memory back; logins under way end as they began. */
  close(): void {
    this.acceptor.retire();
    this.own.close();
  }
}

/** @throws Failure: missing, unreadable, not a keytab, or without the principal */
async function readKeys(listener: string, spec: KerberosSpec): Promise<readonly KeytabEntry[]> {
  const { keytab: path, principal } = spec;
  const keys = await keysOf(listener, path);
  if (!keys.some((each) => each.name === principal)) {
    const names = [...new Set(keys.map((each) => each.name))];
    throw balancerKerberosFailure("keytab-principal", { listener, path, principal, names });
  }
  return keys;
}

async function keysOf(listener: string, path: string): Promise<readonly KeytabEntry[]> {
  const { bytes } = await readInput(path, { what: KEYTAB, most: MOST_BYTES }).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    if (errnoOf(error) === "ENOENT") throw balancerKerberosFailure("keytab-missing", { listener, path });
    throw balancerKerberosFailure("keytab-unreadable", { listener, path, reason: systemText(error) });
  });
  const keys = readKeytab(bytes);
  // The library reads its keys by itself: nothing of them stays here.
  bytes.fill(0);
  if (typeof keys === "string") {
    throw balancerKerberosFailure("keytab-bad", { listener, path, reason: KEYTAB_FAULTS[keys] });
  }
  return keys;
}

/** Milliseconds that a check waits for a KDC. */
const CHECK_TIME = 5000;

export interface KerberosFindings {
  readonly faults: readonly Failure[];
  /** No ticket, and that may change by itself. */
  readonly later: { readonly principal: string; readonly error: GssError } | undefined;
}

/** Checks what a listener needs for Kerberos: the parts, the keytab, names of backends, and a ticket of the KDC. */
export async function checkKerberos(listener: ListenerSpec, spec: KerberosSpec): Promise<KerberosFindings> {
  const faults: Failure[] = addresses(listener);
  const clock = (): number => performance.now();
  let kerberos: Kerberos;
  try {
    kerberos = await Kerberos.of(listener, spec, { clock, warn: () => undefined });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { faults: [...faults, error], later: undefined };
  }
  try {
    await kerberos.own.credential(CHECK_TIME);
    return { faults, later: undefined };
  } catch (error) {
    if (!(error instanceof GssError)) throw error;
    const { principal } = spec;
    if (error.fault === "no-kdc" || error.fault === "no-answer")
      return { faults, later: { principal, error } };
    const values = { listener: listener.name, principal, ...error.told, detail: error.message };
    return { faults: [...faults, balancerKerberosFailure("kerberos-ticket", values)], later: undefined };
  } finally {
    kerberos.close();
  }
}

function addresses({ name, backends }: ListenerSpec): Failure[] {
  return backends
    .map((each) => ({ backend: each.name, address: parseEndpoint(each.address).host }))
    .filter(({ address }) => isIP(address) !== 0)
    .map((each) => balancerKerberosFailure("kerberos-address", { listener: name, ...each }));
}
