/** What anyone would write in Node first: two pipes, backends in turn. */
import { connect, createServer } from "node:net";

const [port, ...backends] = process.argv.slice(2).map(Number);
let turn = 0;
createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  turn = (turn + 1) % backends.length;
  const server = connect({
    port: backends[turn] ?? 0,
    host: "127.0.0.1",
    allowHalfOpen: true,
    noDelay: true,
  });
  client.on("error", () => server.destroy());
  server.on("error", () => client.destroy());
  client.pipe(server);
  server.pipe(client);
}).listen({ port, host: "127.0.0.1", backlog: 4096 });
