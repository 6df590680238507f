import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it, type TestContext } from "vitest";
import {
  type CommandBehaviour,
  defaultDescription,
  type FaultRule,
  type RunningCloudera,
  startCloudera,
} from "../../fixtures/cloudera-manager/index.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";
import { type CertificateName, privateCa } from "../../fixtures/pki/index.ts";
import { PASSWORD } from "../support/cloudera.ts";
import { runInProcess } from "../support/in-process.ts";
import { BUNDLED, type ProgramRun, runProgram } from "../support/program.ts";

const VALVE = "[desktop]\r\n# ours\r\napp_blacklist=spark\r\n";
const OTHERS = `${VALVE}# changed by a colleague\r\n`;
/** `--cm-timeout`, seconds: long enough for an answer of a busy machine. */
const PATIENCE = "4";
const LATE = 60_000;

const COMMANDS = ["discover", "plan", "apply"] as const;
type CommandName = (typeof COMMANDS)[number];

/** How a run must end: exit code and, if it fails, the code of the error. */
type Ending = readonly [exit: number, code?: string];

interface Case {
  readonly name: string;
  readonly rules?: readonly FaultRule[];
  readonly tls?: CertificateName;
  readonly ends: Readonly<Record<CommandName, Ending>>;
  /** The service's valve afterwards, by whom it was written last; nobody: as before. */
  readonly valve?: "ours" | "others";
}

/** The same end for each command: what cannot be read cannot be planned or applied. */
function all(...ending: Ending): Case["ends"] {
  return { discover: ending, plan: ending, apply: ending };
}

/** A fault of everything behind the login, or of the requests that `more` selects. */
function reading(fault: FaultRule["fault"], more: Partial<FaultRule> = {}): readonly FaultRule[] {
  return [{ path: "/clusters", ...more, fault }];
}

function writing(fault: FaultRule["fault"], more: Partial<FaultRule> = {}): readonly FaultRule[] {
  return [{ method: "PUT", ...more, fault }];
}

const READING: readonly Case[] = [
  {
    name: "401 as an HTML page",
    rules: [{ fault: { kind: "unauthorized" } }],
    ends: all(77, "cm-bad-credentials"),
  },
  {
    name: "one transient 401",
    rules: reading({ kind: "unauthorized" }, { times: 1 }),
    ends: all(0),
    valve: "ours",
  },
  { name: "403", rules: reading({ kind: "forbidden" }), ends: all(77, "cm-forbidden") },
  {
    name: "400 that wraps an internal fault",
    rules: reading({ kind: "wrapped-internal-fault" }),
    ends: all(1, "cm-bad-request"),
  },
  { name: "500", rules: reading({ kind: "status", status: 500 }), ends: all(1, "cm-internal-error") },
  { name: "501", rules: reading({ kind: "status", status: 501 }), ends: all(1, "cm-internal-error") },
  { name: "502", rules: reading({ kind: "status", status: 502 }), ends: all(69, "cm-unavailable") },
  { name: "503", rules: reading({ kind: "status", status: 503 }), ends: all(69, "cm-unavailable") },
  { name: "504", rules: reading({ kind: "status", status: 504 }), ends: all(69, "cm-unavailable") },
  {
    name: "503 twice, then well",
    rules: reading({ kind: "status", status: 503 }, { times: 2 }),
    ends: all(0),
    valve: "ours",
  },
  {
    name: "429 with Retry-After, then well",
    rules: reading({ kind: "status", status: 429, retryAfter: 1 }, { times: 1 }),
    ends: all(0),
    valve: "ours",
  },
  {
    name: "429 with a Retry-After of an hour",
    rules: reading({ kind: "status", status: 429, retryAfter: 3600 }),
    ends: all(69, "cm-busy"),
  },
  {
    name: "slow headers",
    rules: reading({ kind: "slow-headers", delay: LATE }),
    ends: all(69, "cm-timeout"),
  },
  { name: "a slow body", rules: reading({ kind: "slow-body", delay: 300 }), ends: all(69, "cm-timeout") },
  { name: "no answer at all", rules: reading({ kind: "silent" }), ends: all(69, "cm-timeout") },
  {
    name: "half a JSON, ended",
    rules: reading({ kind: "half-json", ended: true }),
    ends: all(69, "cm-unreachable"),
  },
  {
    name: "half a JSON, connection closed",
    rules: reading({ kind: "half-json" }),
    ends: all(69, "cm-unreachable"),
  },
  {
    name: "204 where a body belongs",
    rules: reading({ kind: "empty-204" }),
    ends: all(1, "cm-unexpected-reply"),
  },
  {
    name: "200 with another body",
    rules: reading({ kind: "body", body: '{"items":7}' }),
    ends: all(1, "cm-unexpected-reply"),
  },
  {
    name: "a login page with 200",
    rules: reading({ kind: "html-page" }),
    ends: all(1, "cm-unexpected-reply"),
  },
  { name: "a reset", rules: reading({ kind: "reset" }), ends: all(69, "cm-unreachable") },
  {
    name: "one reset, then well",
    rules: reading({ kind: "reset" }, { times: 1 }),
    ends: all(0),
    valve: "ours",
  },
  {
    name: "a redirect to another machine",
    rules: [{ fault: { kind: "redirect", to: "https://other.example.org" } }],
    ends: all(78, "cm-redirected"),
  },
  {
    name: "a redirect after the login",
    rules: reading({ kind: "redirect", to: "http://127.0.0.1:1" }),
    ends: all(78, "cm-redirected"),
  },
  { name: "a certificate for another name", tls: "wrong-host", ends: all(69, "cm-certificate-name") },
  { name: "an expired certificate", tls: "expired", ends: all(69, "cm-certificate-expired") },
  {
    name: "a certificate of an unknown authority",
    tls: "unknown-ca",
    ends: all(69, "cm-certificate-untrusted"),
  },
];

const WRITING: readonly Case[] = [
  {
    name: "401 as an HTML page",
    rules: writing({ kind: "unauthorized" }),
    ends: all(77, "cm-bad-credentials"),
  },
  {
    name: "one transient 401",
    rules: writing({ kind: "unauthorized" }, { times: 1 }),
    ends: all(0),
    valve: "ours",
  },
  { name: "403", rules: writing({ kind: "forbidden" }), ends: all(77, "cm-forbidden") },
  {
    name: "400 that wraps an internal fault",
    rules: writing({ kind: "wrapped-internal-fault" }),
    ends: all(1, "cm-bad-request"),
  },
  { name: "500", rules: writing({ kind: "status", status: 500 }), ends: all(1, "cm-internal-error") },
  { name: "503", rules: writing({ kind: "status", status: 503 }), ends: all(69, "cm-unavailable") },
  {
    name: "429",
    rules: writing({ kind: "status", status: 429, retryAfter: 3600 }),
    ends: all(69, "cm-busy"),
  },
  {
    name: "a redirect",
    rules: writing({ kind: "redirect", to: "http://127.0.0.1:1" }),
    ends: all(78, "cm-redirected"),
  },
  {
    name: "a reset before it is looked at",
    rules: writing({ kind: "reset" }),
    ends: all(69, "cm-unreachable"),
  },
  {
    name: "a reset after it is carried out",
    rules: writing({ kind: "reset-after" }),
    ends: all(0),
    valve: "ours",
  },
  {
    name: "slow headers after it is carried out",
    rules: writing({ kind: "slow-headers", delay: LATE }),
    ends: all(0),
    valve: "ours",
  },
  {
    name: "a slow body after it is carried out",
    rules: writing({ kind: "slow-body", delay: 300 }),
    ends: all(0),
    valve: "ours",
  },
  { name: "no answer at all", rules: writing({ kind: "silent" }), ends: all(69, "cm-timeout") },
  {
    name: "half a JSON",
    rules: writing({ kind: "half-json", ended: true }),
    ends: all(0),
    valve: "ours",
  },
  { name: "an empty 204", rules: writing({ kind: "empty-204" }), ends: all(0), valve: "ours" },
  {
    name: "200 with another body",
    rules: writing({ kind: "body", body: "done" }),
    ends: all(0),
    valve: "ours",
  },
  {
    name: "another administrator's change between read and PUT",
    ends: all(1, "valve-changed"),
    valve: "others",
  },
];

/** A program that listens, so that Hue may be restarted. */
let listener: Server;
let folder: string;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hue-impala-setup-faults-"));
  listener = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(async () => {
  listener.close();
  await rm(folder, { recursive: true, force: true });
});

interface Trial {
  readonly manager: RunningCloudera;
  readonly place: string;
  run(command: CommandName, ...more: string[]): Promise<ProgramRun>;
  valve(): string | undefined;
}

async function trial(
  context: TestContext,
  options: { rules?: readonly FaultRule[]; tls?: CertificateName } = {},
  onStart?: (child: { kill(signal: NodeJS.Signals): boolean }) => void,
): Promise<Trial> {
  const manager = await startCloudera({
    description: defaultDescription({ valve: VALVE }),
    users: defaultUsers(PASSWORD),
    ...(options.rules === undefined ? {} : { faults: options.rules }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  context.onTestFinished(() => manager.close());
  const place = await mkdtemp(join(folder, "run-"));
  const login = ["--cm-url", manager.url, "--cm-user", "admin", "--cm-timeout", PATIENCE, "--json"];
  if (options.tls !== undefined) login.push("--cm-ca-file", privateCa().caFile);
  const balancer = ["--balancer", "external", "--server-host", "127.0.0.1", "--server-port", String(port)];
  const setup = [
    "--non-interactive",
    ...login,
    ...balancer,
    "--state-dir",
    join(place, "state"),
    "--agent-config",
    "none",
  ];
  const words = { discover: ["discover", ...login], plan: [...setup, "--dry-run"], apply: setup };
  return {
    manager,
    place,
    run: (command, ...more) => {
      const env = { HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD };
      const args = [...words[command], ...more];
      // Reading is the same for all three commands: one process a case shows that it ends, the bundle's run one a command.
      if (command !== "apply" && !BUNDLED) return runInProcess(args, { env });
      return runProgram(args, { cwd: place, env, ...(onStart === undefined ? {} : { onStart }) });
    },
    valve: () => manager.state.service("Cluster 1", "hue").config.get("hue_service_safety_valve"),
  };
}

interface Document {
  readonly changed?: boolean;
  readonly changes?: readonly { readonly kind: string; readonly status: string }[];
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

/**
 * Checks what every run owes, whatever happened to it: one document, an error with its remedy, no password anywhere.
 */
async function judge(
  { expect }: TestContext,
  { place, valve }: Trial,
  run: ProgramRun,
  [exit, code]: Ending,
): Promise<Document> {
  const shown = `exit ${run.status}\n${run.stdout}\n${run.stderr}`;
  expect(run.status, shown).toBe(exit);
  expect(run.stdout.trimEnd().split("\n"), shown).toHaveLength(1);
  const document = JSON.parse(run.stdout) as Document;
  expect(document.error?.code, shown).toBe(code);
  if (code !== undefined) {
    expect(document.error?.message, shown).not.toBe("");
    expect(document.error?.hint ?? "", shown).not.toBe("");
    // What is set stays set when only the restart did not come about.
    if (exit !== 3 && exit < 128) expect(document.changed ?? false, shown).toBe(false);
  }
  const left = [run.stdout, run.stderr, ...(await texts(place))].join("\n");
  expect(left).not.toContain(PASSWORD);
  expect(left).not.toContain(Buffer.from(`admin:${PASSWORD}`).toString("base64"));
  expect(valve()).toBeDefined();
  return document;
}

async function texts(place: string): Promise<string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")));
}

const OURS = `${VALVE}\r\n[impala]\r\nserver_host=127.0.0.1\r\nserver_port=PORT\r\nserver_conn_timeout=3600\r\n`;

describe.concurrent("Cloudera Manager answers a read with", () => {
  it.for(READING)("$name", async (wanted, context) => {
    await Promise.all(COMMANDS.map((command) => tryOne(wanted, command, context)));
  });
});

/** Only an apply meets these: the other commands do nothing but GET, which is looked at with every read above. */
describe.concurrent("Cloudera Manager answers a write with", () => {
  it.for(WRITING)("$name", (wanted, context) => tryOne(wanted, "apply", context));
});

async function tryOne(wanted: Case, command: CommandName, context: TestContext): Promise<void> {
  const run = await trial(context, wanted);
  if (wanted.valve === "others" && command === "apply") changeBeforePut(run.manager);
  const ended = await run.run(command);
  const document = await judge(context, run, ended, wanted.ends[command]);
  const { expect } = context;
  if (command === "apply" && wanted.valve === "ours") {
    expect(run.valve()).toBe(OURS.replace("PORT", String(port)));
    expect(document.changed).toBe(true);
  } else if (command === "apply" && wanted.valve === "others") {
    expect(run.valve()).toBe(OTHERS);
  } else {
    expect(run.valve()).toBe(VALVE);
    expect(run.manager.state.revisions).toHaveLength(0);
  }
  if (command === "apply") return;
  expect(existsSync(join(run.place, "state"))).toBe(false);
  expect(run.manager.requests.filter(({ method }) => method !== "GET")).toEqual([]);
}

/** A colleague saves the valve after it was planned with: right before it is read again for writing. */
function changeBeforePut(manager: RunningCloudera): void {
  let reads = 0;
  manager.setFault({
    method: "GET",
    path: /\/services\/hue\/config$/,
    after: 1,
    times: 1,
    fault: {
      kind: "meanwhile",
      act: () => {
        reads += 1;
        if (reads === 1) manager.otherAdministrator("Cluster 1", "hue", { hue_service_safety_valve: OTHERS });
      },
    },
  });
}

/** What can become of the restart. The settings stay: only Hue does not run with them yet. */
const RESTARTS: readonly { name: string; behaviour: CommandBehaviour; ends: Ending }[] = [
  { name: "refused", behaviour: { outcome: "refuse", message: "not now" }, ends: [3, "restart-refused"] },
  { name: "failed", behaviour: { outcome: "fail", message: "it broke" }, ends: [3, "restart-failed"] },
  { name: "done at once", behaviour: { outcome: "synchronous" }, ends: [0] },
  { name: "slow", behaviour: { outcome: "succeed", duration: 1500 }, ends: [0] },
];

describe.concurrent("the restart of Hue is", () => {
  it.for(RESTARTS)("$name", async ({ behaviour, ends }, context) => {
    const one = await trial(context);
    one.manager.behave(behaviour);
    const document = await judge(context, one, await one.run("apply", "--restart-hue"), ends);
    context.expect(document.changed).toBe(true);
    context.expect(one.valve()).toBe(OURS.replace("PORT", String(port)));
  });

  it("already running, by somebody else: it is waited for", async (context) => {
    const one = await trial(context);
    one.manager.behave({ outcome: "succeed", duration: 1500, times: 1 });
    one.manager.startRestart("Cluster 1", "hue");
    await judge(context, one, await one.run("apply", "--restart-hue"), [0]);
  });

  it("asked for, but the answer is lost: it is found among the running ones, not sent twice", async (context) => {
    const one = await trial(context, {
      rules: [{ method: "POST", path: "roleCommands", times: 1, fault: { kind: "reset-after" } }],
    });
    one.manager.behave({ outcome: "succeed", duration: 1500 });
    await judge(context, one, await one.run("apply", "--restart-hue"), [0]);
    const sent = one.manager.requests.filter(({ method }) => method === "POST");
    context.expect(sent).toHaveLength(1);
  });

  it.for([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "without end, and %s: the command's number is told, nothing is aborted",
    async ([signal, exit], context) => {
      let child: { kill(signal: NodeJS.Signals): boolean } | undefined;
      const one = await trial(context, {}, (started) => {
        child = started;
      });
      one.manager.behave({ outcome: "never" });
      const looked = one.manager.nextRequest(({ path }) => /\/commands\/\d+$/.test(path));
      const running = one.run("apply", "--restart-hue");
      await looked;
      child?.kill(signal);
      const document = await judge(context, one, await running, [exit, "command-still-running"]);
      const [command] = one.manager.commands.all();
      context.expect(command?.active).toBe(true);
      context.expect(document.error?.message).toContain(String(command?.id));
      context.expect(one.manager.requests.some(({ path }) => path.endsWith("/abort"))).toBe(false);
      context.expect(one.valve()).toBe(OURS.replace("PORT", String(port)));
    },
  );
});

describe.concurrent("an undo", () => {
  it("puts the valve back, but not over a colleague's change since", async (context) => {
    const one = await trial(context);
    await judge(context, one, await one.run("apply"), [0]);
    const ours = one.valve();
    const undo = () =>
      runProgram(["undo", "--yes", "--json", "--state-dir", "state", "--cm-timeout", PATIENCE], {
        cwd: one.place,
        env: { HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD },
      });
    one.manager.otherAdministrator("Cluster 1", "hue", { hue_service_safety_valve: OTHERS });
    await judge(context, one, await undo(), [1, "changed-since"]);
    context.expect(one.valve()).toBe(OTHERS);
    one.manager.otherAdministrator("Cluster 1", "hue", { hue_service_safety_valve: ours ?? null });
    await judge(context, one, await undo(), [0]);
    context.expect(one.valve()).toBe(VALVE);
  });
});
