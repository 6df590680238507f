import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const built = dirname(fileURLToPath(import.meta.url));

/** Path of a built program of this folder: `bench.main.js` and its siblings lie side by side. */
export function program(name: string): string {
  const path = join(built, `${name}.main.js`);
  if (!existsSync(path)) throw new Error(`${path} is missing: npm run build`);
  return path;
}
