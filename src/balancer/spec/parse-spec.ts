import * as v from "valibot";
import { messageOf } from "../../domain/failure.ts";
import { sameText, type Text } from "../../domain/text.ts";
import { balancerSpecFailure, SPEC_FAULTS, SPEC_NAMES } from "../../messages/failures/balancer/spec.ts";
import { describeIssue } from "./describe-issue.ts";
import { type BalancerSpec, specSchema } from "./spec.ts";

/**
 * Validates a balancer specification (parsed JSON) and fills in the defaults. All times are seconds.
 * @param where names the document in messages, for example its path
 * @throws Failure `settings`, code `bad-spec`: every fault in one message, unknown keys with the nearest known one
 */
export function parseSpec(value: unknown, where: string | Text = SPEC_NAMES.any): BalancerSpec {
  const result = v.safeParse(specSchema, value);
  const faults = result.success
    ? [...duplicates(result.output), ...clearText(result.output)]
    : result.issues.map((issue) => describeIssue(issue, specSchema));
  if (!result.success || faults.length > 0) {
    throw balancerSpecFailure("bad-spec", { where: named(where), faults });
  }
  return result.output;
}

/**
 * Reads a specification from JSON text.
 * @throws Failure `unparsable`, code `bad-json` with line and column; `settings`, code `bad-spec`
 */
export function parseSpecText(text: string, where: string | Text = SPEC_NAMES.any): BalancerSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = messageOf(error);
    throw balancerSpecFailure("bad-json", { where: named(where), position: position(text, reason), reason });
  }
  return parseSpec(value, where);
}

function named(where: string | Text): Text {
  return typeof where === "string" ? sameText(where) : where;
}

function position(text: string, message: string): string {
  const match = /position (\d+)/.exec(message);
  if (match === null) return "";
  const before = text.slice(0, Number(match[1])).split("\n");
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Names must be unique: they are how people and metrics tell listeners and backends apart. */
function duplicates(parsed: BalancerSpec): Text[] {
  const faults = repeated(parsed.listeners.map((each) => each.name)).map(SPEC_FAULTS.sameListener);
  for (const each of parsed.listeners) {
    for (const again of repeated(each.backends.map((one) => one.name))) {
      faults.push(SPEC_FAULTS.sameBackend(each.name, again));
    }
  }
  return faults;
}

/** What came over TLS is not sent on in clear text unless somebody has said so. */
function clearText(parsed: BalancerSpec): Text[] {
  return parsed.listeners
    .filter(({ tls, backendTls }) => tls?.clearTextBackends === false && backendTls === undefined)
    .map(({ name }) => SPEC_FAULTS.clearTextBackends(name));
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((each, index) => names.indexOf(each) !== index))];
}
