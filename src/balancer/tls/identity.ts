import { constants } from "node:crypto";
import { createSecureContext, DEFAULT_CIPHERS, type SecureContext } from "node:tls";
import type { Warning } from "../../domain/warning.ts";
import { balancerTlsFailure, TLS_FILES } from "../../messages/failures/balancer/tls.ts";
import { tlsWarning } from "../../messages/warnings/tls.ts";
import type { TlsSpec } from "../spec/spec.ts";
import type { CertificateFacts } from "../stats/stats.ts";
import { factsOf, type Judgement, judge, keyOf, leafOf } from "./certificate.ts";
import { passwordIn, readTlsFile } from "./files.ts";
import { opensslReason } from "./reason.ts";

/** Keys of 112 bits of strength and better, no SHA-1 in certificates (SSL_CTX_set_security_level(3)). */
export const STRONG_CIPHERS = `${DEFAULT_CIPHERS}:@SECLEVEL=2`;

/** What a listener shows its clients: certificate and key, ready for use. */
export interface Identity {
  readonly context: SecureContext;
  readonly certificate: CertificateFacts;
  readonly judgement: Judgement;
}

/** Bits of a file's mode that let users read it who are neither owner nor in its group. */
const FOR_OTHERS = 0o004;

/** The files that {@link readIdentity} reads. */
export function identityFiles({ certificate, key, keyPasswordFile }: TlsSpec): string[] {
  return [certificate, key, ...(keyPasswordFile === undefined ? [] : [keyPasswordFile])];
}

/**
 * Reads certificate and key of a listener. A certificate that clients will refuse can be served all the same: what is
 * wrong with it is in the judgement.
 * @param now time of day, milliseconds
 * @throws Failure: unreadable, not PEM, encrypted without or with a wrong password, a key that does not fit or is too
 *   weak for OpenSSL
 */
export async function readIdentity(listener: string, spec: TlsSpec, now: number): Promise<Identity> {
  const [chain, key, password] = await Promise.all([
    readTlsFile(listener, TLS_FILES.certificate, spec.certificate),
    readTlsFile(listener, TLS_FILES.key, spec.key),
    spec.keyPasswordFile === undefined
      ? undefined
      : readTlsFile(listener, TLS_FILES.keyPassword, spec.keyPasswordFile),
  ]);
  const cert = chain.bytes.toString("latin1");
  const leaf = leafOf(listener, spec.certificate, cert);
  const secret = keyOf(
    listener,
    { path: spec.key, pem: key.bytes.toString("latin1") },
    password === undefined ? undefined : { path: spec.keyPasswordFile ?? "", text: passwordIn(password) },
  );
  if (!leaf.checkPrivateKey(secret)) {
    throw balancerTlsFailure("tls-key-mismatch", {
      listener,
      certificate: spec.certificate,
      key: spec.key,
    });
  }
  const judgement = judge(leaf, { listener, path: spec.certificate, now });
  const exposed: Warning[] =
    (key.mode & FOR_OTHERS) === 0 ? [] : [tlsWarning("tls-key-exposed", { listener, path: spec.key })];
  return {
    context: contextOf(listener, spec, cert, secret.export({ type: "pkcs8", format: "pem" })),
    certificate: factsOf(leaf),
    judgement: { ...judgement, warnings: [...judgement.warnings, ...exposed] },
  };
}

function contextOf(listener: string, spec: TlsSpec, cert: string, key: string | Buffer): SecureContext {
  try {
    return createSecureContext({
      cert,
      key,
      minVersion: spec.minVersion,
      ciphers: STRONG_CIPHERS,
      // A client that renegotiates could keep the processor busy; TLS 1.3 knows nothing of it.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    });
  } catch (error) {
    const reason = opensslReason(error);
    throw balancerTlsFailure("tls-refused", { listener, path: spec.certificate, reason });
  }
}
