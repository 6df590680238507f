import type { RunningBalancer } from "../balancer.ts";
import type { Work } from "../time/turns.ts";

/** The balancer's state as one line of JSON. */
export function* statusLine(balancer: Pick<RunningBalancer, "statsInSteps">): Work<string> {
  const stats = yield* balancer.statsInSteps();
  yield;
  return `${JSON.stringify(stats)}\n`;
}
