/** npm's node-tcp-proxy, as its README starts it. */
import { createRequire } from "node:module";

interface NodeTcpProxy {
  createProxy(
    port: number,
    hosts: string[],
    ports: number[],
    options: { hostname: string; quiet: boolean },
  ): unknown;
}
const proxy = createRequire(import.meta.url)("node-tcp-proxy") as NodeTcpProxy;
const [port, ...backends] = process.argv.slice(2).map(Number);
proxy.createProxy(
  port ?? 0,
  backends.map(() => "127.0.0.1"),
  backends,
  { hostname: "127.0.0.1", quiet: true },
);
