import { loggedIn } from "../../setup/survey/cluster.ts";
import { planSync } from "../../setup/sync/sync.ts";
import type { CommandModule } from "../result.ts";
import { carryOut } from "./carry-out.ts";

/** `sync`: the balancer's members as Cloudera Manager names them now; nothing else changes. */
export const sync: CommandModule = {
  empty: () => ({ changed: false, changes: [] }),
  async run(context) {
    const { given, world } = context;
    const login = await loggedIn(given, world);
    try {
      return await carryOut(await planSync(given, login, world), context);
    } finally {
      login.close();
    }
  },
};
