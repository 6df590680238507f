import type { OptionRow } from "./option.ts";
import { BALANCER_OPTIONS } from "./options/balancer.ts";
import { CLOUDERA_OPTIONS } from "./options/cloudera.ts";
import { COMMAND_OPTIONS } from "./options/command.ts";
import { HUE_OPTIONS } from "./options/hue.ts";
import { KERBEROS_OPTIONS } from "./options/kerberos.ts";
import { MODE_OPTIONS } from "./options/mode.ts";
import { OUTPUT_OPTIONS } from "./options/output.ts";
import { PLACES_OPTIONS } from "./options/places.ts";
import { TLS_OPTIONS } from "./options/tls.ts";

/**
 * The option table: the only list of options. The parser, the wizard's questions, `--help`, completion, the man page,
 * the README's table and the answers schema are made from it.
 */
export const OPTIONS = {
  ...MODE_OPTIONS,
  ...HUE_OPTIONS,
  ...CLOUDERA_OPTIONS,
  ...BALANCER_OPTIONS,
  ...KERBEROS_OPTIONS,
  ...PLACES_OPTIONS,
  ...OUTPUT_OPTIONS,
  ...COMMAND_OPTIONS,
  ...TLS_OPTIONS,
} as const satisfies Record<string, OptionRow>;

export type OptionKey = keyof typeof OPTIONS;

export const OPTION_KEYS = Object.keys(OPTIONS) as OptionKey[];
