import { basename, dirname, join } from "node:path";
import { joinTexts, sameText } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { ConfigObjError } from "../../hue/configobj.ts";
import { editConfFile } from "../../hue/edit.ts";
import { generatedWarnings } from "../../hue/effective/generated.ts";
import { type ConfFile, effectiveImpala } from "../../hue/effective.ts";
import { SETTING_NAMES, type SettingName, settingsLabel, type WantedSettings } from "../../hue/settings.ts";
import { planFailure } from "../../messages/failures/setup/plan.ts";
import { planWarning } from "../../messages/warnings/plan.ts";
import type { CurrentHueIni } from "../current/current.ts";
import type { FileChange, PlanPart } from "./change.ts";
import { keepBetter } from "./keep.ts";

/**
 * The edit of hue.ini, and what stands against it. Pure.
 * @throws Failure `settings` (missing file, managed host), `unparsable` (with file:line)
 */
export function planHueIni(
  wanted: WantedSettings,
  byDefault: readonly SettingName[],
  current: CurrentHueIni,
): PlanPart {
  const { path, force, allowInvalidUtf8 } = current.target;
  const before = current.content;
  if (before === null) throw planFailure("hue-ini-missing", { path });
  if (current.managedSigns.length > 0 && !force) {
    throw planFailure("managed-by-cloudera", { path, signs: joinTexts(current.managedSigns, "; ") });
  }
  const own = [{ path, bytes: before }];
  // As it was: the edit may put values in the place of placeholders.
  const generated = generatedWarnings(own);
  const { settings, stays, warnings } = keepBetter(wanted, byDefault, [own, current.confFiles]);
  const edit = parsed(path, () => editConfFile(before, settings, { allowInvalidUtf8 }));
  const change: FileChange = { kind: "file-edit", target: path, before, after: edit.bytes, mode: 0o600 };
  return {
    changes: edit.changed ? [change] : [],
    warnings: [
      ...current.oldHue,
      ...generated,
      ...warnings,
      ...effectWarnings(edit, { ...settings, ...stays }, current),
    ],
  };
}

/** Whether Hue will see the new values, once it reads all files of the folder. */
function effectWarnings(
  edited: Omit<ConfFile, "path">,
  settings: { readonly [name in SettingName]?: string | number },
  current: CurrentHueIni,
): Warning[] {
  const { path } = current.target;
  const self = join(dirname(path), basename(path));
  const others = current.confFiles.filter((file) => file.path !== self);
  const files: ConfFile[] = [...others, { ...edited, path: self }];
  const effect = effectiveImpala(sortAsHue(files));
  // That several files set a key matters only where another one wins, which is told below.
  const warnings = effect.warnings.filter(({ code }) => code !== "set-in-several-files");
  for (const name of SETTING_NAMES) {
    const wanted = settings[name];
    const found = effect.settings[name];
    if (wanted === undefined || found === undefined || found.value === String(wanted)) continue;
    const place = `${found.path}:${found.line}`;
    const setting = settingsLabel([name]);
    warnings.push(planWarning("overridden", { place, setting, value: String(found.value), path }));
  }
  for (const { path: sibling, line, message } of effect.broken) {
    warnings.push(planWarning("broken-sibling", { place: `${sibling}:${line}`, reason: message }));
  }
  return warnings;
}

/** Hue reads `*.ini` in the order of their names' code points. */
function sortAsHue(files: readonly ConfFile[]): ConfFile[] {
  return [...files].sort((a, b) =>
    Buffer.compare(Buffer.from(basename(a.path)), Buffer.from(basename(b.path))),
  );
}

/** Runs an edit; ConfigObj's complaint becomes a failure that names the file and the line. */
export function parsed<T>(name: string, edit: () => T): T {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof ConfigObjError)) throw error;
    throw planFailure("unparsable", { place: `${name}:${error.line}`, reason: sameText(error.message) });
  }
}
