import type { CallBudget } from "./budget.ts";
import type { RunningClock } from "./clock.ts";
import type { Counters } from "./counters.ts";
import type { Slots } from "./links/slots.ts";
import type { Outages } from "./load/outages.ts";
import type { SessionLoad } from "./load/session-load.ts";
import type { SessionTable } from "./load/table.ts";

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
