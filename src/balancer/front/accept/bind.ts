import { errnoOf, Failure } from "../../../domain/failure.ts";
import type { ListenerSpec } from "../../spec/spec.ts";

/** Why a listening socket cannot be opened, with the remedy. */
export function listenFailure(error: Error, spec: Pick<ListenerSpec, "name" | "bind">): Failure {
  const place = `listener "${spec.name}": ${spec.bind}`;
  switch (errnoOf(error)) {
    case "EADDRINUSE":
      return new Failure(
        "settings",
        "address-in-use",
        `${place} is in use by another program`,
        `find it with: ss -ltnp 'sport = :${spec.bind.slice(spec.bind.lastIndexOf(":") + 1)}'; stop it, or choose another port`,
      );
    case "EADDRNOTAVAIL":
      return new Failure(
        "settings",
        "address-not-local",
        `${place} is not an address of this host`,
        "choose one that `ip address` shows, 127.0.0.1, or 0.0.0.0",
      );
    case "EACCES":
      return new Failure(
        "auth",
        "address-denied",
        `${place}: not permitted`,
        "ports below 1024 need a privilege; choose a higher port",
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new Failure(
        "settings",
        "address-unknown",
        `${place}: the name does not resolve`,
        "write an IP address of this host",
      );
    default:
      return new Failure("settings", "cannot-listen", `${place}: ${error.message}`);
  }
}
