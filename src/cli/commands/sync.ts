import { settingOf } from "../../setup/answers/defaults.ts";
import { preflight } from "../../setup/apply/preflight.ts";
import { loggedIn } from "../../setup/survey/cluster.ts";
import { planSync } from "../../setup/sync/sync.ts";
import { systemdServices } from "../../setup/world/services.ts";
import type { CommandModule } from "../result.ts";
import { applyPlan, modeOf, showPlan } from "./shared.ts";

/** `sync`: the balancer's members as Cloudera Manager names them now; nothing else changes. */
export const sync: CommandModule = {
  empty: () => ({ changed: false, changes: [] }),
  async run(context) {
    const { given, outside } = context;
    const client = await loggedIn(given, outside);
    try {
      const plan = await planSync(given, client, outside, systemdServices);
      for (const warning of plan.warnings) outside.warn(warning);
      const mode = modeOf(given);
      if (mode === "apply") return await applyPlan(plan, context, client, settingOf(given, "stateDir"));
      await preflight(plan);
      return await showPlan(plan, mode, context);
    } finally {
      client.close();
    }
  },
};
