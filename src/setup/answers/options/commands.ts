/** The commands by the words that are typed; `setup` is the program without a command. */
export const COMMAND_NAMES = [
  "setup",
  "discover",
  "balancer run",
  "balancer check",
  "balancer status",
  "balancer drain",
  "balancer ready",
  "balancer reload",
  "haproxy print",
  "haproxy check",
  "keepalived print",
  "doctor",
  "undo",
  "sync",
  "config show",
  "completion",
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];

/** Commands that ask Cloudera Manager, or may. */
export const ASKING_CLOUDERA = [
  "setup",
  "discover",
  "haproxy print",
  "doctor",
  "undo",
  "sync",
  "config show",
] as const satisfies CommandName[];

/** Commands that look at what Hue reads. */
export const CONCERNING_HUE = ["setup", "doctor", "config show"] as const satisfies CommandName[];

/** Commands that make or run a balancer out of what is typed. */
export const MAKING_BALANCER = [
  "setup",
  "balancer run",
  "haproxy print",
  "config show",
] as const satisfies CommandName[];

/** Commands to a balancer that runs. */
export const CONTROLLING_BALANCER = [
  "balancer status",
  "balancer drain",
  "balancer ready",
  "balancer reload",
] as const satisfies CommandName[];

/** Commands that read settings from a file. */
export const READING_ANSWERS = [
  "setup",
  "discover",
  "haproxy print",
  "doctor",
  "sync",
  "config show",
] as const satisfies CommandName[];
