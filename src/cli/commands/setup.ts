import type { Text } from "../../domain/text.ts";
import { HUE_INIS } from "../../domain/well-known.ts";
import { visible } from "../../domain/words/visible.ts";
import { commandFailure, NO_TERMINAL } from "../../messages/failures/cli/commands.ts";
import { PROGRESS } from "../../messages/progress.ts";
import { type Answers, answerOf, isSet } from "../../setup/answers/answers.ts";
import { saveAnswers } from "../../setup/apply/save-answers.ts";
import { readCurrent } from "../../setup/current/current.ts";
import { desire } from "../../setup/desired/desired.ts";
import { plan } from "../../setup/plan/plan.ts";
import { settle } from "../../setup/settle/settle.ts";
import type { Wizard } from "../../wizard/wizard.ts";
import type { Context } from "../context.ts";
import { equivalentCommand } from "../parse/command-line.ts";
import type { CommandModule, Result } from "../result.ts";
import { carryOut, modeOf, newWizard, planForPeople } from "./carry-out.ts";

const AGAIN: Text = { en: "The same without questions", ja: "同じことを無人で行うコマンド" };

/** The set-up itself: settle, desire, plan, then show or apply. */
export const setup: CommandModule = {
  empty: (context) => ({ mode: modeOf(context.given), changed: false, changes: [] }),
  async run(context) {
    const wizard = await wizardFor(context);
    const settled = await settle(context.given, context.world, wizard);
    try {
      context.world.progress(PROGRESS.current);
      const desired = desire(settled);
      const made = plan(desired, await readCurrent(desired, context.world));
      const result = await carryOut(made, context, {
        ...(wizard === undefined || isSet(context.given, "yes")
          ? {}
          : { confirm: async () => wizard.confirm(await planForPeople(made, context)) }),
      });
      if (modeOf(context.given) !== "apply" || result.failure !== undefined) return result;
      return await remembered(settled.answers, result, context, wizard !== undefined);
    } finally {
      settled.close();
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

/** Saves the answers if that is wished, and tells a person how to do the same unattended. */
async function remembered(
  answers: Answers,
  result: Result,
  context: Context,
  attended: boolean,
): Promise<Result> {
  const file = answerOf(answers, "saveAnswers");
  if (file !== undefined) await saveAnswers(file, answers, context.writable);
  if (!attended) return result;
  const again = `${AGAIN[context.language]}:\n  ${visible(equivalentCommand(answers))}\n`;
  return { ...result, remarks: `${result.remarks ?? ""}${again}` };
}
