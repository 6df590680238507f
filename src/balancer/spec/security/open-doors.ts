import type { Warning } from "../../../domain/warning.ts";
import { tlsWarning } from "../../../messages/warnings/tls.ts";
import type { ListenerSpec } from "../spec.ts";

/** What TLS would protect and a specification has left open, each with a warning that is told at every start. */
export function openDoors({ name, tls, backendTls }: ListenerSpec): Warning[] {
  const doors: Warning[] = [];
  if (backendTls?.verify === false) doors.push(tlsWarning("tls-unverified", { listener: name }));
  if (tls !== undefined && backendTls === undefined) {
    doors.push(tlsWarning("tls-clear-text", { listener: name }));
  }
  return doors;
}
