import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import type { Endpoint } from "../../domain/endpoint.ts";
import { formatEndpoint } from "../../domain/endpoint.ts";
import { errnoOf } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { systemText } from "../../messages/errno.ts";
import { LISTEN_FAULTS } from "../../messages/listening.ts";
import { portHolders } from "./port-holders.ts";

/** Why this host cannot listen on an address, and what to do about it. */
export interface ListenFault {
  /**
   * `in-use`; `not-local`: the address is not of this host; `denied`: a port below 1024 without the right to it;
   * `no-ipv6`: the kernel has it switched off; `unknown-host`: the name has no address; `other`.
   */
  readonly code: "in-use" | "not-local" | "denied" | "no-ipv6" | "unknown-host" | "other";
  /** In English, for logs and JSON. */
  readonly message: string;
  readonly hint?: string;
  /** For people. */
  readonly text: Text;
  readonly hintText?: Text;
}

/** Tries to listen and lets go at once: undefined when a program of this user could listen there now. */
export async function listenFault(endpoint: Endpoint): Promise<ListenFault | undefined> {
  const error = await tryListen(endpoint);
  return error === undefined ? undefined : listenFaultOf(endpoint, error);
}

function tryListen({ host, port }: Endpoint): Promise<unknown> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** What an error of `listen()` at this address means. */
export function listenFaultOf(endpoint: Endpoint, error: unknown): ListenFault {
  const address = formatEndpoint(endpoint);
  const { host, port } = endpoint;
  switch (errnoOf(error)) {
    case "EADDRINUSE":
      return fault("in-use", LISTEN_FAULTS.inUse(address, portHolders(port)), LISTEN_FAULTS.inUseHint(port));
    case "EADDRNOTAVAIL":
      return fault("not-local", LISTEN_FAULTS.notLocal(host), LISTEN_FAULTS.notLocalHint(localAddresses()));
    case "EACCES":
    case "EPERM":
      return fault("denied", LISTEN_FAULTS.denied(port), LISTEN_FAULTS.deniedHint);
    case "EAFNOSUPPORT":
      return fault("no-ipv6", LISTEN_FAULTS.noIpv6(address), LISTEN_FAULTS.noIpv6Hint);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return fault("unknown-host", LISTEN_FAULTS.unknownHost(host), LISTEN_FAULTS.unknownHostHint);
    default:
      return fault("other", LISTEN_FAULTS.other(address, systemText(error)));
  }
}

function fault(code: ListenFault["code"], text: Text, hintText?: Text): ListenFault {
  return { code, message: text.en, text, ...(hintText === undefined ? {} : { hint: hintText.en, hintText }) };
}

/** The addresses of this host's network interfaces, without link-local ones, which mean nothing without a zone. */
export function localAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => (list ?? []).map(({ address }) => address))
    .filter((address) => !address.startsWith("fe80:"));
}
