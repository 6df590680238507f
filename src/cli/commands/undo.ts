import { commandFailure, NO_TERMINAL } from "../../messages/failures/commands.ts";
import { isSet, withAnswer } from "../../setup/answers/answers.ts";
import { settingOf } from "../../setup/answers/defaults.ts";
import { Journal, type JournalContent } from "../../setup/apply/journal.ts";
import { preflight } from "../../setup/apply/preflight.ts";
import type { Plan } from "../../setup/plan/change.ts";
import { type Login, loggedIn } from "../../setup/survey/cluster.ts";
import { reversePlan } from "../../setup/undo/reverse-plan.ts";
import type { Context } from "../context.ts";
import type { CommandModule, Result } from "../result.ts";
import { applyPlan, modeOf, newWizard, planForPeople, showPlan } from "./shared.ts";

/** `undo`: the last apply reversed, as a plan that is shown and applied like any other. */
export const undo: CommandModule = {
  empty: () => ({ changed: false, changes: [] }),
  async run(context) {
    const { given } = context;
    const stateDir = settingOf(given, "stateDir");
    let seen = 0;
    for await (const { name, content } of Journal.undoable(stateDir)) {
      seen += 1;
      const client = await clientFor(content, context);
      try {
        const plan = await reversePlan(content.steps, client === undefined ? {} : { client });
        // Nothing of it is left (it was taken back when it failed, or by hand): the one before it is meant.
        if (plan.changes.length === 0) continue;
        return await undoOne(plan, name, context, client);
      } finally {
        client?.close();
      }
    }
    if (seen > 0) return showPlan({ changes: [], warnings: [], next: [] }, modeOf(given), context);
    throw commandFailure("nothing-to-undo", { stateDir });
  },
};

async function undoOne(
  plan: Plan,
  name: string,
  context: Context,
  client: Login | undefined,
): Promise<Result> {
  const { given } = context;
  const mode = modeOf(given);
  if (mode !== "apply") {
    await preflight(plan);
    return showPlan(plan, mode, context);
  }
  await confirm(plan, context);
  return applyPlan(plan, context, client, settingOf(given, "stateDir"), name);
}

/** Logged in as the apply was, if it changed anything in Cloudera Manager. */
async function clientFor(journal: JournalContent, { given, outside }: Context): Promise<Login | undefined> {
  if (!journal.steps.some(({ kind }) => kind === "valve" || kind === "load-balancer")) return undefined;
  const origin = { kind: "discovered", detail: "journal" } as const;
  let answers = given;
  if (answers.cmUrl === undefined)
    answers = withAnswer(answers, "cmUrl", journal.cloudera?.url ?? "", origin);
  if (answers.cmUser === undefined)
    answers = withAnswer(answers, "cmUser", journal.cloudera?.user ?? "", origin);
  return loggedIn(answers, outside);
}

async function confirm(plan: Plan, context: Context): Promise<void> {
  const { given, streams, json } = context;
  if (json || isSet(given, "yes") || isSet(given, "nonInteractive")) return;
  if (streams.stdin.isTTY !== true || streams.stderr.isTTY !== true) {
    throw commandFailure("no-terminal", NO_TERMINAL.undo);
  }
  await (await newWizard(context)).confirm(await planForPeople(plan, context));
}
