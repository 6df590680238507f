import { readSpec } from "../../../balancer/spec/read-spec.ts";
import type { BalancerSpec } from "../../../balancer/spec/spec.ts";
import { failureIn } from "../../../domain/failure-record.ts";
import type { Text } from "../../../domain/text.ts";
import { visible } from "../../../domain/words/visible.ts";
import { settingOf } from "../../../setup/answers/defaults.ts";
import { failureDocument } from "../../render/messages.ts";
import type { CommandModule } from "../../result.ts";

/** `balancer check`: the specification itself, and what it needs on this host. */
export const balancerCheck: CommandModule = {
  async run(context) {
    const path = settingOf(context.given, "spec");
    const spec = await readSpec(path, context.world.warn);
    const { checkSpec } = await import("../../../balancer/daemon/preflight.ts");
    const { faults, warnings } = await checkSpec(spec);
    for (const warning of warnings) context.world.warn(warning);
    const document = { spec: path, faults: faults.map(failureDocument) };
    const [fault] = faults;
    if (fault === undefined) return { document, text: valid(visible(path), spec)[context.language] };
    return { document, text: "", failure: failureIn(path, fault, "settings") };
  },
};

function valid(path: string, { listeners }: BalancerSpec): Text {
  const backends = listeners.reduce((sum, listener) => sum + listener.backends.length, 0);
  return {
    en: `${path}: valid, ${listeners.length} listeners, ${backends} backends\n`,
    ja: `${path}: 有効です (リスナー ${listeners.length}、バックエンド ${backends})\n`,
  };
}
