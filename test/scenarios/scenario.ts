import * as v from "valibot";
import { parse } from "yaml";

/** A file of a scenario: its text, or a copy of a file of the repository, with mode bits. */
const File = v.union([
  v.string(),
  v.strictObject({
    copy: v.optional(v.string()),
    text: v.optional(v.string()),
    mode: v.optional(v.number()),
  }),
]);

const Step = v.strictObject({
  /** Arguments of the program, as a shell would split them; placeholders in braces are filled in. */
  run: v.string(),
  env: v.optional(v.record(v.string(), v.string()), {}),
  input: v.optional(v.string(), ""),
  /** The account to run as, for tests of permissions. */
  uid: v.optional(v.number()),
  exit: v.number(),
  /** Standard output, all of it; placeholders are filled in. */
  stdout: v.optional(v.string()),
  /** Parts of standard output and standard error. */
  stdoutHas: v.optional(v.array(v.string()), []),
  stderrHas: v.optional(v.array(v.string()), []),
  /** Must be contained in the one JSON document on standard output. */
  json: v.optional(v.unknown()),
  /** Files after the step: their whole text. */
  files: v.optional(v.record(v.string(), v.string()), {}),
  /** Files that are as before the step, modification time included. */
  untouched: v.optional(v.array(v.string()), []),
  absent: v.optional(v.array(v.string()), []),
  /** Hue's service-level safety valve after the step. */
  valve: v.optional(v.string()),
});

const Scenario = v.strictObject({
  title: v.string(),
  /** Why this must be so, for whoever reads the failure. */
  because: v.optional(v.string()),
  files: v.optional(v.record(v.string(), File), {}),
  /** Options of the simulated Cloudera Manager; absent: none runs. */
  cloudera: v.optional(
    v.strictObject({
      apiVersion: v.optional(v.number(), 45),
      tls: v.optional(v.union([v.boolean(), v.string()]), false),
      cluster: v.optional(v.record(v.string(), v.unknown()), {}),
      clusters: v.optional(v.array(v.string())),
      faults: v.optional(v.array(v.unknown()), []),
    }),
  ),
  /** Debian programs that it needs. */
  needs: v.optional(v.array(v.string()), []),
  steps: v.array(Step),
});

export type Scenario = v.InferOutput<typeof Scenario>;
export type ScenarioStep = Scenario["steps"][number];

/** Reads a scenario file: one document or several. @throws Error that names the file and what is wrong with it */
export function parseScenario(text: string, name: string): Scenario {
  const result = v.safeParse(Scenario, parse(text));
  if (result.success) return result.output;
  const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`);
  throw new Error(`${name}: ${issues.join("; ")}`);
}

/** Splits as a shell does: blanks separate, single and double quotes hold together. */
export function words(line: string): string[] {
  const found = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return found.map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  );
}
