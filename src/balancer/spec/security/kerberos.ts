import * as v from "valibot";
import { SPEC_RULES } from "../../../messages/failures/balancer/spec.ts";
import type { Frozen } from "../values.ts";

/** A principal with its realm: names are compared as they are, so that nobody is taken for somebody else. */
const principal = v.pipe(v.string(), v.regex(/^[^@\s]+@[^@\s]+$/, SPEC_RULES.principal.en));

export const kerberos = v.strictObject({
  keytab: v.pipe(
    v.string(),
    v.regex(/^\//, SPEC_RULES.absolutePath.en),
    v.description(
      "file with the keys: logins to every name in it are accepted, and `principal` is one of them",
    ),
    v.examples(["/run/credentials/hue-impala-setup-balancer.service/keytab"]),
  ),
  principal: v.pipe(
    principal,
    v.description("who logs in to the Impalads, and the one client that is always served"),
    v.examples(["hue/hue1.example.com@EXAMPLE.COM"]),
  ),
  service: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9_.-]{1,63}$/, SPEC_RULES.service.en),
      v.description("first part of the Impalads' principals; the second is the backend's host name"),
    ),
    "impala",
  ),
  clients: v.optional(
    v.pipe(
      v.array(principal),
      v.description(
        "further principals that are served as `principal`; everybody else only with the credentials that he delegates",
      ),
    ),
    [],
  ),
});

/** How a listener speaks Kerberos with its clients and with the Impalads. */
export type KerberosSpec = Frozen<v.InferOutput<typeof kerberos>>;
