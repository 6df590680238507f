import { errnoOf, Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { systemText } from "../../messages/errno.ts";
import { balancerSpecFailure } from "../../messages/failures/balancer/spec.ts";
import { readInputText } from "../../system/files/read-input.ts";
import { withEachImpaladOnce } from "./checks/twins.ts";
import { parseSpecText } from "./parse-spec.ts";
import type { BalancerSpec } from "./spec.ts";

const SPECIFICATION = { en: "the specification", ja: "構成ファイル" };

/**
 * The specification in a file that must be there, with each Impalad once.
 * @param warn told of each Impalad that is there again
 * @throws Failure `settings`, codes `unreadable-spec` and `bad-spec`; `unparsable`, code `bad-json`
 */
export async function readSpec(path: string, warn: (warning: Warning) => void): Promise<BalancerSpec> {
  const text = await readInputText(path, { what: SPECIFICATION }).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    throw balancerSpecFailure("unreadable-spec", { path, reason: systemText(error) });
  });
  const { spec, warnings } = withEachImpaladOnce(parseSpecText(text, path));
  for (const warning of warnings) warn(warning);
  return spec;
}

/**
 * The specification in a file; undefined if the file is not there.
 * @throws Failure `auth`, code `spec-unreadable`; `settings`, code `bad-spec`; `unparsable`, code `bad-json`
 */
export async function readSpecIfThere(path: string): Promise<BalancerSpec | undefined> {
  const text = await readInputText(path, { what: SPECIFICATION }).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    if (errnoOf(error) === "ENOENT") return undefined;
    throw balancerSpecFailure("spec-unreadable", { reason: systemText(error) });
  });
  return text === undefined ? undefined : parseSpecText(text, path);
}
