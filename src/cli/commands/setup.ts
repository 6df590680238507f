import { HUE_INIS } from "../../domain/well-known.ts";
import { commandFailure, NO_TERMINAL } from "../../messages/failures/commands.ts";
import { type Answers, answerOf, isSet } from "../../setup/answers/answers.ts";
import { settingOf } from "../../setup/answers/defaults.ts";
import { printAnswers } from "../../setup/answers/file.ts";
import { preflight } from "../../setup/apply/preflight.ts";
import { readCurrent, readIfThere } from "../../setup/current/current.ts";
import { desire } from "../../setup/desired/desired.ts";
import type { Plan } from "../../setup/plan/change.ts";
import { plan } from "../../setup/plan/plan.ts";
import { type Settled, settle } from "../../setup/settle/settle.ts";
import { systemdServices } from "../../setup/world/services.ts";
import { safeWrite, sha256 } from "../../system/files/safe-write.ts";
import type { Wizard } from "../../wizard/wizard.ts";
import { equivalentCommand } from "../command-line.ts";
import type { Context } from "../context.ts";
import type { CommandModule, Result } from "../result.ts";
import { applyPlan, modeOf, newWizard, planForPeople, showPlan } from "./shared.ts";

/** The set-up itself: settle, desire, plan, then show or apply. */
export const setup: CommandModule = {
  empty: (context) => ({ mode: modeOf(context.given), changed: false, changes: [] }),
  async run(context) {
    const wizard = await wizardFor(context);
    const settled = await settle(context.given, context.outside, wizard);
    try {
      context.outside.progress("reading the current state");
      const desired = desire(settled.answers, settled.around);
      const made = plan(desired, await readCurrent(desired, settled.client, systemdServices));
      for (const warning of made.warnings) context.outside.warn(warning);
      const mode = modeOf(settled.answers);
      if (mode !== "apply") {
        await preflight(made);
        return showPlan(made, mode, context);
      }
      if (wizard !== undefined && !isSet(settled.answers, "yes") && made.changes.length > 0) {
        await wizard.confirm(await planForPeople(made, context));
      }
      return await applied(made, settled, context, wizard !== undefined);
    } finally {
      settled.client?.close();
    }
  },
};

/** The wizard, on a terminal; undefined when nothing may be asked. */
async function wizardFor(context: Context): Promise<Wizard | undefined> {
  const { given, streams, json } = context;
  if (isSet(given, "nonInteractive") || json) return undefined;
  if (streams.stdin.isTTY !== true || streams.stderr.isTTY !== true) {
    const { reason, hint } = NO_TERMINAL.setup;
    throw commandFailure("no-terminal", { reason, hint: hint(HUE_INIS[0]) });
  }
  return newWizard(context);
}

async function applied(made: Plan, settled: Settled, context: Context, attended: boolean): Promise<Result> {
  const { answers, client } = settled;
  const result = await applyPlan(made, context, client, settingOf(answers, "stateDir"));
  const file = answerOf(answers, "saveAnswers");
  if (file !== undefined && result.failure === undefined) await saveAnswers(file, answers);
  if (!attended || result.failure !== undefined) return result;
  const again = `${context.language === "ja" ? "同じことを無人で行うコマンド" : "The same without questions"}:\n  ${equivalentCommand(answers)}\n`;
  return { ...result, remarks: `${result.remarks ?? ""}${again}` };
}

async function saveAnswers(file: string, answers: Answers): Promise<void> {
  const before = await readIfThere(file);
  const expected = before === null ? null : sha256(before);
  await safeWrite(file, Buffer.from(await printAnswers(answers)), { expected, mode: 0o600, backup: false });
}
