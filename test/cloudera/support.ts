import { inspect } from "node:util";
import { expect } from "vitest";
import {
  type ClouderaOptions,
  manualClock,
  type RunningCloudera,
  startCloudera,
} from "../../fixtures/cloudera-manager/index.ts";
import { type CmClient, type CmOptions, openCloudera } from "../../src/cloudera/client/client.ts";
import type { Pace } from "../../src/cloudera/http/retry.ts";
import { Failure } from "../../src/domain/failure.ts";
import { Secret } from "../../src/domain/secret.ts";

/** Occurs nowhere else, so that it can be searched for. */
export const PASSWORD = "Zq7-correct horse!%Ü";

export const USERS = (["administrator", "configurator", "operator", "read-only"] as const).map((role) => ({
  name: role === "administrator" ? "admin" : role,
  password: PASSWORD,
  role,
}));

export interface Stage {
  readonly cm: RunningCloudera;
  readonly client: CmClient;
  /** Pauses that the code asked for, milliseconds. None was waited for: the simulator's clock was advanced instead. */
  readonly pauses: number[];
  readonly pace: Pace;
}

/**
 * A pace that shares the simulator's clock: sleeping advances it, so commands and staleness come due without waiting.
 */
export function sharedPace(clock: ReturnType<typeof manualClock>, pauses: number[] = []): Pace {
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw new Error("aborted");
      pauses.push(ms);
      clock.advance(ms);
    },
    random: () => 0.5,
  };
}

/** Runs `act` against a simulated Cloudera Manager with an open client, and closes both. */
export async function onStage(
  act: (stage: Stage) => Promise<void>,
  options: ClouderaOptions & { user?: string; client?: CmOptions } = {},
): Promise<void> {
  const { user = "admin", client: clientOptions, ...server } = options;
  const clock = manualClock();
  const pauses: number[] = [];
  const pace = sharedPace(clock, pauses);
  const cm = await startCloudera({ clock, users: USERS, ...server });
  try {
    const client = await openCloudera(connection(cm.url, user), {
      pace,
      agentConfig: "/nonexistent",
      ...clientOptions,
    });
    try {
      await act({ cm, client, pauses, pace });
    } finally {
      client.close();
    }
  } finally {
    await cm.close();
  }
}

export function connection(url: string, user = "admin", password = PASSWORD) {
  return { url, user, password: new Secret(password) };
}

/** The Failure that `promise` ends with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const outcome: unknown = await promise.then(
    (value) => ({ value }),
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof Failure) return outcome;
  throw new Error(`no Failure, but ${inspect(outcome)}`);
}

/** The Failure that a call throws. */
export function thrownBy(act: () => unknown): Failure {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

/** The password appears in no form in which an error could be printed, and no AxiosError is anywhere in it. */
export function expectNoSecret(thrown: Failure, password = PASSWORD, user = "admin"): void {
  const forms = [
    inspect(thrown, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    JSON.stringify(thrown),
    JSON.stringify(thrown, Object.getOwnPropertyNames(thrown)),
    String(thrown),
    thrown.stack ?? "",
    thrown.hint ?? "",
    inspect(thrown.cause, { depth: Number.POSITIVE_INFINITY }),
  ].join("\n");
  const needles = [
    password,
    encodeURIComponent(password),
    Buffer.from(`${user}:${password}`).toString("base64"),
    JSON.stringify(password).slice(1, -1),
    "AxiosError",
    "Authorization",
    "SESSIONID=",
  ];
  for (const needle of needles) expect(forms).not.toContain(needle);
}
