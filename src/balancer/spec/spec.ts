import * as v from "valibot";
import { SPEC_RULES } from "../../messages/failures/balancer/spec.ts";
import { admin, log } from "./admin.ts";
import { listener } from "./listener.ts";
import type { Frozen } from "./values.ts";

export type { Balance } from "../algorithms/table.ts";
export type { AdminSpec, LogSpec } from "./admin.ts";
export type { BackendSpec } from "./backend.ts";
export type { HealthSpec } from "./health.ts";
export type { ListenerSpec } from "./listener.ts";
export type { KerberosSpec } from "./security/kerberos.ts";
export type { BackendTlsSpec, TlsSpec } from "./security/tls.ts";
export type { TimeoutsSpec } from "./timeouts.ts";

/**
 * The balancer specification: what the bundled balancer runs and what the HAProxy configuration is rendered from. All
 * times are seconds. `parseSpec` reads it; docs/balancer.md and docs/balancer.schema.json are made from it.
 */
export const specSchema = v.strictObject({
  version: v.pipe(v.literal(1), v.description("1, the version of this format")),
  listeners: v.pipe(
    v.array(listener),
    v.minLength(1, SPEC_RULES.oneListener.en),
    v.description("where clients connect"),
  ),
  admin: v.exactOptional(v.pipe(admin, v.description("where the running balancer is watched and steered"))),
  log: v.exactOptional(v.pipe(log, v.description("what it writes to standard error"))),
});

/** A valid specification with its defaults filled in. */
export type BalancerSpec = Frozen<v.InferOutput<typeof specSchema>>;

/** The specification as people write it: everything with a default may be left out. */
export type BalancerSpecInput = v.InferInput<typeof specSchema>;
