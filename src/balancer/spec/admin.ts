import * as v from "valibot";
import { SPEC_RULES } from "../../messages/failures/balancer/spec.ts";
import { endpoint, type Frozen } from "./values.ts";

export const admin = v.strictObject({
  socket: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^\//, SPEC_RULES.absolutePath.en),
      v.description("unix socket of `balancer status`, `drain`, `ready`, `reload` (mode 0600)"),
    ),
  ),
  http: v.exactOptional(
    v.pipe(
      endpoint,
      v.description(
        "`ADDRESS:PORT` of the status page `/`, `/status.json`, `/metrics`, `/healthz`; loopback is wise",
      ),
      v.examples(["127.0.0.1:10002"]),
    ),
  ),
});

export const log = v.strictObject({
  format: v.optional(v.pipe(v.picklist(["text", "json"]), v.description("of each line")), "text"),
  level: v.optional(
    v.pipe(v.picklist(["debug", "info", "warning", "error"]), v.description("the least that is written")),
    "info",
  ),
});

/** Where a running balancer is watched and steered. */
export type AdminSpec = Frozen<v.InferOutput<typeof admin>>;

export type LogSpec = Frozen<v.InferOutput<typeof log>>;
