import type { Text } from "../../domain/text.ts";

/** How an option's text becomes a value; `settings.ts` holds the value types. */
export type OptionType =
  | { readonly kind: "flag" }
  | { readonly kind: "text" }
  | { readonly kind: "path" }
  | { readonly kind: "host" }
  | { readonly kind: "port" }
  /** Whole seconds from 1. */
  | { readonly kind: "seconds" }
  /** `ADDRESS:PORT`. */
  | { readonly kind: "endpoint" }
  /** `HOST[:PORT]`, repeatable or separated by commas. */
  | { readonly kind: "endpoints"; readonly defaultPort: number }
  /** CIDR networks, repeatable or separated by commas. */
  | { readonly kind: "networks" }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

export type OptionGroup = "mode" | "hue" | "cloudera" | "balancer" | "places" | "output";

/** One row of the option table: everything that any part of the program needs to know about an option. */
export interface OptionRow {
  /** Long flag without value, as typed: `--cm-url`. The environment name is derived from it. */
  readonly flag: string;
  /** Placeholder of the value in help, or undefined for a plain flag. */
  readonly placeholder?: string;
  readonly type: OptionType;
  readonly group: OptionGroup;
  /** Dotted path in an answers file, or undefined for options that only make sense for one run. */
  readonly path?: string;
  /** Default as text for help; a computed default is described in words, in both languages. */
  readonly defaultText?: string | Text;
  readonly help: Text;
  /** Question of the wizard; rows without one are never asked. */
  readonly prompt?: Text;
}

const ENVIRONMENT_PREFIX = "HUE_IMPALA_SETUP_";

/** `--cm-url` → `HUE_IMPALA_SETUP_CM_URL`. */
export function environmentName(row: OptionRow): string {
  return ENVIRONMENT_PREFIX + row.flag.slice(2).toUpperCase().replaceAll("-", "_");
}
