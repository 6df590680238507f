import * as v from "valibot";
import { type Frozen, moreThanZero, seconds } from "./values.ts";

export const timeouts = v.strictObject({
  connect: v.optional(v.pipe(moreThanZero, v.description("then the next backend is tried")), 4),
  client: v.optional(
    v.pipe(moreThanZero, v.description("idle time towards the client; traffic in either direction counts")),
    43_200,
  ),
  server: v.optional(
    v.pipe(moreThanZero, v.description("idle time towards the backend; traffic in either direction counts")),
    43_200,
  ),
  halfClosed: v.optional(
    v.pipe(moreThanZero, v.description("how long a half-closed connection may live")),
    30,
  ),
  queue: v.optional(
    v.pipe(moreThanZero, v.description("how long a connection may wait for a free backend slot")),
    30,
  ),
  firstByte: v.exactOptional(
    v.pipe(
      seconds,
      v.description(
        "how long a new connection may stay silent; 0: no limit; left out: 30, or no limit for Hue alone",
      ),
    ),
  ),
});

/** How long a connection may last in which state. */
export type TimeoutsSpec = Frozen<v.InferOutput<typeof timeouts>>;
