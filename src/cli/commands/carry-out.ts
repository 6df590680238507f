import { resolve } from "node:path";
import { type Answers, answerOf, isSet } from "../../setup/answers/answers.ts";
import { settingOf } from "../../setup/answers/defaults.ts";
import { apply } from "../../setup/apply/apply.ts";
import { preflight } from "../../setup/apply/preflight.ts";
import type { Plan } from "../../setup/plan/change.ts";
import type { Wizard } from "../../wizard/wizard.ts";
import type { Context } from "../context.ts";
import { failureText, warningsText } from "../render/messages.ts";
import { describeChange, planDiff } from "../render/plan.ts";
import { nextText, nothingText, planChanges, reportChanges, reportText } from "../render/report.ts";
import type { Result } from "../result.ts";

/** The wizard on this run's terminal; it and inquirer are loaded only when somebody is asked. */
export async function newWizard(context: Context): Promise<Wizard> {
  const { Wizard } = await import("../../wizard/wizard.ts");
  const { streams, language, errColours, progress } = context;
  return new Wizard({
    input: streams.stdin,
    output: streams.stderr,
    language,
    quiet: () => progress.stop(),
    describe: (failure) => failureText(failure, errColours, language),
  });
}

/**
 * What a person is asked to agree to: the steps, the diffs of what exists in colour, the warnings, what is left to do.
 */
export async function planForPeople(plan: Plan, context: Context): Promise<Uint8Array> {
  const { errColours, language } = context;
  const steps = plan.changes
    .map((change, index) => `  ${index + 1}. ${describeChange(change, language)}\n`)
    .join("");
  const edits = {
    ...plan,
    changes: plan.changes.filter(({ kind }) => kind === "file-edit" || kind === "cm-config"),
  };
  const diff = await planDiff(edits, errColours, true);
  const warnings = warningsText(context.warnings.splice(0), errColours, language);
  const rest = `${warnings}${nextText(plan.next, errColours, language)}`;
  return Buffer.concat([Buffer.from(`${steps}\n`), diff, Buffer.from(`\n${rest}`)]);
}

export type Mode = "apply" | "dry-run" | "check";

/** What the run is to do with its plan. */
export function modeOf(given: Answers): Mode {
  if (isSet(given, "check")) return "check";
  return isSet(given, "dryRun") ? "dry-run" : "apply";
}

/** What happens before a plan is applied, and which apply it takes back. */
interface Carrying {
  /** Asks whoever has to agree. @throws Failure `interrupted`, code `declined` */
  readonly confirm?: (plan: Plan) => Promise<void>;
  /** The journal that the plan takes back, by name. */
  readonly undoes?: string;
}

/** The end of every run that has a plan: shows it, or applies it and tells how that went. */
export async function carryOut(plan: Plan, context: Context, carrying: Carrying = {}): Promise<Result> {
  for (const warning of plan.warnings) context.world.warn(warning);
  const mode = modeOf(context.given);
  if (mode !== "apply") {
    await preflight(plan, context.world);
    return showPlan(plan, mode, context);
  }
  if (plan.changes.length > 0) await carrying.confirm?.(plan);
  return applyPlan(plan, context, carrying.undoes);
}

/** The result of a run that only shows: the diff on standard output; with --check exit 2 if anything would change. */
export async function showPlan(plan: Plan, mode: Mode, context: Context): Promise<Result> {
  const pending = plan.changes.length > 0;
  const { language, errColours } = context;
  return {
    document: {
      mode,
      changed: pending,
      changes: await planChanges(plan),
      next: plan.next.map(({ en }) => en),
    },
    text: context.json ? "" : await planDiff(plan, context.outColours, context.streams.stdout.isTTY === true),
    remarks: pending ? nextText(plan.next, errColours, language) : nothingText(language),
    exitCode: mode === "check" && pending ? 2 : 0,
  };
}

/** Applies a plan and tells how it went. */
async function applyPlan(plan: Plan, context: Context, undoes: string | undefined): Promise<Result> {
  const saves = answerOf(context.given, "saveAnswers");
  const options = {
    ...(saves === undefined ? {} : { saves: resolve(saves) }),
    stateDir: settingOf(context.given, "stateDir"),
    onChange: (change: Plan["changes"][number], status: string) => {
      if (status === "begun") context.progress.show(describeChange(change, context.language));
    },
    ...(undoes === undefined ? {} : { undoes }),
    onBegin: () => {
      context.applying.now = true;
    },
  };
  const { report, failure } = await apply(plan, context.writable, options).finally(() => {
    context.applying.now = false;
  });
  const changed = report.outcomes.some(({ status }) => status === "changed");
  const journal = report.journal === undefined ? {} : { journal: report.journal };
  return {
    document: {
      mode: "apply",
      changed,
      changes: await reportChanges(report),
      next: report.next.map(({ en }) => en),
      ...journal,
    },
    text: reportText(
      failure === undefined ? report : { ...report, next: [] },
      context.outColours,
      context.language,
    ),
    ...(failure === undefined ? {} : { failure }),
  };
}
