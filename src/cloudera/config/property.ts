import { retold } from "../../domain/catalogue.ts";
import { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { clouderaConfigFailure, otherName, stillUnchanged } from "../../messages/failures/cloudera/config.ts";
import type { CmClient, CmPath, CmReader } from "../client/client.ts";
import { ConfigList } from "../client/shapes.ts";
import { CmFailure, isTransient } from "../http/failures.ts";
import { backOff, RETRY } from "../http/retry.ts";

/** What holds a property: a service, a role config group or a single role of it. */
export interface ConfigOwner {
  readonly scope: "service" | "group" | "role";
  /** Name of the service, group or role. */
  readonly owner: string;
}

/** Somebody else changed the property after it was read. Carries the texts, so that nothing is lost. */
export class ConfigChanged extends Failure {
  /** What this run had read. */
  readonly expected: string;
  /** What Cloudera Manager holds now. */
  readonly found: string;
  /** What this run was about to write. */
  readonly wanted: string;

  constructor(failure: Failure, texts: { expected: string; found: string; wanted: string }) {
    super(failure.kind, failure.code, failure.text, failure.hintText);
    this.expected = texts.expected;
    this.found = texts.found;
    this.wanted = texts.wanted;
  }
}

export function configPath(cluster: string, service: string, { scope, owner }: ConfigOwner): CmPath {
  const base = ["clusters", cluster, "services", service];
  if (scope === "service") return [...base, "config"];
  return [...base, scope === "group" ? "roleConfigGroups" : "roles", owner, "config"];
}

/** The property's explicitly set value; undefined when it is unset. */
export async function readProperty(
  client: CmReader,
  path: CmPath,
  property: string,
): Promise<string | undefined> {
  const config = await client.get(path, ConfigList);
  return config.items.find((item) => item.name === property)?.value ?? undefined;
}

export interface PropertyWrite {
  readonly path: CmPath;
  readonly property: string;
  /** For messages: `hue_service_safety_valve of service hue`. */
  readonly what: Text;
  /** What the property held when the decision was made; "" when it was unset. */
  readonly expected: string;
  /** "" removes the setting: an empty text and none mean the same to whoever reads it. */
  readonly value: string;
  /** Shown in Cloudera Manager's revision history. */
  readonly message: string;
  /** Code of the failure when somebody else changed it. */
  readonly changedCode: "valve-changed" | "load-balancer-changed";
  /** Part of the property's label in the web UI, to look for it by when this version has another name for it. */
  readonly label?: string;
}

/** How often a PUT is sent again after the server was away; the property is read again before each. */
const ATTEMPTS = 3;

/**
 * Replaces one property's value: reads it again and stops if it is not what was expected, writes, reads back and
 * compares. The API has no conditional PUT, so the moment between reading and writing stays, as short as one round
 * trip. A PUT without a usable answer is never repeated blindly: what the server holds decides.
 * @throws ConfigChanged nothing was written
 * @throws Failure `failed`, `auth`, `unreachable`: the property is unchanged, and the message says so
 * @throws Failure `partial`: `cm-write-unknown`, `cm-write-unverified`, `cm-not-kept`
 */
export async function writeProperty(client: CmClient, write: PropertyWrite): Promise<{ changed: boolean }> {
  const { path, property, value } = write;
  const current = (await readProperty(client, path, property)) ?? "";
  if (current === value) return { changed: false };
  if (current !== write.expected) throw changed(write, current);
  const body = { items: [value === "" ? { name: property, value: null } : { name: property, value }] };
  for (let attempt = 1; ; attempt++) {
    try {
      await client.put(path, body, { message: write.message });
      break;
    } catch (thrown) {
      if (!(thrown instanceof CmFailure)) throw thrown;
      if (await tookEffect(client, write, thrown)) return { changed: true };
      if (attempt >= ATTEMPTS || !isTransient(thrown)) {
        throw unchanged(write, thrown, await hintAtOtherName(client, write, thrown));
      }
      await client.pace.sleep(backOff(attempt, RETRY, client.pace.random()));
    }
  }
  await confirm(client, write);
  return { changed: true };
}

/** After a failed PUT: whether the server holds the new value all the same. */
async function tookEffect(client: CmReader, write: PropertyWrite, failure: CmFailure): Promise<boolean> {
  if (failure.status === 401 || failure.status === 403 || failure.status === 404) return false;
  let found: string;
  try {
    found = (await readProperty(client, write.path, write.property)) ?? "";
  } catch {
    if (!failure.mayHaveHappened) return false;
    throw clouderaConfigFailure("cm-write-unknown", { what: write.what, reason: failure.text });
  }
  if (same(found, write.value)) return true;
  if (found !== write.expected) throw changed(write, found);
  return false;
}

async function confirm(client: CmReader, write: PropertyWrite): Promise<void> {
  let found: string;
  try {
    found = (await readProperty(client, write.path, write.property)) ?? "";
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    throw clouderaConfigFailure("cm-write-unverified", { what: write.what, reason: thrown.text });
  }
  if (same(found, write.value)) return;
  throw clouderaConfigFailure("cm-not-kept", { what: write.what, unchanged: found === write.expected });
}

function changed(write: PropertyWrite, found: string): ConfigChanged {
  return new ConfigChanged(clouderaConfigFailure(write.changedCode, { what: write.what }), {
    expected: write.expected,
    found,
    wanted: write.value,
  });
}

function unchanged(write: PropertyWrite, failure: CmFailure, hint: Text | undefined): CmFailure {
  return new CmFailure(retold(failure, stillUnchanged(failure.text, write.what), hint), {
    status: failure.status,
    mayHaveHappened: false,
  });
}

/** For an unknown property: what this version calls the one with the same label, as a hint. */
async function hintAtOtherName(
  client: CmReader,
  write: PropertyWrite,
  failure: CmFailure,
): Promise<Text | undefined> {
  const { label } = write;
  if (failure.code !== "cm-unknown-property" || label === undefined) return undefined;
  const config = await client.get(write.path, ConfigList, { view: "full" }).catch(() => undefined);
  const found = config?.items.find((item) => item.displayName?.includes(label) || item.relatedName === label);
  if (found === undefined) return undefined;
  return otherName(found.name, found.displayName ?? "");
}

/** Cloudera Manager may store line ends as LF and drop blanks at the end; both texts then say the same. */
function same(found: string, wanted: string): boolean {
  return found === wanted || normal(found) === normal(wanted);
}

function normal(text: string): string {
  return text.replace(/\r\n?/g, "\n").trimEnd();
}
