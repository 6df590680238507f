import { expect, test } from "vitest";
import { query } from "../../../fixtures/impalad/client.ts";
import { HuePool, runUser } from "../../../fixtures/impalad/hue-pool.ts";
import {
  backendsOf,
  balance,
  loopback,
  pki,
  server,
  terminates,
  threeImpalads,
  verifies,
} from "./support.ts";

const TLS = { tls: { ca: pki.ca } };
const SECURED = { tls: { cert: server.cert, key: server.key } };

interface Kind {
  readonly title: string;
  readonly client: object;
  readonly impalad: object;
  readonly listener: object;
}

const KINDS: readonly Kind[] = [
  {
    title: "TLS on both sides, plain Thrift inside",
    client: TLS,
    impalad: SECURED,
    listener: { tls: terminates, backendTls: verifies },
  },
  {
    title: "TLS on both sides, SASL PLAIN inside",
    client: { ...TLS, plain: { user: "hue", password: "secret" } },
    impalad: { ...SECURED, auth: "plain", users: { hue: "secret" } },
    listener: { tls: terminates, backendTls: verifies },
  },
  {
    title: "TLS with clients only",
    client: TLS,
    impalad: {},
    listener: { tls: { ...terminates, clearTextBackends: true } },
  },
  {
    title: "TLS with Impalads only",
    client: {},
    impalad: SECURED,
    listener: { backendTls: verifies },
  },
];

test.each(KINDS)("sessions spread, every query succeeds: $title", async ({ client, impalad, listener }) => {
  const impalads = await threeImpalads(impalad);
  const { balancer, port } = await balance({ ...listener, backends: backendsOf(impalads) }, loopback);
  const pool = new HuePool({ host: "127.0.0.1", port, size: 6, ...client });
  const users = Array.from({ length: 12 }, (_, n) => runUser(pool, { name: `user${n}`, queries: 3 }));
  const outcomes = await Promise.all(users);
  pool.close();
  expect(outcomes.flatMap((each) => each.errors)).toEqual([]);
  expect(outcomes.reduce((sum, each) => sum + each.succeeded, 0)).toBe(36);
  expect(impalads.map((each) => each.stats().sessionsOpened)).toEqual([4, 4, 4]);
  const [stats] = balancer.stats().listeners;
  expect(stats?.routing?.fallbacks["tls"] ?? 0).toBe(0);
  if ("tls" in listener) expect(stats?.tls).toMatchObject({ handshakes: 6, failures: 0 });
  if ("backendTls" in listener) expect(stats?.backendTls).toMatchObject({ verified: true });
});

test("connections to an Impalad resume the session of the one before", async () => {
  const impalads = await threeImpalads(SECURED);
  const { balancer, port } = await balance(
    { backendTls: verifies, backends: backendsOf(impalads) },
    loopback,
  );
  for (let n = 0; n < 6; n++) await query({ host: "127.0.0.1", port }, "select 'x'");
  // The second to each of the three.
  expect(balancer.stats().listeners[0]?.backendTls?.resumed).toBe(3);
});
