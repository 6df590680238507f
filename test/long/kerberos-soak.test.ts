import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HeldCredential } from "../../src/balancer/gssapi/credentials.ts";
import { COMPLETE } from "../../src/balancer/wire/sasl/negotiation.ts";
import {
  HUE,
  KERBEROS_NEEDS,
  type SecuredCluster,
  startCluster,
} from "../balancer/kerberos/support/cluster.ts";
import { RawClient, ticketOf } from "../balancer/kerberos/support/raw-client.ts";
import { missing, title } from "../support/needs.ts";

const SERVICE = "hue@localhost";
const ROUND = 1000;
/** MB by which a thousand logins, and as many refused ones, may have made the process larger. */
const MOST_GROWTH = 8;

describe.skipIf(missing(...KERBEROS_NEEDS))(title("many Kerberos logins", ...KERBEROS_NEEDS), () => {
  let cluster: SecuredCluster;
  let hue: HeldCredential;

  beforeAll(async () => {
    cluster = await startCluster();
    hue = await ticketOf(cluster.realm.keytab(["hue/localhost"]), HUE);
  });
  afterAll(() => cluster.close());

  async function logIn(layer: 1 | 4): Promise<void> {
    const client = await RawClient.open(cluster.port);
    client.begin(await client.token(hue, SERVICE));
    expect((await client.finish(hue, SERVICE, layer)).status).toBe(COMPLETE);
    client.close();
  }

  /** A login whose token is changed on the way. */
  async function fail(): Promise<void> {
    const client = await RawClient.open(cluster.port);
    const token = Buffer.from(await client.token(hue, SERVICE));
    token[token.length - 5] = (token[token.length - 5] ?? 0) ^ 1;
    client.begin(token);
    await client.closed();
  }

  async function round(): Promise<number> {
    for (let each = 0; each < ROUND; each++) {
      await logIn(each % 2 === 0 ? 1 : 4);
      if (each % 2 === 0) await fail();
    }
    globalThis.gc?.();
    return process.memoryUsage().rss / 1e6;
  }

  test("2,000 logins leave nothing behind in the library's memory", { timeout: 300_000 }, async () => {
    // The first round fills what is kept: buffers, compiled code, the tables of the library.
    await round();
    const before = await round();
    const after = await round();
    expect(after - before).toBeLessThan(MOST_GROWTH);
  });
});
