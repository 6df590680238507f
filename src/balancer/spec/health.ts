import * as v from "valibot";
import { SPEC_RULES } from "../../messages/failures/balancer/spec.ts";
import { atLeastOne, type Frozen, moreThanZero, port } from "./values.ts";

const http = v.strictObject({
  port: v.optional(v.pipe(port, v.description("of the Impalad's web server")), 25_000),
  path: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\/[!-~]*$/, SPEC_RULES.urlPath.en),
      v.description("401 and 404 say nothing about health"),
    ),
    "/healthz",
  ),
});

const hiveserver2 = v.strictObject({
  user: v.optional(v.pipe(v.string(), v.description("who opens the session")), "hue-impala-setup"),
  passwordFile: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^\//, SPEC_RULES.absolutePath.en),
      v.description("file with the password of `user`: the check logs in with SASL PLAIN (LDAP)"),
    ),
  ),
});

export const health = v.strictObject({
  interval: v.optional(
    v.pipe(moreThanZero, v.description("seconds between checks: a TCP connection at least")),
    2,
  ),
  timeout: v.optional(
    v.pipe(moreThanZero, v.description("seconds within which a check must have passed")),
    2,
  ),
  fastInterval: v.exactOptional(
    v.pipe(
      moreThanZero,
      v.description(
        "seconds between checks while a change of state is under way; without it half the interval, at most 1",
      ),
    ),
  ),
  fall: v.optional(v.pipe(atLeastOne, v.description("consecutive failed checks until a backend is down")), 3),
  rise: v.optional(v.pipe(atLeastOne, v.description("consecutive good checks until it is up again")), 2),
  http: v.exactOptional(
    v.pipe(http, v.description("also ask the Impalad's web server (Impala 3.4 and later)")),
  ),
  hiveserver2: v.exactOptional(
    v.pipe(
      hiveserver2,
      v.description(
        "also open and close a session: sees a frozen Impalad; logs in with Kerberos where the listener has it, else as `passwordFile` says",
      ),
    ),
  ),
});

/** How a listener finds out which of its backends are up. */
export type HealthSpec = Frozen<v.InferOutput<typeof health>>;
