import type { CmReader } from "../client/client.ts";
import { HostList, type Role } from "../client/shapes.ts";

type OnHost = Pick<Role, "hostRef">;

/**
 * Names the host of each of the roles, undefined where Cloudera Manager gives none. Before v31 a role holds its host's
 * opaque id only; then one list of all hosts resolves them.
 * @throws Failure as the client does
 */
export async function hostNames(
  client: CmReader,
  roles: readonly OnHost[],
): Promise<(role: OnHost) => string | undefined> {
  const unnamed = roles.some((role) => !role.hostRef?.hostname);
  const hosts = unnamed ? await readHosts(client) : new Map<string, string>();
  return (role) => role.hostRef?.hostname || hosts.get(role.hostRef?.hostId ?? "");
}

/** Host names by host id, in one request for all hosts. */
async function readHosts(client: CmReader): Promise<ReadonlyMap<string, string>> {
  const { items } = await client.get(["hosts"], HostList);
  return new Map(
    items.flatMap((host) => (host.hostname == null ? [] : [[host.hostId, host.hostname] as const])),
  );
}
