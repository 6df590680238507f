import { onTestFinished } from "vitest";
import { startCloudera } from "../../fixtures/cloudera-manager/index.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";

/** The password of every user of a test's Cloudera Manager: it must be found in no output and no file. */
export const PASSWORD = "Sw0rdfish-4711";

/** A simulated Cloudera Manager whose users have {@link PASSWORD}, until the test ends. */
export async function startManager(options: Parameters<typeof startCloudera>[0] = {}) {
  const manager = await startCloudera({ users: defaultUsers(PASSWORD), ...options });
  onTestFinished(() => manager.close());
  return manager;
}

/** Where a run writes: in its own folder, and it knows of no agent. */
export const PLACES = [
  ...["--spec", "balancer.json"],
  ...["--unit-dir", "units"],
  ...["--state-dir", "state"],
  ...["--agent-config", "none"],
];
