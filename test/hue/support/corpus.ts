import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** hue.ini files of Hue's own releases, where this checkout has them beside it. */
const RELEASES = process.env["HUE_INI_CORPUS"] ?? join(ROOT, "../shared/corpus/hue-ini");

export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
}

function samplesIn(folder: string): Sample[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ini"))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** One of the files in fixtures/hue-ini. */
export function fixture(name: string): Buffer {
  return readFileSync(join(ROOT, "fixtures/hue-ini", name));
}

/** The project's own files and, if they are there, those of Hue's releases; all valid UTF-8 but latin1.ini. */
export const SAMPLES: readonly Sample[] = [
  ...samplesIn(join(ROOT, "fixtures/hue-ini")),
  ...samplesIn(RELEASES),
];

/** A sample as it is, with CRLF, with a byte order mark, and without its final newline. */
export function variants({ name, bytes }: Sample): Sample[] {
  const latin1 = bytes.toString("latin1");
  return [
    { name, bytes },
    { name: `${name} with CRLF`, bytes: Buffer.from(latin1.replaceAll("\n", "\r\n"), "latin1") },
    { name: `${name} with BOM`, bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]) },
    {
      name: `${name} without final newline`,
      bytes: Buffer.from(latin1.replace(/\n+$/, ""), "latin1"),
    },
  ];
}
