import type { Kerberos } from "../gssapi/kerberos.ts";
import { CallBudget } from "./budget.ts";
import { SearchBudget, type SearchLimits } from "./calls/search-budget.ts";
import { RunningClock } from "./clock.ts";
import { Counters } from "./counters.ts";
import type { SessionEvent } from "./events.ts";
import { Keepers } from "./links/keepers.ts";
import type { Links } from "./links/links.ts";
import { Slots } from "./links/slots.ts";
import { GoneHandles } from "./load/gone-handles.ts";
import { Outages } from "./load/outages.ts";
import { SessionLoad } from "./load/session-load.ts";
import { SessionTable, type TableOptions } from "./load/table.ts";
import { type RoutingTimeouts, type Timeouts, withDefaults } from "./timeouts.ts";

/** What the connections of one router share; each class takes the parts that it uses. */
export interface RouterParts {
  /** Which backend owns which session. */
  readonly table: SessionTable;
  /** Handles that are asked about though they are gone. */
  readonly gone: GoneHandles;
  /** Who gets the next session. */
  readonly load: SessionLoad;
  readonly outages: Outages;
  readonly slots: Slots;
  readonly clock: RunningClock;
  readonly budget: CallBudget;
  readonly searches: SearchBudget;
  readonly counters: Counters;
  /** Changed by a reload. */
  readonly settings: { timeouts: Timeouts; kerberos: Kerberos | undefined };
}

export interface SessionRouterOptions {
  readonly timeouts: RoutingTimeouts;
  /** Without it Kerberos logins are not routed. */
  readonly kerberos?: Kerberos | undefined;
  readonly table?: TableOptions;
  /** What one client connection may spend on searches. */
  readonly searches?: SearchLimits;
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
  options: SessionRouterOptions,
  now: () => number,
  links: () => Iterable<Links>,
): RouterParts {
  const clock = new RunningClock(now);
  const table = new SessionTable(options.table);
  const counters = new Counters(options.onEvent ?? (() => undefined));
  const keepers = new Keepers(clock.now, (session) => table.has(session));
  return {
    table,
    gone: new GoneHandles(),
    load: new SessionLoad(table),
    outages: new Outages(clock, table, keepers),
    slots: new Slots(keepers, links, (link, source) =>
      counters.tell({ type: "made-room", source, backend: link.backend, owned: link.role === "owner" }),
    ),
    clock,
    budget: new CallBudget(options.maxCall),
    searches: new SearchBudget(clock, options.searches),
    counters,
    settings: { timeouts: withDefaults(options.timeouts), kerberos: options.kerberos },
  };
}
