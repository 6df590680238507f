import type * as v from "valibot";
import { sameText, type Text } from "../../domain/text.ts";
import { nearest } from "../../domain/words/nearest.ts";
import { SPEC_FAULTS, SPEC_RULES } from "../../messages/failures/balancer/spec.ts";

/**
 * What is wrong at one place of a document, in words: the place as dotted keys, an unknown key with the nearest known
 * one.
 * @param schema the whole schema that found the issue
 */
export function describeIssue(issue: v.BaseIssue<unknown>, schema: unknown): Text {
  const path = (issue.path ?? []).map((item) => String(item.key));
  if (issue.type === "strict_object" && issue.expected === "never") {
    return SPEC_FAULTS.unknownKey(
      path.join("."),
      nearest(path.at(-1) ?? "", knownKeys(path.slice(0, -1), schema)),
    );
  }
  const place = path.length === 0 ? SPEC_FAULTS.wholeDocument : sameText(path.join("."));
  if (issue.received === "undefined") return SPEC_FAULTS.missing(place);
  const rule = Object.values(SPEC_RULES).find(({ en }) => en === issue.message);
  if (rule !== undefined) return SPEC_FAULTS.rule(place, rule, issue.received);
  return SPEC_FAULTS.other(place, issue.received, issue.expected ?? String(issue.requirement));
}

/** The keys of the object schema at a place. */
function knownKeys(path: readonly string[], schema: unknown): string[] {
  const found = unwrap(path.reduce(childSchema, schema));
  return hasEntries(found) ? Object.keys(found.entries) : [];
}

function childSchema(schema: unknown, key: string): unknown {
  const inner = unwrap(schema);
  if (hasEntries(inner)) return inner.entries[key];
  if (typeof inner === "object" && inner !== null && "item" in inner) return inner.item;
  return undefined;
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (typeof current === "object" && current !== null && "wrapped" in current) current = current.wrapped;
  return current;
}

function hasEntries(schema: unknown): schema is { entries: Record<string, unknown> } {
  return typeof schema === "object" && schema !== null && "entries" in schema;
}
