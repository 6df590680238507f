import { isIP } from "node:net";
import { hostname } from "node:os";
import { parseEndpoint } from "../../../domain/endpoint.ts";

/**
 * A page of another site could make a browser ask us under that site's name (DNS rebinding) and read the answer: only
 * addresses, `localhost` and this host's own names are answered.
 */
export function isOwnName(header: string | undefined, ownHost: string): boolean {
  if (header === undefined) return false;
  let host: string;
  try {
    host = parseEndpoint(header, 80).host.toLowerCase();
  } catch {
    return false;
  }
  if (isIP(host) !== 0 || host === "localhost") return true;
  return host === ownHost.toLowerCase() || host === hostname().toLowerCase();
}
