import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The file that tests run with Node as `hue-impala-setup`: the launcher of the package, or what
 * HUE_IMPALA_SETUP_PROGRAM names (`npm run test:bundle` puts the one-file bundle there).
 */
export const PROGRAM = resolve(
  process.env["HUE_IMPALA_SETUP_PROGRAM"] ??
    fileURLToPath(new URL("../../bin/hue-impala-setup.js", import.meta.url)),
);
