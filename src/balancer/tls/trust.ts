import { createHash } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { balancerTlsFailure, TLS_FILES } from "../../messages/failures/balancer/tls.ts";
import { certificatesIn, isCertificate, SYSTEM_BUNDLES } from "../../system/authorities.ts";
import type { BackendTlsSpec } from "../spec/spec.ts";
import { readTlsFile } from "./files.ts";
import { STRONG_CIPHERS } from "./identity.ts";

/** Whom a listener believes that it is an Impalad: the authorities, ready for use. */
export interface Trust {
  readonly context: SecureContext;
  readonly spec: BackendTlsSpec;
  /** Tells one set of authorities from another. */
  readonly fingerprint: string;
}

/** The files that {@link readTrust} reads. */
export function trustFiles({ caFile }: BackendTlsSpec): string[] {
  return caFile === undefined ? [] : [caFile];
}

/**
 * Reads the authorities of a listener's backends: its own file alone, or else the system's.
 * @throws Failure: unreadable, or no certificate in it
 */
export async function readTrust(listener: string, spec: BackendTlsSpec): Promise<Trust> {
  const ca =
    spec.caFile === undefined ? await systemAuthorities() : await ownAuthorities(listener, spec.caFile);
  return {
    context: createSecureContext({ ca, minVersion: "TLSv1.2", ciphers: STRONG_CIPHERS }),
    spec,
    fingerprint: createHash("sha256").update(ca.join("\n")).digest("hex"),
  };
}

async function ownAuthorities(listener: string, path: string): Promise<string[]> {
  const { bytes } = await readTlsFile(listener, TLS_FILES.authorities, path);
  const found = certificatesIn(bytes.toString("latin1")).filter(isCertificate);
  if (found.length === 0) {
    throw balancerTlsFailure("tls-no-certificate", { listener, what: TLS_FILES.authorities, path });
  }
  return found;
}

/** The distribution's bundle; Node's own list where there is none. */
async function systemAuthorities(): Promise<string[]> {
  for (const path of SYSTEM_BUNDLES) {
    try {
      const { bytes } = await readTlsFile("", TLS_FILES.authorities, path);
      const found = certificatesIn(bytes.toString("latin1")).filter(isCertificate);
      if (found.length > 0) return found;
    } catch {
      // The next distribution's place.
    }
  }
  return [...rootCertificates];
}
