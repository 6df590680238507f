import { CallBudget } from "./budget.ts";
import { RunningClock } from "./clock.ts";
import { Counters } from "./counters.ts";
import type { SessionEvent } from "./events.ts";
import type { Links } from "./links/links.ts";
import { Slots } from "./links/slots.ts";
import { Outages } from "./load/outages.ts";
import { SessionLoad } from "./load/session-load.ts";
import { SessionTable, type TableOptions } from "./load/table.ts";

/** What the connections of one router share; each class takes the parts that it uses. */
export interface RouterParts {
  /** Which backend owns which session. */
  readonly table: SessionTable;
  /** Who gets the next session. */
  readonly load: SessionLoad;
  readonly outages: Outages;
  readonly slots: Slots;
  readonly clock: RunningClock;
  readonly budget: CallBudget;
  readonly counters: Counters;
}

export interface PartsOptions {
  readonly table?: TableOptions;
  /** Most bytes of one call. Default 256 MiB. */
  readonly maxCall?: number;
  /** Told of what an administrator may want to know. */
  readonly onEvent?: (event: SessionEvent) => void;
}

/**
 * @param now milliseconds on a clock that never jumps
 * @param links those of every connection
 */
export function makeParts(
  options: PartsOptions,
  now: () => number,
  links: () => Iterable<Links>,
): RouterParts {
  const clock = new RunningClock(now);
  const table = new SessionTable(options.table);
  return {
    table,
    load: new SessionLoad(table),
    outages: new Outages(clock, table),
    slots: new Slots(links),
    clock,
    budget: new CallBudget(options.maxCall),
    counters: new Counters(options.onEvent ?? (() => undefined)),
  };
}
