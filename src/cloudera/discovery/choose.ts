import { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { nearest } from "../../domain/words/nearest.ts";
import { shellWord } from "../../domain/words/shell.ts";
import { clouderaDiscoveryFailure } from "../../messages/failures/cloudera/discovery.ts";

export type ChoiceOption = "--cluster" | "--hue-service" | "--impala-service";

/** Several candidates and no choice: a wizard asks, an unattended run lists them and ends with exit 78. */
export class ChoiceNeeded extends Failure {
  /** What may be given with the option; `labels` are the same in the words of the web UI. */
  readonly choices: readonly string[];
  readonly labels: readonly string[];
  /** The flag that is missing. */
  readonly option: ChoiceOption;

  constructor(failure: Failure, option: ChoiceOption, candidates: readonly Candidate[]) {
    super(failure.kind, failure.code, failure.text, failure.hintText);
    this.choices = candidates.map((candidate) => candidate.name);
    this.labels = candidates.map(labelOf);
    this.option = option;
  }
}

export interface Candidate {
  readonly name: string;
  readonly displayName?: string | null | undefined;
}

interface Question {
  readonly noun: "cluster" | "service";
  /** What is chosen, and where the candidates come from, for messages. */
  readonly what: Text;
  readonly where: Text;
  readonly option: ChoiceOption;
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
  const { noun, what, where, option } = question;
  if (wanted !== undefined) {
    const found =
      candidates.find((candidate) => candidate.name === wanted) ??
      only(candidates.filter((candidate) => candidate.displayName === wanted));
    if (found !== undefined) return found;
    const names = candidates.flatMap(({ name, displayName }) => [name, displayName ?? name]);
    const near = nearest(wanted, names);
    throw clouderaDiscoveryFailure(`unknown-${noun}`, {
      what,
      where,
      wanted,
      labels: [...new Set(candidates.map(labelOf))],
      near: near === undefined ? undefined : given(option, near),
    });
  }
  const [first] = candidates;
  if (first === undefined) throw clouderaDiscoveryFailure(`no-${noun}`, { what, where });
  if (candidates.length > 1) {
    const failure = clouderaDiscoveryFailure(`choose-${noun}`, {
      what,
      where,
      labels: candidates.map(labelOf),
      flags: candidates.map(({ name }) => given(option, name)),
    });
    throw new ChoiceNeeded(failure, option, candidates);
  }
  return first;
}

/** As it is written on a command line: `--cluster 'Cluster 1'`. */
function given(option: ChoiceOption, name: string): string {
  return `${option} ${shellWord(name)}`;
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function labelOf({ name, displayName }: Candidate): string {
  return displayName == null || displayName === "" || displayName === name
    ? name
    : `${name} (${displayName})`;
}
