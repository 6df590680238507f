import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import type { Endpoint } from "../../domain/endpoint.ts";
import { formatEndpoint } from "../../domain/endpoint.ts";
import { errnoOf, messageOf } from "../../domain/failure.ts";
import { portHolders } from "./port-holders.ts";

/** Why this host cannot listen on an address, and what to do about it. */
export interface ListenFault {
  /**
   * `in-use`; `not-local`: the address is not of this host; `denied`: a port below 1024 without the right to it;
   * `no-ipv6`: the kernel has it switched off; `unknown-host`: the name has no address; `other`.
   */
  readonly code: "in-use" | "not-local" | "denied" | "no-ipv6" | "unknown-host" | "other";
  readonly message: string;
  readonly hint?: string;
}

/** Tries to listen and lets go at once: undefined when a program of this user could listen there now. */
export async function listenFault(endpoint: Endpoint): Promise<ListenFault | undefined> {
  const error = await tryListen(endpoint);
  return error === undefined ? undefined : explain(endpoint, error);
}

function tryListen({ host, port }: Endpoint): Promise<unknown> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function explain(endpoint: Endpoint, error: unknown): ListenFault {
  const address = formatEndpoint(endpoint);
  switch (errnoOf(error)) {
    case "EADDRINUSE": {
      const holders = portHolders(endpoint.port);
      const by =
        holders.length > 0
          ? ` by ${holders.map(({ pid, name }) => `${name} (process ${pid})`).join(", ")}`
          : "";
      return {
        code: "in-use",
        message: `${address} is in use${by}`,
        hint: `choose another port, or find its owner with: ss -ltnp 'sport = :${endpoint.port}'`,
      };
    }
    case "EADDRNOTAVAIL":
      return {
        code: "not-local",
        message: `${endpoint.host} is not an address of this host`,
        hint: `this host has ${localAddresses().join(", ")}; for an address that keepalived will bring, set net.ipv4.ip_nonlocal_bind=1`,
      };
    case "EACCES":
    case "EPERM":
      return {
        code: "denied",
        message: `this user may not listen on port ${endpoint.port}`,
        hint: "choose a port from 1024 on, or give the service CAP_NET_BIND_SERVICE",
      };
    case "EAFNOSUPPORT":
      return {
        code: "no-ipv6",
        message: `${address}: IPv6 is switched off on this host`,
        hint: "use an IPv4 address",
      };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        code: "unknown-host",
        message: `${endpoint.host} has no address`,
        hint: "use an address of this host, or 0.0.0.0 for all of them",
      };
    default:
      return { code: "other", message: `cannot listen on ${address}: ${messageOf(error)}` };
  }
}

/** The addresses of this host's network interfaces, without link-local ones, which mean nothing without a zone. */
export function localAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => (list ?? []).map(({ address }) => address))
    .filter((address) => !address.startsWith("fe80:"));
}
