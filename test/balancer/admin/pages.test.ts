import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { isOwnName } from "../../../src/balancer/admin/http/own-name.ts";
import { Client, who } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { killAll, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function get(port: number, path: string, options: { method?: string; host?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = options.host === undefined ? {} : { host: options.host };
    const asked = request(
      { port, host: "127.0.0.1", path, method: options.method ?? "GET", headers },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

async function running(balance = "leastconn") {
  const backend = await startBackend("a");
  const listener = { balance, backends: [{ name: "a", address: backend.address }] };
  const balancer = await startProgram(listener, { admin: { http: "127.0.0.1:0" } });
  const port = Number(/status page on http:\/\/127\.0\.0\.1:(\d+)/.exec(balancer.printed())?.[1]);
  return { backend, balancer, port };
}

/** One line of Prometheus' text format: `# …`, or a name, labels and a number. */
const LINE =
  /^(# (HELP|TYPE) [a-zA-Z_:][\w:]* .*|[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="(\\.|[^"\\])*",?)*\})? (NaN|[+-]?Inf|[-+0-9.e]+))$/;

test("/metrics is valid Prometheus text with the balancer's counters", async () => {
  const { balancer, port } = await running();
  for (let index = 0; index < 3; index++) await who(balancer.port);
  const turned = new Client(balancer.port).say("who\n");
  await eventually(async () => (await balancer.status()).listeners[0]?.total === 4);
  turned.close();
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 0);
  const { body, status } = await get(port, "/metrics");
  expect(status).toBe(200);
  for (const line of body.trim().split("\n")) if (line !== "") expect(line).toMatch(LINE);
  const value = (name: string): number =>
    Number(new RegExp(`^hue_impala_balancer_${name} (\\S+)$`, "m").exec(body)?.[1]);
  expect(value('connections_total\\{listener="impala"\\}')).toBe(4);
  expect(value('backend_up\\{listener="impala",backend="a"\\}')).toBe(1);
  expect(value('backend_connections_total\\{listener="impala",backend="a"\\}')).toBe(4);
  expect(value('backend_connect_seconds_count\\{listener="impala",backend="a"\\}')).toBe(4);
  expect(value('backend_state\\{listener="impala",backend="a",state="down"\\}')).toBe(0);
  expect(body).toMatch(/^hue_impala_balancer_nodejs_eventloop_lag_p99_seconds /m);
  const again = (await get(port, "/metrics")).body;
  expect(again).toContain('hue_impala_balancer_connections_total{listener="impala"} 4');
  await balancer.stop();
});

test("/metrics tells what session routing does, and what could not be routed", async () => {
  const { balancer, port } = await running("session");
  const client = new Client(balancer.port).say("GET / HTTP/1.1\r\n\r\n");
  await eventually(async () => (await balancer.status()).listeners[0]?.routing?.fallbacks["http"] === 1);
  const { body } = await get(port, "/metrics");
  client.close();
  for (const line of body.trim().split("\n")) if (line !== "") expect(line).toMatch(LINE);
  for (const name of ["calls", "handle_searches", "handle_searches_delayed", "gone_handle_calls"]) {
    expect(body).toContain(`hue_impala_balancer_${name}_total{listener="impala"} 0`);
  }
  expect(body).toContain('hue_impala_balancer_not_routed_total{listener="impala",transport="http"} 1');
  await balancer.stop();
});

test("/status.json is what the control socket tells; /healthz follows the backends", async () => {
  const { backend, balancer, port } = await running();
  const told = JSON.parse((await get(port, "/status.json")).body) as { listeners: { name: string }[] };
  expect(told.listeners.map(({ name }) => name)).toEqual(["impala"]);
  expect((await get(port, "/healthz")).status).toBe(200);
  await backend.kill();
  await eventually(async () => (await get(port, "/healthz")).status === 503, "503");
  await balancer.stop();
});

test("/healthz says no as soon as the balancer is told to stop, while its last connections end", async () => {
  const backend = await startBackend("a");
  const listener = { balance: "leastconn", backends: [{ name: "a", address: backend.address }] };
  const balancer = await startProgram(listener, { admin: { http: "127.0.0.1:0" }, deadline: 60 });
  const port = Number(/status page on http:\/\/127\.0\.0\.1:(\d+)/.exec(balancer.printed())?.[1]);
  const client = new Client(balancer.port).say("who\n");
  await client.line();
  expect((await get(port, "/healthz")).status).toBe(200);
  balancer.signal("SIGTERM");
  await eventually(async () => (await get(port, "/healthz")).status === 503, "503");
  expect(client.over).toBe(false);
  client.close();
  expect(await balancer.exited).toBe(0);
});

test("the page may load nothing from elsewhere, is read-only, and answers only to its own names", async () => {
  const { balancer, port } = await running();
  const page = await get(port, "/");
  expect(page.headers["content-security-policy"]).toMatch(
    /^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-/,
  );
  expect(page.headers["x-content-type-options"]).toBe("nosniff");
  expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect((await get(port, "/", { method: "POST" })).status).toBe(405);
  expect((await get(port, "/nowhere")).status).toBe(404);
  expect((await get(port, "/status.json", { host: "evil.example.com" })).status).toBe(421);
  expect((await get(port, "/status.json", { host: `localhost:${port}` })).status).toBe(200);
  expect((await get(port, "/../../etc/passwd")).status).toBe(404);
  await balancer.stop();
});

test("own names: addresses, localhost, the host's name and the configured one", () => {
  for (const name of ["127.0.0.1:10002", "[::1]:10002", "10.1.2.3", "LOCALHOST", "status.example.com:80"]) {
    expect(isOwnName(name, "status.example.com")).toBe(true);
  }
  for (const name of [undefined, "", "example.com", "127.0.0.1.example.com:10002", "a b"]) {
    expect(isOwnName(name, "127.0.0.1")).toBe(false);
  }
});
