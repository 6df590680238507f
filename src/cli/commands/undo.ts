import type { CmClient } from "../../cloudera/client.ts";
import { Failure } from "../../domain/failure.ts";
import { answerOf, isSet, withAnswer } from "../../setup/answers/answers.ts";
import { loggedIn } from "../../setup/cluster.ts";
import { Journal, type JournalContent } from "../../setup/journal.ts";
import { preflight } from "../../setup/preflight.ts";
import { reversePlan } from "../../setup/reverse-plan.ts";
import { systemdServices } from "../../setup/services.ts";
import type { Context } from "../context.ts";
import type { CommandModule } from "../result.ts";
import { applyPlan, newWizard, planForPeople, STATE_DIR, showPlan } from "./shared.ts";

/** `undo`: the last apply reversed, as a plan that is shown and applied like any other. */
export const undo: CommandModule = {
  empty: () => ({ changed: false, changes: [] }),
  async run(context) {
    const { given } = context;
    const stateDir = answerOf(given, "stateDir") ?? STATE_DIR;
    const latest = await Journal.latest(stateDir);
    if (latest === undefined) {
      throw new Failure(
        "failed",
        "nothing-to-undo",
        `no apply is recorded in ${stateDir}`,
        "name the folder with --state-dir",
      );
    }
    const client = await clientFor(latest.content, context);
    try {
      const plan = await reversePlan(latest.content.steps, client === undefined ? {} : { client });
      if (isSet(given, "check") || isSet(given, "dryRun")) {
        await preflight(plan, systemdServices);
        return await showPlan(plan, isSet(given, "check") ? "check" : "dry-run", context);
      }
      await confirm(plan.changes.length, context, plan);
      return await applyPlan(plan, context, client, stateDir, latest.name);
    } finally {
      client?.close();
    }
  },
};

/** Logged in as the apply was, if it changed anything in Cloudera Manager. */
async function clientFor(
  journal: JournalContent,
  { given, outside }: Context,
): Promise<CmClient | undefined> {
  if (!journal.steps.some(({ kind }) => kind === "valve" || kind === "load-balancer")) return undefined;
  const origin = { kind: "discovered", detail: "journal" } as const;
  let answers = given;
  if (answers.cmUrl === undefined)
    answers = withAnswer(answers, "cmUrl", journal.cloudera?.url ?? "", origin);
  if (answers.cmUser === undefined)
    answers = withAnswer(answers, "cmUser", journal.cloudera?.user ?? "", origin);
  return loggedIn(answers, outside);
}

async function confirm(count: number, context: Context, plan: Parameters<typeof showPlan>[0]): Promise<void> {
  const { given, streams, json } = context;
  if (count === 0 || json || isSet(given, "yes") || isSet(given, "nonInteractive")) return;
  if (streams.stdin.isTTY !== true || streams.stderr.isTTY !== true) {
    throw new Failure(
      "usage",
      "no-terminal",
      "there is no terminal to ask on",
      "give --yes, or --dry-run to see the diff",
    );
  }
  await (await newWizard(context)).confirm(await planForPeople(plan, context));
}
