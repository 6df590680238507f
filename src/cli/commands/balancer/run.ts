import { readSpec } from "../../../balancer/spec/read-spec.ts";
import { PASSWORD_VARIABLE } from "../../../domain/well-known.ts";
import { balancerRunFailure } from "../../../messages/failures/balancer/run.ts";
import { MISSING, settingsFailure } from "../../../messages/failures/setup/settings.ts";
import { type Answers, answerOf } from "../../../setup/answers/answers.ts";
import type { OptionKey } from "../../../setup/answers/options.ts";
import { specFromFlags } from "../../../setup/desired/spec-for.ts";
import { distinctImpalads } from "../../../setup/survey/distinct.ts";
import type { Context } from "../../context.ts";
import type { CommandModule } from "../../result.ts";

/** `balancer run`: the bundled balancer in the foreground, from a specification file or ad hoc from flags. */
export const balancerRun: CommandModule = {
  async run(context) {
    // The daemon lives for months and needs none.
    delete context.world.environment[PASSWORD_VARIABLE];
    const { runDaemon } = await import("../../../balancer/daemon/daemon.ts");
    const specPath = specFile(context.given);
    const socket = socketOf(context);
    const { warn } = context.world;
    const spec =
      specPath === undefined
        ? specFromFlags(await distinctImpalads(context.given, context.world), socket)
        : await readSpec(specPath, warn);
    const exitCode = await runDaemon({
      ...(specPath === undefined ? {} : { specPath }),
      spec,
      log: logOptions(context),
    });
    return { document: {}, text: "", exitCode };
  },
};

/** A file unless Impalads are named: then the flags say everything. */
function specFile(given: Answers): string | undefined {
  const path = answerOf(given, "spec");
  const impalads = answerOf(given, "impalads");
  if (path !== undefined && impalads !== undefined) {
    throw balancerRunFailure("spec-and-impalad");
  }
  const ofTls = [
    "tlsCertificate",
    "tlsKey",
    "tlsKeyPasswordFile",
    "impalaTls",
    "impalaCaFile",
  ] as const satisfies OptionKey[];
  if (path !== undefined && ofTls.some((key) => answerOf(given, key) !== undefined)) {
    throw balancerRunFailure("spec-and-tls");
  }
  if (path === undefined && impalads === undefined) {
    throw settingsFailure("missing-settings", {
      what: MISSING.nothingToBalance,
      hint: MISSING.nothingToBalanceHint,
    });
  }
  return path;
}

/** The control socket of a run from flags; a specification names its own. */
function socketOf({ given }: Context): string | undefined {
  const socket = answerOf(given, "socket");
  if (socket !== undefined && answerOf(given, "spec") !== undefined) {
    throw balancerRunFailure("spec-and-socket");
  }
  return socket;
}

function logOptions({ given }: Context): { format?: "text" | "json"; level?: "debug" } {
  const format = answerOf(given, "logFormat");
  return {
    ...(format === undefined ? {} : { format }),
    ...(answerOf(given, "verbose") === true ? { level: "debug" } : {}),
  };
}
