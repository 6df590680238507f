import { dirname } from "node:path";
import type { ListenerSpec } from "../../balancer/spec/spec.ts";
import { Failure } from "../../domain/failure.ts";
import type { Finding } from "../../domain/finding.ts";
import { joinTexts } from "../../domain/text.ts";
import { generatedWarnings } from "../../hue/effective/generated.ts";
import { type EffectiveImpala, effectiveImpala, effectiveSecurity } from "../../hue/effective.ts";
import { hueFinding } from "../../messages/findings/hue.ts";
import type { World } from "../world/world.ts";
import { examineSecurity, takesPart } from "./security.ts";
import { examineSettings } from "./settings.ts";
import { fromWarning } from "./told.ts";
import { examineTransport } from "./transport.ts";

/** What was found about Hue, and what it reads if that can be told. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly effect?: EffectiveImpala;
}

/** What a Hue with this hue.ini reads. @param listener of the bundled balancer, if it has been set up */
export async function examineHueIni(
  path: string,
  world: Pick<World, "hue" | "readFile" | "network">,
  listener?: ListenerSpec,
): Promise<Diagnosis> {
  const managed = await examineManagement(path, world);
  if ((await world.readFile(path)) === null) {
    return { findings: [...managed, hueFinding("hue-ini-missing", { path })] };
  }
  try {
    const files = await world.hue.confFolder(dirname(path));
    const effect = effectiveImpala(files);
    const generated = generatedWarnings(files).map(fromWarning);
    const old = (await world.hue.oldHueWarnings()).map(fromWarning);
    const transport = examineTransport(effect.transport, takesPart(listener));
    const security = await examineSecurity(effectiveSecurity(files), effect, listener, world);
    const settings = examineSettings(effect);
    return { findings: [...managed, ...old, ...generated, ...settings, transport, ...security], effect };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const unreadable = hueFinding("hue-unreadable", { reason: error.text, hint: error.hintText });
    return { findings: [...managed, unreadable] };
  }
}

/** On a host of Cloudera Manager another file is read than this one. */
async function examineManagement(path: string, { hue }: Pick<World, "hue">): Promise<Finding[]> {
  const signs = await hue.managedSigns(path);
  return signs.length === 0 ? [] : [hueFinding("managed", { path, signs: joinTexts(signs, "; ") })];
}
