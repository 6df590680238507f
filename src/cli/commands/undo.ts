import { commandFailure, NO_TERMINAL } from "../../messages/failures/cli/commands.ts";
import { isSet } from "../../setup/answers/answers.ts";
import { settingOf } from "../../setup/answers/defaults.ts";
import type { Plan } from "../../setup/plan/change.ts";
import { planUndo } from "../../setup/undo/undo.ts";
import type { Context } from "../context.ts";
import type { CommandModule } from "../result.ts";
import { carryOut, modeOf, newWizard, planForPeople, showPlan } from "./carry-out.ts";

/** `undo`: the last apply reversed, as a plan that is shown and applied like any other. */
export const undo: CommandModule = {
  empty: () => ({ changed: false, changes: [] }),
  async run(context) {
    const { given, world } = context;
    const { plan, undoes, close } = await planUndo(given, world, settingOf(given, "stateDir"));
    try {
      if (undoes === undefined) return await showPlan(plan, modeOf(given), context);
      return await carryOut(plan, context, { undoes, confirm: () => confirm(plan, context) });
    } finally {
      close();
    }
  },
};

async function confirm(plan: Plan, context: Context): Promise<void> {
  const { given, streams, json } = context;
  if (json || isSet(given, "yes") || isSet(given, "nonInteractive")) return;
  if (streams.stdin.isTTY !== true || streams.stderr.isTTY !== true) {
    throw commandFailure("no-terminal", NO_TERMINAL.undo);
  }
  await (await newWizard(context)).confirm(await planForPeople(plan, context));
}
