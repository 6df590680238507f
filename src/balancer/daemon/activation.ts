import type { BalancerSpec } from "../spec/spec.ts";

/** systemd hands listening sockets over from this descriptor on (sd_listen_fds(3)). */
const FIRST = 3;

/**
 * The descriptors of listening sockets that systemd (or whoever started us) holds, by listener name: by
 * `FileDescriptorName=` where it is a listener's name, else in the order of the specification. So a restart of the
 * balancer refuses nobody.
 */
export function inheritedDescriptors(
  spec: BalancerSpec,
  environment: NodeJS.ProcessEnv,
  pid: number,
): ReadonlyMap<string, number> {
  const count = Number(environment["LISTEN_FDS"] ?? "0");
  if (!Number.isInteger(count) || count <= 0 || environment["LISTEN_PID"] !== String(pid)) return new Map();
  const given = (environment["LISTEN_FDNAMES"] ?? "").split(":");
  const names = spec.listeners.map((each) => each.name);
  const found = new Map<string, number>();
  const nameless: number[] = [];
  for (let index = 0; index < count; index++) {
    const name = given[index] ?? "";
    if (names.includes(name) && !found.has(name)) found.set(name, FIRST + index);
    else nameless.push(FIRST + index);
  }
  for (const name of names) {
    const descriptor = found.has(name) ? undefined : nameless.shift();
    if (descriptor !== undefined) found.set(name, descriptor);
  }
  return found;
}
