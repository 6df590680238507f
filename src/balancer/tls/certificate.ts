import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { balancerTlsFailure, TLS_FILES } from "../../messages/failures/balancer/tls.ts";
import { tlsWarning } from "../../messages/warnings/tls.ts";
import { certificatesIn } from "../../system/authorities.ts";
import type { CertificateFacts } from "../stats/stats.ts";
import { EXPIRY_WARNING } from "./expiry.ts";

/** What is wrong, or will be, with a certificate that can be served. */
export interface Judgement {
  /** Clients that verify will refuse it. */
  readonly faults: readonly Failure[];
  readonly warnings: readonly Warning[];
}

const DAY = 86_400_000;
/** Bits (NIST SP 800-57: nothing less since 2014). */
const SHORTEST_RSA = 2048;
const SHORTEST_CURVE = 224;
/** serverAuth and anyExtendedKeyUsage (RFC 5280, 4.2.1.12). */
const FOR_SERVERS = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

/** The first certificate of a PEM file, which is the host's own. @throws Failure `tls-no-certificate` */
export function leafOf(listener: string, path: string, pem: string): X509Certificate {
  const [first] = certificatesIn(pem);
  try {
    if (first !== undefined) return new X509Certificate(first);
  } catch {
    // Damaged: as good as none.
  }
  throw balancerTlsFailure("tls-no-certificate", { listener, what: TLS_FILES.certificate, path });
}

/**
 * The private key of a PEM file.
 * @throws Failure `tls-key-encrypted`, `tls-key-password`, `tls-bad-key`; none holds a word of key or password
 */
export function keyOf(
  listener: string,
  key: { readonly path: string; readonly pem: string },
  password: { readonly path: string; readonly text: string } | undefined,
): KeyObject {
  const { path, pem } = key;
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (encrypted && password === undefined) throw balancerTlsFailure("tls-key-encrypted", { listener, path });
  try {
    return createPrivateKey({ key: pem, ...(encrypted ? { passphrase: password?.text ?? "" } : {}) });
  } catch {
    if (encrypted && password !== undefined) {
      throw balancerTlsFailure("tls-key-password", { listener, path, passwordFile: password.path });
    }
    throw balancerTlsFailure("tls-bad-key", { listener, path });
  }
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: inOneLine(certificate.subject),
    issuer: inOneLine(certificate.issuer),
    names: namesIn(certificate.subjectAltName),
    notBefore: timeOf(certificate.validFrom),
    notAfter: timeOf(certificate.validTo),
  };
}

/** What clients that verify will say. @param now time of day, milliseconds */
export function judge(
  certificate: X509Certificate,
  { listener, path, now }: { readonly listener: string; readonly path: string; readonly now: number },
): Judgement {
  const faults: Failure[] = [];
  const warnings: Warning[] = [];
  const from = Date.parse(certificate.validFrom);
  const until = Date.parse(certificate.validTo);
  const weak = weakness(certificate.publicKey);
  if (weak !== undefined) faults.push(balancerTlsFailure("tls-weak-key", { listener, path, key: weak }));
  if (certificate.ca)
    faults.push(balancerTlsFailure("tls-wrong-purpose", { listener, path, authority: true }));
  // Node's name for the extended key usage; without that extension a certificate is for everything.
  const usage = certificate.keyUsage as readonly string[] | undefined;
  if (usage !== undefined && usage.length > 0 && !usage.some((each) => FOR_SERVERS.includes(each))) {
    faults.push(balancerTlsFailure("tls-wrong-purpose", { listener, path, authority: false }));
  }
  if (until < now) faults.push(balancerTlsFailure("tls-expired", { listener, path, date: dateOf(until) }));
  else if (from > now) {
    faults.push(balancerTlsFailure("tls-not-yet-valid", { listener, path, date: dateOf(from) }));
  } else if (until - now < EXPIRY_WARNING * DAY) {
    const days = Math.floor((until - now) / DAY);
    warnings.push(tlsWarning("tls-expires-soon", { listener, path, date: dateOf(until), days }));
  }
  if (!certificate.ca && certificate.subject === certificate.issuer) {
    warnings.push(tlsWarning("tls-self-signed", { listener, path }));
  }
  return { faults, warnings };
}

/** In words, if it is one. */
function weakness(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "rsa":
    case "rsa-pss":
      return modulusLength < SHORTEST_RSA ? `RSA ${modulusLength} bits` : undefined;
    case "ec": {
      const bits = Number(/(\d{3})/.exec(namedCurve ?? "")?.[1] ?? SHORTEST_CURVE);
      return bits < SHORTEST_CURVE ? `EC ${namedCurve}` : undefined;
    }
    case "ed25519":
    case "ed448":
      return undefined;
    default:
      return String(key.asymmetricKeyType).toUpperCase();
  }
}

/** `DNS:a.example.com, IP Address:192.0.2.1` as a list; other kinds of names are left out. */
function namesIn(alternative: string | undefined): string[] {
  return (alternative ?? "").split(", ").flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? []);
}

function inOneLine(name: string): string {
  return name.split("\n").join(", ");
}

function timeOf(text: string): string {
  return new Date(text).toISOString();
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
