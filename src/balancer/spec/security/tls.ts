import * as v from "valibot";
import { SPEC_RULES } from "../../../messages/failures/balancer/spec.ts";
import type { Frozen } from "../values.ts";

const file = v.pipe(v.string(), v.regex(/^\//, SPEC_RULES.absolutePath.en));

export const tls = v.strictObject({
  certificate: v.pipe(file, v.description("PEM file: this host's certificate first, then its chain")),
  key: v.pipe(file, v.description("PEM file of its private key; may be the same file")),
  keyPasswordFile: v.exactOptional(
    v.pipe(file, v.description("file that holds the password of an encrypted key")),
  ),
  minVersion: v.optional(
    v.pipe(v.picklist(["TLSv1.2", "TLSv1.3"]), v.description("the oldest version of TLS that is spoken")),
    "TLSv1.2",
  ),
  clearTextBackends: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "required for a listener without `backendTls`: what comes over TLS is sent on in clear text, and logins with a password (SASL PLAIN, HTTP) are refused",
      ),
    ),
    false,
  ),
});

export const backendTls = v.strictObject({
  caFile: v.exactOptional(
    v.pipe(
      file,
      v.description(
        "PEM file of the authorities that sign the Impalads' certificates; without it the system's",
      ),
    ),
  ),
  serverName: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, SPEC_RULES.hostName.en),
      v.description("name that every Impalad's certificate must hold; without it each its own host name"),
    ),
  ),
  verify: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "false: certificates are not verified, which the log says at each start and the status page always; logins with a password that came over TLS are then refused",
      ),
    ),
    true,
  ),
});

/** How a listener speaks TLS with its clients. */
export type TlsSpec = Frozen<v.InferOutput<typeof tls>>;

/** How a listener speaks TLS with its backends. */
export type BackendTlsSpec = Frozen<v.InferOutput<typeof backendTls>>;
