import { X509Certificate } from "node:crypto";

/** Where distributions keep their bundle of authorities: RHEL, Debian, SUSE, and OpenSSL's own default. */
export const SYSTEM_BUNDLES: readonly string[] = [
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** The certificates of a PEM file without the explanations around them (RHEL's bundles are full of those). */
export function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** One damaged certificate in a bundle must not make all others useless. */
export function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
