import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import type { ConfFile } from "../../hue/effective.ts";
import { findHueInis, type HueInis } from "../../hue/folder/find-hue-inis.ts";
import { cmManagedSigns } from "../../hue/folder/managed.ts";
import { oldHueWarnings } from "../../hue/folder/old-hue.ts";
import { readConfFolder } from "../../hue/folder/read-conf-folder.ts";

/** The Hue that is installed on this host, and what it reads. */
export interface InstalledHue {
  /** The hue.ini files at their default places, best first. */
  hueInis(): Promise<HueInis>;
  /** The files that Hue reads in a folder, in its order. @throws Failure `settings` `no-conf-folder`; `auth` */
  confFolder(folder: string): Promise<readonly ConfFile[]>;
  /** Signs that Cloudera Manager generates what Hue reads; empty: none. */
  managedSigns(path: string): Promise<readonly Text[]>;
  /** That it is too old for a key, if so. */
  oldHueWarnings(): Promise<readonly Warning[]>;
}

export const installedHue: InstalledHue = {
  hueInis: () => findHueInis(),
  confFolder: readConfFolder,
  managedSigns: (path) => cmManagedSigns(path),
  oldHueWarnings: () => oldHueWarnings(),
};
