import { dirname } from "node:path";
import { Failure } from "../../domain/failure.ts";
import { CONN_TIMEOUT, HIVESERVER2_PORT } from "../../domain/well-known.ts";
import { type EffectiveImpala, effectiveImpala, type Located } from "../../hue/effective.ts";
import { cmManagedSigns } from "../../hue/folder/managed.ts";
import { oldHueWarnings } from "../../hue/folder/old-hue.ts";
import { readConfFolder } from "../../hue/folder/read-conf-folder.ts";
import { readIfThere } from "../current/current.ts";
import type { Finding } from "./finding.ts";
import { transportFinding } from "./transport.ts";

/** Hue's own defaults, which hold where nothing is set (apps/impala/src/impala/conf.py). */
const DEFAULT_HOST = "localhost";
/** A query that runs longer than this many seconds fails in Hue; the tutorial raises Hue's 120 to 3600. */
const SHORT_TIMEOUT = 600;

/** Where Hue will connect to, if that can be told. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly effect?: EffectiveImpala;
}

/** What a Hue with this hue.ini reads. */
export async function examineHueIni(path: string): Promise<Diagnosis> {
  const signs = await cmManagedSigns(path);
  const managed: Finding[] =
    signs.length === 0
      ? []
      : [
          {
            check: "managed",
            status: "problem",
            message: `${path} is not what Hue reads: ${signs.join("; ")}`,
            remedy: "give --cm-url: the doctor then looks at Hue's safety valves",
          },
        ];
  if ((await readIfThere(path)) === null) {
    const message = `${path} does not exist`;
    const missing: Finding = {
      check: "hue-ini",
      status: "problem",
      message,
      remedy: "name the hue.ini that Hue reads",
    };
    return { findings: [...managed, missing] };
  }
  try {
    const files = await readConfFolder(dirname(path));
    const effect = effectiveImpala(files);
    const transport = transportFinding(effect.transport);
    const old = (await oldHueWarnings()).map(
      ({ code, message }) => ({ check: code, status: "warning", message }) as const,
    );
    return { findings: [...managed, ...old, ...examineEffect(effect), transport], effect };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message, hint } = error;
    return {
      findings: [
        ...managed,
        { check: "hue-reads", status: "problem", message, ...(hint ? { remedy: hint } : {}) },
      ],
    };
  }
}

/** Judges what Hue reads, from files or safety valves. Pure. */
export function examineEffect(effect: EffectiveImpala): Finding[] {
  const findings: Finding[] = effect.broken.map(({ path, line, message }) => ({
    check: "hue-reads",
    status: "problem",
    message: `${path}:${line}: ${message}; Hue does not start with this`,
    remedy: "correct the line",
  }));
  const { serverHost, serverPort, serverConnTimeout } = effect.settings;
  findings.push(
    serverHost === undefined
      ? {
          check: "server-host",
          status: "problem",
          message: `[impala] server_host is not set: Hue connects to ${DEFAULT_HOST}`,
          remedy: "run hue-impala-setup",
        }
      : { check: "server-host", status: "ok", message: `server_host = ${where(serverHost)}` },
    serverPort === undefined
      ? {
          check: "server-port",
          status: "warning",
          message: `[impala] server_port is not set: Hue uses ${HIVESERVER2_PORT}`,
          remedy: "run hue-impala-setup",
        }
      : { check: "server-port", status: "ok", message: `server_port = ${where(serverPort)}` },
    timeoutFinding(serverConnTimeout),
  );
  for (const { code, message } of effect.warnings) findings.push({ check: code, status: "warning", message });
  return findings;
}

function timeoutFinding(setting: Located<string | string[]> | undefined): Finding {
  const check = "server-conn-timeout";
  const remedy = `set it to ${CONN_TIMEOUT} with hue-impala-setup`;
  if (setting === undefined) {
    return {
      check,
      status: "warning",
      message: "[impala] server_conn_timeout is not set: Hue gives up after 120 s",
      remedy,
    };
  }
  const seconds = Number(setting.value);
  if (Number.isInteger(seconds) && seconds >= SHORT_TIMEOUT) {
    return { check, status: "ok", message: `server_conn_timeout = ${where(setting)}` };
  }
  return {
    check,
    status: "warning",
    message: `server_conn_timeout = ${where(setting)}: longer calls fail`,
    remedy,
  };
}

function where({ value, path, line }: Located<string | string[]>): string {
  return `${String(value)} (${path}:${line})`;
}

/** The address that Hue connects to; undefined if what is set is no address. */
export function hueEndpoint(effect: EffectiveImpala): { host: string; port: number } | undefined {
  const host = effect.settings.serverHost?.value ?? DEFAULT_HOST;
  const port = Number(effect.settings.serverPort?.value ?? HIVESERVER2_PORT);
  if (typeof host !== "string" || !Number.isInteger(port) || port < 1 || port > 65535) return undefined;
  return { host, port };
}
