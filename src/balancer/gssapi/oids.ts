import type { NativeOid } from "./native.ts";

function oid(hex: string): NativeOid {
  const elements = Buffer.from(hex, "hex");
  return { length: elements.length, elements };
}

/** Kerberos 5 (RFC 4121, 1). */
export const KRB5_OID = oid("2a864886f712010202");
/** `SERVICE@HOST` (RFC 2744, appendix A). */
export const HOST_BASED_SERVICE = oid("2a864886f71201020104");
/** A principal with its realm (RFC 1964, 2.1.1). */
export const PRINCIPAL_NAME = oid("2a864886f71201020201");
