import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { Fault, FaultRule } from "../../fixtures/cloudera-manager/index.ts";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { readValves, SERVICE_VALVE, writeValve } from "../../src/cloudera/config/valve.ts";
import { discover } from "../../src/cloudera/discovery/discovery.ts";
import type { FailureKind } from "../../src/domain/failure.ts";
import { expectNoSecret, failureOf, onStage, PASSWORD, type Stage } from "./support.ts";

/** What each operation must come to: `good`, or the kind and code of its failure. */
type Outcome = "good" | readonly [FailureKind, string];

interface Row {
  readonly name: string;
  readonly fault: Fault;
  /** How many requests it hits; all when absent. */
  readonly times?: number;
  readonly discover: Outcome;
  readonly readValve: Outcome;
  /** The fault hits the PUT alone. */
  readonly writeValve: Outcome;
  /** Whether the valve holds the new text afterwards. */
  readonly written: boolean;
  /** Each operation takes as long as the limit for one exchange, several times. */
  readonly slow?: boolean;
}

const all = (outcome: Outcome) => ({ discover: outcome, readValve: outcome, writeValve: outcome });
const GOOD = { ...all("good"), written: true };
const bad = (kind: FailureKind, code: string) => ({ ...all([kind, code]), written: false });
const status = (code: number, more: object = {}): Fault => ({ kind: "status", status: code, ...more });

const ROWS: readonly Row[] = [
  { name: "401 with an HTML page", fault: { kind: "unauthorized" }, ...bad("auth", "cm-bad-credentials") },
  { name: "401 once, to the session", fault: { kind: "unauthorized" }, times: 1, ...GOOD },
  { name: "401 twice, to session and password", fault: { kind: "unauthorized" }, times: 2, ...GOOD },
  { name: "403", fault: { kind: "forbidden" }, ...bad("auth", "cm-forbidden") },
  { name: "404", fault: status(404), ...bad("failed", "cm-not-found") },
  {
    name: "400 around an internal fault",
    fault: { kind: "wrapped-internal-fault" },
    ...bad("failed", "cm-bad-request"),
  },
  { name: "500", fault: status(500), ...bad("failed", "cm-internal-error") },
  { name: "501", fault: status(501), ...bad("failed", "cm-internal-error") },
  { name: "502", fault: status(502), ...bad("unreachable", "cm-unavailable") },
  { name: "502 twice", fault: status(502), times: 2, ...GOOD },
  { name: "503", fault: status(503), ...bad("unreachable", "cm-unavailable") },
  { name: "503 twice", fault: status(503), times: 2, ...GOOD },
  {
    name: "503 for an hour",
    fault: status(503, { retryAfter: 3600 }),
    ...bad("unreachable", "cm-unavailable"),
  },
  { name: "504", fault: status(504), ...bad("unreachable", "cm-unavailable") },
  { name: "504 twice", fault: status(504), times: 2, ...GOOD },
  { name: "429", fault: status(429), ...bad("unreachable", "cm-busy") },
  { name: "429 once, 7 s", fault: status(429, { retryAfter: 7 }), times: 1, ...GOOD },
  {
    name: "500 once",
    fault: status(500),
    times: 1,
    ...bad("failed", "cm-internal-error"),
    // Safe to repeat: the valve was read again before.
    writeValve: "good",
    written: true,
  },
  {
    name: "a redirect",
    fault: { kind: "redirect", to: "https://evil.example.org" },
    ...bad("settings", "cm-redirected"),
  },
  {
    name: "a page of another server",
    fault: { kind: "html-page" },
    ...all(["failed", "cm-unexpected-reply"]),
    // A PUT is good when the text can be read back; this one never arrived.
    writeValve: ["partial", "cm-not-kept"],
    written: false,
  },
  { name: "connection reset", fault: { kind: "reset" }, ...bad("unreachable", "cm-unreachable") },
  { name: "connection reset twice", fault: { kind: "reset" }, times: 2, ...GOOD },
  {
    name: "answer lost",
    fault: { kind: "reset-after" },
    ...all(["unreachable", "cm-unreachable"]),
    writeValve: "good",
    written: true,
  },
  { name: "answer lost once", fault: { kind: "reset-after" }, times: 1, ...GOOD },
  {
    name: "half a JSON, closed",
    fault: { kind: "half-json" },
    ...all(["unreachable", "cm-unreachable"]),
    writeValve: "good",
    written: true,
  },
  {
    name: "half a JSON, ended properly",
    fault: { kind: "half-json", ended: true },
    ...all(["unreachable", "cm-unreachable"]),
    writeValve: "good",
    written: true,
  },
  { name: "half a JSON once", fault: { kind: "half-json", ended: true }, times: 1, ...GOOD },
  {
    name: "204 without a body",
    fault: { kind: "empty-204" },
    ...all(["failed", "cm-unexpected-reply"]),
    writeValve: "good",
    written: true,
  },
  {
    name: "200 with another body",
    fault: { kind: "body", body: '["surprise"]' },
    ...all(["failed", "cm-unexpected-reply"]),
    writeValve: "good",
    written: true,
  },
  {
    name: "201 with another body",
    fault: { kind: "body", body: "[]", status: 201 },
    ...all(["failed", "cm-unexpected-reply"]),
    writeValve: "good",
    written: true,
  },
  {
    name: "slow headers",
    fault: { kind: "slow-headers", delay: 600_000 },
    ...all(["unreachable", "cm-timeout"]),
    // Carried out before the answer was due.
    writeValve: "good",
    slow: true,
    written: true,
  },
  {
    name: "slow headers once",
    fault: { kind: "slow-headers", delay: 600_000 },
    times: 1,
    ...GOOD,
    slow: true,
  },
  {
    name: "slow body",
    fault: { kind: "slow-body", delay: 5_000 },
    ...all(["unreachable", "cm-timeout"]),
    writeValve: "good",
    slow: true,
    written: true,
  },
  { name: "no answer, ever", fault: { kind: "silent" }, ...bad("unreachable", "cm-timeout"), slow: true },
];

/** Where the fault strikes, and the operation. */
const OPERATIONS = {
  discover: {
    rule: { method: "GET", path: /services\/impala\/roles$/ },
    act: async ({ client }: Stage) => {
      await discover(client);
    },
  },
  readValve: {
    rule: { method: "GET", path: /services\/hue\/config$/ },
    act: async ({ client }: Stage) => {
      await readValves(client, "Cluster 1", "hue");
    },
  },
  writeValve: {
    rule: { method: "PUT" },
    act: async ({ client }: Stage) => {
      const [valve] = await readValves(client, "Cluster 1", "hue");
      if (valve === undefined) throw new Error("no valve");
      await writeValve(client, "Cluster 1", "hue", valve, "[ours]\n", "hue-impala-setup");
    },
  },
} as const;

const CASES = ROWS.flatMap((row) =>
  (["discover", "readValve", "writeValve"] as const).map((operation) => ({
    row,
    operation,
    name: `${row.name}: ${operation}`,
  })),
);

describe("faults of Cloudera Manager", () => {
  it.concurrent.each(CASES)("$name", async ({ row, operation }) => {
    const wanted = row[operation];
    const { rule, act } = OPERATIONS[operation];
    await onStage(
      async (stage) => {
        const { cm } = stage;
        const fault: FaultRule = {
          ...rule,
          ...(row.times !== undefined && { times: row.times }),
          fault: row.fault,
        };
        cm.setFault(fault);
        if (wanted === "good") {
          await act(stage);
        } else {
          const failure = await failureOf(act(stage));
          expect([failure.kind, failure.code]).toEqual(wanted);
          expect(failure.hint).toBeTruthy();
          expect(`${failure.message}${failure.hint}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          expectNoSecret(failure);
          if (operation === "writeValve" && failure.kind !== "partial")
            expect(failure.message).toContain("is unchanged");
        }
        const text = cm.state.service("Cluster 1", "hue").config.get(SERVICE_VALVE);
        const written = operation === "writeValve" && row.written;
        expect(text).toBe(written ? "[ours]\n" : "[theirs]\n");
        if (operation !== "writeValve")
          expect(cm.requests.every((request) => request.method === "GET")).toBe(true);
      },
      {
        description: defaultDescription({ valve: "[theirs]\n" }),
        client: { agentConfig: "/nonexistent", timeout: row.slow ? 1.5 : 60 },
      },
    );
  });

  it("waits as long as Retry-After asks", async () => {
    await onStage(async ({ cm, client, pauses }) => {
      cm.setFault({ path: "/clusters", times: 1, fault: status(429, { retryAfter: 7 }) });
      await discover(client);
      expect(pauses).toEqual([7_000]);
    });
  });

  it("a write whose answer and whose state cannot be had is said to be unknown", async () => {
    await onStage(async ({ cm, client }) => {
      const [valve] = await readValves(client, "Cluster 1", "hue");
      if (valve === undefined) throw new Error("no valve");
      cm.setFault({ method: "PUT", fault: { kind: "reset-after" } });
      cm.setFault({ method: "GET", path: /hue\/config$/, after: 1, fault: { kind: "reset" } });
      const failure = await failureOf(writeValve(client, "Cluster 1", "hue", valve, "[ours]\n", "x"));
      expect(failure).toMatchObject({ kind: "partial", code: "cm-write-unknown" });
      expectNoSecret(failure);
    });
  });

  it("a write that succeeded and cannot be read back is said to be unverified", async () => {
    await onStage(async ({ cm, client }) => {
      const [valve] = await readValves(client, "Cluster 1", "hue");
      if (valve === undefined) throw new Error("no valve");
      cm.setFault({ method: "GET", path: /hue\/config$/, after: 1, fault: status(503) });
      const failure = await failureOf(writeValve(client, "Cluster 1", "hue", valve, "[ours]\n", "x"));
      expect(failure).toMatchObject({ kind: "partial", code: "cm-write-unverified" });
      expect(cm.state.service("Cluster 1", "hue").config.get(SERVICE_VALVE)).toBe("[ours]\n");
    });
  });

  it("an answer without end is cut off", async () => {
    await onStage(async ({ cm, client }) => {
      cm.setFault({ path: /\/clusters$/, fault: { kind: "giant-body", bytes: 80 * 1024 * 1024 } });
      const failure = await failureOf(discover(client));
      expect(failure).toMatchObject({ kind: "failed", code: "cm-unexpected-reply" });
      expect(failure.message).toContain("larger than");
    });
  });

  it("Ctrl-C during a call ends it at once, as interrupted", async () => {
    const abort = new AbortController();
    await onStage(
      async ({ cm, client }) => {
        cm.setFault({ path: /\/clusters$/, fault: { kind: "silent" } });
        const failure = failureOf(discover(client));
        setImmediate(() => abort.abort());
        expect(await failure).toMatchObject({ kind: "interrupted", code: "interrupted" });
      },
      { client: { agentConfig: "/nonexistent", signal: abort.signal } },
    );
  });

  it("Ctrl-C during the write: what became of it is said to be unknown", async () => {
    const abort = new AbortController();
    await onStage(
      async ({ cm, client }) => {
        const [valve] = await readValves(client, "Cluster 1", "hue");
        if (valve === undefined) throw new Error("no valve");
        cm.setFault({ method: "PUT", fault: { kind: "meanwhile", act: () => abort.abort() } });
        const failure = await failureOf(writeValve(client, "Cluster 1", "hue", valve, "[ours]\n", "x"));
        expect(failure).toMatchObject({ kind: "partial", code: "cm-write-unknown" });
        expect(failure.message).toContain("interrupted");
      },
      { client: { agentConfig: "/nonexistent", signal: abort.signal } },
    );
  });

  it("a server that echoes password, cookie or control characters does not make us print them", async () => {
    await onStage(async ({ cm, client }) => {
      const basic = Buffer.from(`admin:${PASSWORD}`).toString("base64");
      const message = `refused ${PASSWORD} and Basic ${basic} \u001b[31m\u0007${encodeURIComponent(PASSWORD)}`;
      cm.setFault({ path: /\/clusters$/, fault: status(400, { message }) });
      const failure = await failureOf(discover(client));
      expectNoSecret(failure);
      expect(failure.message).toContain("refused *** and Basic ***");
      expect(inspect(failure)).not.toMatch(/[\u0007\u001b]/);
    });
  });

  it.each([
    ["JSON escapes", JSON.stringify(PASSWORD).slice(1, -1)],
    [
      "percent-encoding in small letters",
      encodeURIComponent(PASSWORD).replaceAll(/%../g, (digits) => digits.toLowerCase()),
    ],
    ["a form", new URLSearchParams({ p: PASSWORD }).toString()],
    ["base64 without the user", Buffer.from(PASSWORD).toString("base64")],
    ["base64 within something longer", Buffer.from(`x:y:${PASSWORD}:z`).toString("base64")],
    ["quoted-printable", PASSWORD.replaceAll("%", "=25").replaceAll("Ü", "=C3=9C")],
    ["entities", PASSWORD.replaceAll("!", "&#33;").replaceAll("Ü", "&#xDC;")],
  ])("issue 10, 8: an echo of the password in %s is not printed", async (_, form) => {
    await onStage(async ({ cm, client }) => {
      cm.setFault({ path: /\/clusters$/, fault: status(400, { message: `refused <${form}>` }) });
      const failure = await failureOf(discover(client));
      expect(failure.message).not.toContain(form);
      expect(failure.message).toContain("***");
    });
  });

  it.each([285, 290, 295])(
    "issue 10, 8: no part of it is left where a long message is cut (%d)",
    async (before) => {
      await onStage(async ({ cm, client }) => {
        const message = `${"x".repeat(before)}${PASSWORD} was refused`;
        cm.setFault({ path: /\/clusters$/, fault: status(400, { message }) });
        const failure = await failureOf(discover(client));
        expect(failure.message).not.toContain(PASSWORD.slice(0, 3));
      });
    },
  );

  it("issue 10, 8: nor in a redirect, a waiting time, or the version", async () => {
    await onStage(async ({ cm, client }) => {
      const to = `http://admin:${encodeURIComponent(PASSWORD)}@elsewhere.example.com/`;
      cm.setFault({ path: /\/clusters$/, fault: { kind: "redirect", to } });
      const failure = await failureOf(discover(client));
      expectNoSecret(failure);
      expect(failure.message).toContain("***");
    });
  });
});
