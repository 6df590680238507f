import { readSpec } from "../../balancer/spec/read-spec.ts";
import { Failure } from "../../domain/failure.ts";
import { settingOf } from "../../setup/answers/defaults.ts";
import type { CommandModule } from "../result.ts";

/** `balancer check`: the specification itself, and what it needs on this host. */
export const balancerCheck: CommandModule = {
  async run(context) {
    const path = settingOf(context.given, "spec");
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
