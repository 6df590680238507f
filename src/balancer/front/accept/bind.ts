import { parseEndpoint } from "../../../domain/endpoint.ts";
import type { Failure } from "../../../domain/failure.ts";
import type { Text } from "../../../domain/text.ts";
import { type ListeningCode, listeningFailure } from "../../../messages/failures/listening.ts";
import { type ListenFault, listenFaultOf } from "../../../system/network/ports.ts";

/** Codes of a start that failed; the check of a specification before it has two of its own. */
const CODES: Readonly<Record<ListenFault["code"], ListeningCode>> = {
  "in-use": "address-in-use",
  "not-local": "address-not-local",
  denied: "address-denied",
  "no-ipv6": "cannot-listen",
  "unknown-host": "address-unknown",
  other: "cannot-listen",
};

/**
 * Why a listening socket cannot be opened, with the remedy.
 * @param who wants to listen
 * @param bind `ADDRESS:PORT`
 */
export function listenFailure(error: Error, who: Text, bind: string): Failure {
  const fault = listenFaultOf(parseEndpoint(bind), error);
  return listeningFailure(CODES[fault.code], { who, reason: fault.text, remedy: fault.hintText });
}
