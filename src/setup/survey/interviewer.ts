import type { DiscoveredImpalad } from "../../cloudera/discovery/discovery.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { Failure } from "../../domain/failure.ts";
import type { Secret } from "../../domain/secret.ts";
import type { OptionValue } from "../answers/answers.ts";
import type { OptionKey } from "../answers/options.ts";

/** Who answers what scripts have not said: the wizard. Unattended runs have none. */
export interface Interviewer {
  /**
   * Asks for one option; `suggestion` is offered as the default, `choices` are the only ones allowed if given, shown as
   * `labels`.
   */
  ask<K extends OptionKey>(
    key: K,
    suggestion: OptionValue<K> | undefined,
    choices?: readonly string[],
    labels?: readonly string[],
  ): Promise<OptionValue<K> | undefined>;
  password(user: string): Promise<Secret>;
  /** Lets a person choose among the discovered Impalads; the ineligible ones are shown with their reason. */
  chooseImpalads(impalads: readonly DiscoveredImpalad[]): Promise<readonly Endpoint[]>;
  /** Shows what went wrong before the questions that led to it are asked again. */
  problem(failure: Failure): void;
}
