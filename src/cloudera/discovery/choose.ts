import { Failure } from "../../domain/failure.ts";
import { nearest } from "../../domain/nearest.ts";
import { shellWord } from "../../domain/shell.ts";

export type ChoiceOption = "--cluster" | "--hue-service" | "--impala-service";

/** Several candidates and no choice: a wizard asks, an unattended run lists them and ends with exit 78. */
export class ChoiceNeeded extends Failure {
  /** What may be given with the option; `labels` are the same in the words of the web UI. */
  readonly choices: readonly string[];
  readonly labels: readonly string[];
  /** The flag that is missing. */
  readonly option: ChoiceOption;

  constructor(code: string, message: string, option: ChoiceOption, candidates: readonly Candidate[]) {
    const names = candidates.map((candidate) => candidate.name);
    super(
      "settings",
      code,
      message,
      `choose one: ${names.map((name) => `${option} ${shellWord(name)}`).join(" | ")}`,
    );
    this.choices = names;
    this.labels = candidates.map(labelOf);
    this.option = option;
  }
}

export interface Candidate {
  readonly name: string;
  readonly displayName?: string | null | undefined;
}

interface Question {
  /** What is chosen, for messages: `cluster`, `Hue service`. */
  readonly what: string;
  readonly option: ChoiceOption;
  /** `choose-cluster` or `choose-service`. */
  readonly code: string;
  /** Where the candidates come from, for messages: `Cloudera Manager at https://…`. */
  readonly where: string;
}

/**
 * The candidate that is meant: by name, by display name, or the only one. Names win over display names.
 * @throws ChoiceNeeded when there are several and none was named
 * @throws Failure `settings`, `unknown-cluster` or `unknown-service` with a suggestion, or `no-cluster`/`no-service`
 */
export function choose<T extends Candidate>(
  candidates: readonly T[],
  wanted: string | undefined,
  question: Question,
): T {
  const { what, where, option } = question;
  const noun = question.code.replace("choose-", "");
  if (wanted !== undefined) {
    const found =
      candidates.find((candidate) => candidate.name === wanted) ??
      only(candidates.filter((candidate) => candidate.displayName === wanted));
    if (found !== undefined) return found;
    const names = candidates.flatMap((candidate) => [
      candidate.name,
      candidate.displayName ?? candidate.name,
    ]);
    const near = nearest(wanted, names);
    const known = [...new Set(candidates.map(labelOf))];
    throw new Failure(
      "settings",
      `unknown-${noun}`,
      `${where} has no ${what} "${wanted}"`,
      near !== undefined
        ? `did you mean ${option} ${shellWord(near)}?`
        : known.length === 0
          ? `it has no ${what} at all`
          : `it has: ${listed(known)}`,
    );
  }
  const [first] = candidates;
  if (first === undefined) {
    throw new Failure(
      "settings",
      `no-${noun}`,
      `${where} has no ${what}`,
      "check the URL and that the account may see it; without Cloudera Manager, list the impalads with --impalad",
    );
  }
  if (candidates.length > 1) {
    throw new ChoiceNeeded(
      question.code,
      `${where} has ${candidates.length} candidates for the ${what}: ${listed(candidates.map(labelOf))}`,
      option,
      candidates,
    );
  }
  return first;
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function labelOf({ name, displayName }: Candidate): string {
  return displayName == null || displayName === "" || displayName === name
    ? name
    : `${name} (${displayName})`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
