import type { CmClient } from "../../cloudera/client/client.ts";
import type { Change, ChangeStatus } from "../plan/change.ts";
import type { Login } from "../survey/cluster.ts";
import type { Outside } from "../world/outside.ts";
import type { Services } from "../world/services.ts";

/** What changes are made with. */
export interface Hands {
  readonly outside: Outside;
  readonly services: Services;
  /** What is changed in Cloudera Manager is taken back through `reconnect` once the run is interrupted. */
  readonly client?: CmClient & Partial<Pick<Login, "reconnect">>;
  readonly stateDir: string;
  /** Called before and after each change. */
  readonly onChange?: (change: Change, status: "begun" | ChangeStatus, note?: string) => void;
}
