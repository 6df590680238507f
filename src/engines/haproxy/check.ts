import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../domain/failure.ts";
import { type RunOptions, run } from "../../system/processes/run.ts";

/** What the installed HAProxy says about a file. */
export interface HaproxyCheck {
  readonly ok: boolean;
  /** `2.6.12-1+deb12u4`; undefined when the program does not tell. */
  readonly version?: string;
  /** What it printed, both streams, for the person. */
  readonly output: string;
}

/** Seconds: names in the file are resolved, which waits for a dead name server. */
const CHECK_TIMEOUT = 60;

/** Programs of administrators are often not in a service's or user's PATH. */
const ADMIN_PATHS = "/usr/sbin:/sbin:/usr/local/sbin";

/**
 * Asks HAProxy itself whether it would load the file. Judged by the exit status alone, since HAProxy 3.0 and later
 * print nothing; death by a signal is a refusal. It does not see ports in use, foreign addresses or a small descriptor
 * limit: those are the preflight's work.
 * @throws Failure when the program is not there
 */
export async function checkHaproxy(file: string, binary = "haproxy"): Promise<HaproxyCheck> {
  const options = runOptions();
  const version = haproxyVersionOf((await run(binary, ["-v"], options)).stdout);
  const result = await run(binary, ["-c", "-f", file], options);
  const printed = `${result.stderr}${result.stdout}`.trim();
  const output = result.signal === null ? printed : `${printed}\n${binary} died of ${result.signal}`.trim();
  return { ok: result.status === 0, ...(version === undefined ? {} : { version }), output };
}

/** The version of the HAProxy that a set-up would start; undefined: there is none, or it does not tell. */
export async function installedHaproxyVersion(binary = "haproxy"): Promise<string | undefined> {
  try {
    return haproxyVersionOf((await run(binary, ["-v"], runOptions())).stdout);
  } catch (error) {
    if (error instanceof Failure && error.code === "command-not-found") return undefined;
    throw error;
  }
}

function runOptions(): RunOptions {
  return { timeout: CHECK_TIMEOUT, env: { PATH: `${process.env["PATH"] ?? ""}:${ADMIN_PATHS}` } };
}

/**
 * {@link checkHaproxy} for a configuration that is not written yet: HAProxy reads it from a temporary file of ours.
 * @param name how the file will be called; stands for the temporary one in the output
 */
export async function checkHaproxyText(text: Uint8Array, name: string): Promise<HaproxyCheck> {
  const folder = await mkdtemp(join(tmpdir(), "hue-impala-setup-"));
  try {
    const file = join(folder, "haproxy.cfg");
    await writeFile(file, text);
    const check = await checkHaproxy(file);
    return { ...check, output: check.output.replaceAll(file, name) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `2.6.12-1+deb12u4` from the first line of `haproxy -v` (`HA-Proxy version …` before 2.4). */
export function haproxyVersionOf(text: string): string | undefined {
  return /^HA-?Proxy version (\S+)/m.exec(text)?.[1];
}
