import { readSpec } from "../../balancer/spec/read-spec.ts";
import { Failure } from "../../domain/failure.ts";
import { answerOf } from "../../setup/answers/answers.ts";
import { SPEC_FILE } from "../../setup/settle/defaults.ts";
import type { CommandModule } from "../result.ts";

/** `balancer check`: the specification itself, and what it needs on this host. */
export const balancerCheck: CommandModule = {
  async run(context) {
    const path = answerOf(context.given, "spec") ?? SPEC_FILE;
    const spec = await readSpec(path);
    const { checkSpec } = await import("../../balancer/daemon/preflight.ts");
    const findings = await checkSpec(spec);
    for (const { code, message } of findings.warnings) context.outside.warn({ code, message });
    const [fault] = findings.faults;
    const backends = spec.listeners.reduce((sum, listener) => sum + listener.backends.length, 0);
    return {
      document: { spec: path, faults: findings.faults },
      text:
        fault === undefined
          ? `${path}: valid, ${spec.listeners.length} listeners, ${backends} backends\n`
          : "",
      ...(fault === undefined
        ? {}
        : { failure: new Failure("settings", fault.code, `${path}: ${fault.message}`, fault.hint) }),
    };
  },
};
