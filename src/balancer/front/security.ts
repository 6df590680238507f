import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { TLS_WORDS } from "../../messages/tls.ts";
import { openDoors } from "../spec/security/open-doors.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { BackendTlsStats, ListenerTlsStats } from "../stats/stats.ts";
import type { TlsAcceptor } from "../tls/acceptor.ts";
import type { TlsDialer } from "../tls/dialer.ts";
import { EXPIRY_WARNING } from "../tls/expiry.ts";
import type { Identity } from "../tls/identity.ts";
import type { Trust } from "../tls/trust.ts";
import { FileWatch } from "../tls/watch.ts";
import type { Shared } from "./shared.ts";

/** What a specification needs to speak TLS, read and ready. */
export interface Material {
  readonly identity: Identity | undefined;
  readonly trust: Trust | undefined;
}

const DAY = 86_400_000;
/** Milliseconds between two looks whether certificates have been replaced. */
export const CERTIFICATE_POLL = 10_000;

/**
 * Reads certificates, keys and authorities of a listener. The rooms of TLS are loaded where a specification asks for
 * them.
 * @throws Failure: one of them cannot be used
 */
export async function readMaterial(spec: ListenerSpec): Promise<Material> {
  if (spec.tls === undefined && spec.backendTls === undefined)
    return { identity: undefined, trust: undefined };
  const { readIdentity, readTrust } = await import("../tls/tls.ts");
  return {
    identity: spec.tls === undefined ? undefined : await readIdentity(spec.name, spec.tls, Date.now()),
    trust: spec.backendTls === undefined ? undefined : await readTrust(spec.name, spec.backendTls),
  };
}

/** TLS of one listener, on both sides: what it uses, and that it is renewed when its files change. */
export class Security {
  acceptor: TlsAcceptor | undefined;
  dialer: TlsDialer | undefined;
  readonly #shared: Shared;
  #spec: ListenerSpec;
  #watch: FileWatch | undefined;

  constructor(spec: ListenerSpec, shared: Shared) {
    this.#spec = spec;
    this.#shared = shared;
  }

  /** Uses this from now on; connections stay as they are. */
  async use(spec: ListenerSpec, { identity, trust }: Material): Promise<void> {
    this.#spec = spec;
    this.#watch?.stop();
    this.#watch = undefined;
    if (identity === undefined && trust === undefined) {
      this.acceptor = undefined;
      this.dialer = undefined;
      return;
    }
    const { identityFiles, TlsAcceptor, TlsDialer, trustFiles } = await import("../tls/tls.ts");
    if (identity === undefined) this.acceptor = undefined;
    else if (this.acceptor === undefined) this.acceptor = new TlsAcceptor(identity);
    else this.acceptor.use(identity);
    if (trust === undefined) this.dialer = undefined;
    else if (this.dialer === undefined) this.dialer = new TlsDialer(trust);
    else this.dialer.use(trust);
    this.#tell({ identity, trust });
    const files = [
      ...(spec.tls === undefined ? [] : identityFiles(spec.tls)),
      ...(spec.backendTls === undefined ? [] : trustFiles(spec.backendTls)),
    ];
    this.#watch = new FileWatch(files, this.#shared.certificatePoll, () => this.#renew());
  }

  /** Files have changed: a certificate that is no good leaves the old one in use. */
  async #renew(): Promise<void> {
    const { name } = this.#spec;
    const { log } = this.#shared;
    try {
      const material = await readMaterial(this.#spec);
      const { identity, trust } = material;
      const [fault] = identity?.judgement.faults ?? [];
      if (fault !== undefined) throw fault;
      if (identity !== undefined) this.acceptor?.use(identity);
      if (trust !== undefined) this.dialer?.use(trust);
      log.info("tls-renewed", `${name}: certificates have been read again, as their files have changed`);
      this.#tell(material);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error("tls-not-renewed", `the certificate in use stays: ${reason}`, { listener: name });
    }
  }

  /** What the log should know at each start, reload and renewal. */
  #tell({ identity }: Material): void {
    const { log } = this.#shared;
    const { faults = [], warnings = [] } = identity?.judgement ?? {};
    for (const { code, message } of faults) log.error(code, message);
    for (const { code, message } of [...warnings, ...openDoors(this.#spec)]) log.warning(code, message);
  }

  /** For the status page: what will fail soon, and what is not protected. */
  get notes(): Text[] {
    return [...this.#expiry(), ...openDoors(this.#spec).map(asNote)];
  }

  #expiry(): Text[] {
    if (this.acceptor === undefined) return [];
    const left = Date.parse(this.acceptor.certificate.notAfter) - Date.now();
    const date = this.acceptor.certificate.notAfter.slice(0, 10);
    if (left < 0) return [TLS_WORDS.expired(date)];
    if (left > EXPIRY_WARNING * DAY) return [];
    return [TLS_WORDS.expires(date, Math.floor(left / DAY))];
  }

  /** True if what came over TLS goes on to backends that have proven who they are. */
  get provesBackends(): boolean {
    return this.dialer?.verifies === true;
  }

  get listenerStats(): ListenerTlsStats | undefined {
    if (this.acceptor === undefined) return undefined;
    const { certificate, handshakes, resumed, failures } = this.acceptor;
    return { certificate, handshakes, resumed, failures };
  }

  get backendStats(): BackendTlsStats | undefined {
    if (this.dialer === undefined) return undefined;
    const { verifies, handshakes, resumed } = this.dialer;
    return { verified: verifies, handshakes, resumed };
  }

  stop(): void {
    this.#watch?.stop();
  }
}

function asNote({ message, text }: Warning): Text {
  return { en: sentence(message), ja: sentence(text?.ja ?? message) };
}

/** `listener "impala": the …` → `The …`: on the status page it stands below its listener. */
function sentence(message: string): string {
  const text = message.replace(/^(?:listener|リスナー) "[^"]*": /, "");
  const end = /[.。]$|[ぁ-ん]$/.test(text) ? "" : ".";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
