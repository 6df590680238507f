import { lookup } from "node:dns/promises";
import { request } from "node:http";
import { connect, isIPv6 } from "node:net";
import { type Endpoint, formatEndpoint, isWildcard } from "../../domain/endpoint.ts";
import { errnoOf } from "../../domain/failure.ts";
import { type BothWays, bothWays, type FullName, fullName } from "../../system/network/full-name.ts";
import { type PortHolder, portHolders } from "../../system/network/port-holders.ts";
import { type ListenFault, listenFault } from "../../system/network/ports.ts";

/** This host's network, and the hosts that it reaches. */
export interface Network {
  /** True if somebody accepts TCP connections at an address. A wildcard is tried on loopback. */
  accepts(endpoint: Endpoint): Promise<boolean>;
  /** The addresses of a host name; none if it does not resolve. */
  addressesOf(name: string): Promise<readonly string[]>;
  /** True if a page of another host's web server answers 200. */
  hasPage(server: Endpoint, path: string): Promise<boolean>;
  /** True if somebody listens on a UNIX socket, also one that this user may not use. */
  socketAnswers(path: string): Promise<boolean>;
  /** Why a program of this user could not listen at an address now; undefined: it could. */
  listenFault(endpoint: Endpoint): Promise<ListenFault | undefined>;
  /** The processes that listen on a TCP port of this host, as far as this user may see them. */
  portHolders(port: number): readonly PortHolder[];
  /** This host as tickets and certificates name it, with its address. */
  fullName(hostName: string): Promise<FullName>;
  /** Where a name leads, and what that address is called. */
  bothWays(host: string): Promise<BothWays>;
}

export const realNetwork: Network = {
  accepts,
  addressesOf,
  hasPage,
  socketAnswers,
  listenFault,
  portHolders,
  fullName,
  bothWays,
};

/** Milliseconds for a connection, or for a page. */
const TIMEOUT = 2000;

function accepts(endpoint: Endpoint): Promise<boolean> {
  const loopback = isIPv6(endpoint.host) ? "::1" : "127.0.0.1";
  const host = isWildcard(endpoint.host) ? loopback : endpoint.host;
  return new Promise((resolve) => {
    const socket = connect({ host, port: endpoint.port });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(TIMEOUT, () => finish(false));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}

async function addressesOf(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function hasPage({ host, port }: Endpoint, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = request({ host, port, path, timeout: TIMEOUT, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    attempt.on("timeout", () => attempt.destroy(new Error(`${formatEndpoint({ host, port })} is silent`)));
    attempt.on("error", () => resolve(false));
    attempt.end();
  });
}

function socketAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error) => resolve(["EACCES", "EPERM"].includes(errnoOf(error) ?? "")));
  });
}
