import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { decodeText } from "../../domain/words/decode-text.ts";
import { systemText } from "../../messages/errno.ts";
import { clouderaConnectFailure, NO_CERTIFICATE } from "../../messages/failures/cloudera/connect.ts";
import { certificatesIn, isCertificate, SYSTEM_BUNDLES } from "../../system/authorities.ts";
import { readInput } from "../../system/files/read-input.ts";

export interface TrustSources {
  /** The administrator's own file (`--cm-ca-file`): then nothing else is trusted. */
  readonly caFile?: string;
  /** `verify_cert_file` of the Cloudera Manager agent. */
  readonly agentFile?: string;
  readonly bundles?: readonly string[];
}

/**
 * The authorities that may sign Cloudera Manager's certificate: the given file alone, or else the agent's file, the
 * first system bundle there is, and Node's own list.
 * @throws Failure `settings`, code `bad-ca-file`, for the administrator's file
 */
export async function trustContext(sources: TrustSources): Promise<SecureContext> {
  if (sources.caFile !== undefined) {
    try {
      const ca = certificatesIn(await readPem(sources.caFile));
      if (ca.length === 0) throw badCaFile(sources.caFile, NO_CERTIFICATE);
      return createSecureContext({ ca });
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code === "bad-ca-file") throw thrown;
      throw badCaFile(sources.caFile, systemText(thrown));
    }
  }
  const ca: string[] = [...rootCertificates];
  const optional = [sources.agentFile, await firstReadable(sources.bundles ?? SYSTEM_BUNDLES)];
  for (const path of optional) {
    if (path === undefined) continue;
    const pem = await readPem(path).catch(() => "");
    ca.push(...certificatesIn(pem));
  }
  try {
    return createSecureContext({ ca });
  } catch {
    return createSecureContext({ ca: ca.filter(isCertificate) });
  }
}

function badCaFile(path: string, reason: Text): Failure {
  return clouderaConnectFailure("bad-ca-file", { path, reason });
}

async function firstReadable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const readable = await readPem(path).then(
      () => true,
      () => false,
    );
    if (readable) return path;
  }
  return undefined;
}

/** @throws Failure for anything but a regular file; Node's system errors */
async function readPem(path: string): Promise<string> {
  const what = { en: "the authority's certificate", ja: "認証局の証明書" };
  const { bytes } = await readInput(path, { what });
  // The words around certificates may be in any encoding; UTF-16 is none that OpenSSL reads.
  const decoded = decodeText(bytes);
  return "text" in decoded ? decoded.text : bytes.toString("latin1").replaceAll("\0", "?");
}
