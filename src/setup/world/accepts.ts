import { connect, isIPv6 } from "node:net";
import { type Endpoint, isWildcard } from "../../domain/endpoint.ts";

const CONNECT_MILLISECONDS = 2000;

/** True if somebody accepts TCP connections at an address. A wildcard is tried on loopback. */
export function accepts(endpoint: Endpoint): Promise<boolean> {
  const loopback = isIPv6(endpoint.host) ? "::1" : "127.0.0.1";
  const host = isWildcard(endpoint.host) ? loopback : endpoint.host;
  return new Promise((resolve) => {
    const socket = connect({ host, port: endpoint.port });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(CONNECT_MILLISECONDS, () => finish(false));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
