import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HuePool, runUser } from "../../../fixtures/impalad/hue-pool.ts";
import type { EndOptions, GssapiEnd } from "../../../fixtures/kerberos/ends.ts";
import { FLAGS } from "../../../src/balancer/gssapi/context.ts";
import type { HeldCredential } from "../../../src/balancer/gssapi/credentials.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { encodeOpenSession } from "../../../src/balancer/wire/hiveserver2/health-calls.ts";
import { encodeSaslMessage } from "../../../src/balancer/wire/sasl/messages.ts";
import { BAD, COMPLETE, OK, saslStart } from "../../../src/balancer/wire/sasl/negotiation.ts";
import { missing, title } from "../../support/needs.ts";
import { eventually } from "../support/eventually.ts";
import { HUE, KERBEROS_NEEDS, type SecuredCluster, startCluster } from "./support/cluster.ts";
import { ALL_FLAGS, framed, RawClient, ticketOf } from "./support/raw-client.ts";

const SERVICE = "hue@localhost";

describe.skipIf(missing(...KERBEROS_NEEDS))(title("who a Kerberos client is", ...KERBEROS_NEEDS), () => {
  let cluster: SecuredCluster;
  let hue: HeldCredential;
  let mallory: HeldCredential;

  beforeAll(async () => {
    cluster = await startCluster();
    const keytab = cluster.realm.keytab(["hue/localhost", "mallory"]);
    hue = await ticketOf(keytab, HUE);
    mallory = await ticketOf(keytab, "mallory@EXAMPLE.COM");
  });
  afterAll(() => cluster.close());

  /** As whom the Impalads saw clients, since they had told as much as `from` says. */
  const logins = (from: readonly number[] = []): string[] =>
    cluster.ends.flatMap(({ told }, index) =>
      told.slice(from[index] ?? 0).flatMap(({ login }) => login ?? []),
    );
  const toldSoFar = (): number[] => cluster.ends.map(({ told }) => told.length);

  /** What came of one query of a client that logs in like this, and as whom the Impalads saw it. */
  async function query(options: Partial<EndOptions>, principal: string, flags: string[] = []) {
    const before = toldSoFar();
    const client = await cluster.client(options, principal, flags);
    const pool = new HuePool({ host: "127.0.0.1", port: client.port, size: 1 });
    const { succeeded } = await runUser(pool, { name: "user", queries: 1 });
    pool.close();
    // Each login that an Impalad's end accepts becomes one connection to the Impalad.
    const accepted = (): number =>
      cluster.impalads.reduce((sum, { stats }) => sum + stats().connectionsOpened, 0);
    await eventually(() => logins().length === accepted(), "what the Impalads' ends have to tell");
    return { succeeded, client: client as GssapiEnd, seen: [...new Set(logins(before))] };
  }

  test("another user's ticket is refused with a reason, and no Impalad sees a login", async () => {
    const { succeeded, client, seen } = await query({}, "mallory");
    expect(succeeded).toBe(0);
    expect(seen).toEqual([]);
    expect(client.told[0]?.refused).toContain("login refused");
    expect(cluster.log()).toContain(
      `mallory@EXAMPLE.COM is neither kerberos.principal (${HUE}) nor in kerberos.clients, and has delegated no credentials`,
    );
  });

  test.each(["hue/other.example.com", "impala/localhost"])("%s is not taken for Hue", async (principal) => {
    expect(await query({}, principal)).toMatchObject({ succeeded: 0, seen: [] });
  });

  test("delegated credentials are used for their owner, and Hue's are not", async () => {
    const { succeeded, seen } = await query({ delegate: true }, "mallory", ["-f"]);
    expect(succeeded).toBe(1);
    expect(seen).toEqual(["mallory@EXAMPLE.COM"]);
  });

  test("Hue that delegates is served as Hue", async () => {
    expect(await query({ delegate: true }, "hue/localhost", ["-f"])).toMatchObject({
      succeeded: 1,
      seen: [HUE],
    });
  });

  test.each([
    ["alice", 0],
    ["mallory@EXAMPLE.COM", 0],
    ["hue/localhost@OTHER.COM", 0],
    ["hue", 0],
    [HUE, 1],
    ["hue/localhost", 1],
  ])("an authorization identity %j of Hue's succeeds %i times", async (authzid, times) => {
    const { succeeded, seen } = await query({ authzid }, "hue/localhost");
    expect(succeeded).toBe(times);
    expect(seen).toEqual(times === 1 ? [HUE] : expect.not.arrayContaining([authzid]));
  });

  test("who is listed in clients is served as the principal, but not as a third one", async () => {
    const [listener] = (cluster.spec as { listeners: { kerberos: object }[] }).listeners;
    const kerberos = { ...listener?.kerberos, clients: ["alice@EXAMPLE.COM"] };
    await cluster.balancer.reload(parseSpec({ ...cluster.spec, listeners: [{ ...listener, kerberos }] }));
    expect(await query({}, "alice")).toMatchObject({ succeeded: 1, seen: [HUE] });
    expect((await query({ authzid: HUE }, "alice")).succeeded).toBe(0);
    expect((await query({}, "mallory")).succeeded).toBe(0);
    await cluster.balancer.reload(parseSpec(cluster.spec));
    expect((await query({}, "alice")).succeeded).toBe(0);
  });

  test("a recorded login is of no use to who sends it again", async () => {
    const before = logins().length;
    const first = await RawClient.open(cluster.port);
    first.begin(await first.token(hue, SERVICE));
    expect((await first.finish(hue, SERVICE, 1)).status).toBe(COMPLETE);
    expect(logins().length).toBe(before + 1);
    const again = await RawClient.open(cluster.port);
    again.send(...first.sent);
    await again.closed();
    const second = await RawClient.open(cluster.port);
    second.send(first.sent[0] ?? Buffer.alloc(0));
    expect((await second.messages.next()).status).toBe(BAD);
    await second.closed();
    expect(cluster.log()).toContain("the same login has been seen before");
    expect(logins().length).toBe(before + 1);
    first.close();
  });

  test("a client that wants no proof of the server is refused: its login could be recorded", async () => {
    const client = await RawClient.open(cluster.port);
    client.begin(await client.token(hue, SERVICE, ALL_FLAGS & ~FLAGS.mutual));
    expect((await client.messages.next()).status).toBe(BAD);
    await client.closed();
  });

  test("another's ticket in the place of Hue's token, and Hue's token on another's connection", async () => {
    const before = toldSoFar();
    const ours = await RawClient.open(cluster.port);
    const theirs = await RawClient.open(cluster.port);
    ours.begin(await theirs.token(mallory, SERVICE));
    await ours.closed();
    theirs.begin(await ours.token(hue, SERVICE));
    // Without the session key of the ticket nobody gets further than this.
    const answer = await theirs.messages.next();
    expect(answer.status).toBe(OK);
    theirs.send(encodeSaslMessage(OK, Buffer.alloc(0)));
    await theirs.messages.next();
    theirs.send(encodeSaslMessage(OK, Buffer.from("01000000", "hex")));
    expect((await theirs.messages.next()).status).toBe(BAD);
    await theirs.closed();
    expect(logins(before)).toEqual([]);
  });

  test("a login to a name that is not in the keytab passes through, and its source keeps one Impalad", async () => {
    const before = cluster.balancer.stats().listeners[0]?.routing?.fallbacks["sasl-gssapi"] ?? 0;
    await query({ service: "impala", host: "impala2.example.com" }, "alice");
    expect(cluster.balancer.stats().listeners[0]?.routing?.fallbacks["sasl-gssapi"]).toBeGreaterThan(before);
    expect(cluster.log()).toContain(
      "a login to impala/impala2.example.com@EXAMPLE.COM, which is not in the keytab",
    );
  });

  describe("a login that is none ends its own connection, with a reason", () => {
    const token = async (change: (bytes: Buffer) => Buffer): Promise<Buffer> => {
      const maker = await RawClient.open(cluster.port);
      const bytes = change(Buffer.from(await maker.token(hue, SERVICE)));
      maker.close();
      return bytes;
    };
    const start = saslStart("GSSAPI");
    const flipped = (bytes: Buffer): Buffer => {
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
      return bytes;
    };
    test.each<[string, () => Promise<Buffer[]>, string]>([
      ["empty", async () => [start, encodeSaslMessage(OK, Buffer.alloc(0))], "not a Kerberos login"],
      [
        "garbage",
        async () => [start, encodeSaslMessage(OK, Buffer.alloc(300, 0x60))],
        "not a Kerberos login",
      ],
      [
        "truncated",
        async () => [start, encodeSaslMessage(OK, await token((b) => b.subarray(0, -9)))],
        "not a Kerberos",
      ],
      [
        "with bytes behind",
        async () => [start, encodeSaslMessage(OK, await token((b) => Buffer.concat([b, b])))],
        "not a",
      ],
      [
        "changed",
        async () => [start, encodeSaslMessage(OK, await token(flipped))],
        "key of another principal",
      ],
      ["oversized", async () => [start, encodeSaslMessage(OK, Buffer.alloc(65_537))], "impossible length"],
      [
        "of zeros",
        async () => [start, Buffer.from("0200010000", "hex"), Buffer.alloc(65_536)],
        "not a Kerberos login",
      ],
      ["of no status", async () => [start, Buffer.from("0900000001", "hex")], "not a SASL status"],
      ["started twice", async () => [start, start], "SASL status 1"],
      ["abandoned", async () => [start, encodeSaslMessage(BAD, Buffer.alloc(0))], "SASL status 3"],
    ])("%s", async (_what, bytes, reason) => {
      const from = cluster.log().length;
      const client = await RawClient.open(cluster.port);
      client.send(...(await bytes()));
      await client.closed();
      await eventually(
        () => cluster.log().slice(from).includes(reason) || undefined,
        `"${reason}" in the log`,
      );
    });
  });

  describe("protected frames", () => {
    async function loggedIn(layer: 2 | 4): Promise<RawClient> {
      const client = await RawClient.open(cluster.port);
      client.begin(await client.token(hue, SERVICE));
      expect((await client.finish(hue, SERVICE, layer)).status).toBe(COMPLETE);
      return client;
    }
    const call = encodeOpenSession("hue");
    const sealed = (client: RawClient, confidential: boolean) =>
      framed(client.context.wrap(call, confidential));

    test.each<[string, 2 | 4, (client: RawClient) => Buffer[]]>([
      ["a plain one", 4, () => [framed(call)]],
      ["one that is not encrypted under privacy", 4, (client) => [sealed(client, false)]],
      ["the same one twice", 2, (client) => new Array<Buffer>(2).fill(sealed(client, false))],
      ["the second before the first", 4, (client) => [sealed(client, true), sealed(client, true)].reverse()],
      ["one left out", 4, (client) => [sealed(client, true), sealed(client, true)].slice(1)],
      [
        "a changed one",
        2,
        (client) => [Buffer.concat([sealed(client, false).subarray(0, -1), Buffer.from([1])])],
      ],
      ["an empty one", 2, () => [Buffer.alloc(4)]],
      ["one of impossible length", 2, () => [Buffer.from("01000000", "hex")]],
    ])("%s ends the connection", async (_what, layer, frames) => {
      const from = cluster.log().length;
      const client = await loggedIn(layer);
      client.send(...frames(client));
      await client.closed();
      await eventually(
        () => /impala: .+ from client 127\.0\.0\.1: [0-9a-f]/.test(cluster.log().slice(from)) || undefined,
        "a reason in the log",
      );
    });

    test("frames cut into single bytes, and several in one piece, are understood", async () => {
      const client = await loggedIn(4);
      for (const byte of sealed(client, true)) client.socket.write(Buffer.from([byte]));
      await eventually(() => client.received.length > 100 || undefined, "an answer");
      const answer = client.context.unwrap(client.received.subarray(4), true);
      expect(answer.includes("OpenSession")).toBe(true);
      client.close();
    });
  });
});
