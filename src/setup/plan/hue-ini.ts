import { basename, dirname, join } from "node:path";
import { Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { ConfigObjError } from "../../hue/configobj.ts";
import { editHueIni } from "../../hue/edit.ts";
import { type ConfFile, effectiveImpala } from "../../hue/effective.ts";
import { SETTING_NAMES, settingsLabel } from "../../hue/settings.ts";
import type { Current } from "../current/current.ts";
import type { Desired } from "../desired/desired.ts";
import type { FileChange, PlanPart } from "./change.ts";

/**
 * The edit of hue.ini, and what stands against it. Pure.
 * @throws Failure `settings` (missing file, managed host), `unparsable` (with file:line)
 */
export function planHueIni(desired: Desired, current: Current): PlanPart {
  if (desired.hue.kind !== "hue-ini") throw new TypeError("not a hue.ini target");
  const { path, force, allowInvalidUtf8 } = desired.hue;
  const before = current.files.get(path) ?? null;
  if (before === null) {
    throw new Failure(
      "settings",
      "hue-ini-missing",
      `--hue-ini: ${path} does not exist`,
      "name the hue.ini that Hue reads",
    );
  }
  if (current.managedSigns.length > 0 && !force) {
    throw new Failure(
      "settings",
      "managed-by-cloudera",
      `${path} is not what Hue reads: Cloudera Manager generates Hue's configuration on this host (${current.managedSigns.join("; ")})`,
      "use --target cloudera-manager, which edits Hue's safety valve hue_service_safety_valve; --force edits the file all the same",
    );
  }
  const edit = parsed(path, () => editHueIni(before, desired.settings, { allowInvalidUtf8 }));
  const change: FileChange = { kind: "file-edit", target: path, before, after: edit.bytes, mode: 0o600 };
  return {
    changes: edit.changed ? [change] : [],
    warnings: [...current.oldHue, ...effectWarnings(path, edit.bytes, desired, current)],
  };
}

/** Whether Hue will see the new values, once it reads all files of the folder. */
function effectWarnings(path: string, after: Uint8Array, desired: Desired, current: Current): Warning[] {
  const self = join(dirname(path), basename(path));
  const others = current.confFiles.filter((file) => file.path !== self);
  const files: ConfFile[] = [...others, { path: self, bytes: after }];
  const effect = effectiveImpala(sortAsHue(files));
  // That several files set a key matters only where another one wins, which is told below.
  const warnings = effect.warnings.filter(({ code }) => code !== "set-in-several-files");
  for (const name of SETTING_NAMES) {
    const wanted = desired.settings[name];
    const found = effect.settings[name];
    if (wanted === undefined || found === undefined || found.value === String(wanted)) continue;
    warnings.push({
      code: "overridden",
      message: `${found.path}:${found.line} sets ${settingsLabel([name])} to ${String(found.value)} and wins over ${path}; remove it there`,
    });
  }
  for (const broken of effect.broken) {
    warnings.push({
      code: "broken-sibling",
      message: `${broken.path}:${broken.line}: ${broken.message}; Hue reads this file too and will not start with it`,
    });
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
    throw new Failure(
      "unparsable",
      "unparsable",
      `${name}:${error.line}: ${error.message}`,
      "Hue itself refuses this text; correct the line, nothing was changed",
    );
  }
}
