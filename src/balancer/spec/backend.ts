import * as v from "valibot";
import { SPEC_RULES } from "../../messages/failures/balancer/spec.ts";
import { count, endpoint, type Frozen, name } from "./values.ts";

export const backend = v.strictObject({
  name: v.pipe(name, v.description("name in logs, metrics and commands, unique in its listener")),
  address: v.pipe(
    endpoint,
    v.check((text) => !text.endsWith(":0"), SPEC_RULES.realPort.en),
    v.description("`HOST:PORT` of the Impalad's HiveServer2 port"),
    v.examples(["server1.example.com:21050"]),
  ),
  weight: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(256),
      v.description("share of the work, 0 to 256; 0: nothing new"),
    ),
    1,
  ),
  maxConnections: v.optional(
    v.pipe(
      count,
      v.description(
        "connections at a time; the rest waits in the queue; 0: no limit. Impala serves 64 (`fe_service_threads`)",
      ),
    ),
    0,
  ),
  backup: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "used only when no other backend is usable, or (unless sources are sticky) all others are full",
      ),
    ),
    false,
  ),
});

/** One Impalad of a listener. */
export type BackendSpec = Frozen<v.InferOutput<typeof backend>>;
