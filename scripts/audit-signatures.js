// Asks the registry whether the installed packages carry its signatures. A registry that gives no keys, or no answer,
// is told and no failure: only a package whose signature is wrong or missing is one.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Milliseconds; a mirror without keys may never answer. */
const LIMIT = 120_000;

const { status, stdout, stderr } = spawnSync("npm", ["audit", "signatures"], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  encoding: "utf8",
  timeout: LIMIT,
});
const said = `${stdout}${stderr}`.trim();
if (status === 0) {
  process.stdout.write(`${said}\n`);
} else if (/(invalid|missing) (registry signature|attestation)/i.test(said)) {
  process.stderr.write(`${said}\n`);
  process.exit(1);
} else {
  const why = said.split("\n").find((line) => line !== "") ?? `no answer within ${LIMIT / 1000} s`;
  process.stdout.write(`signatures: not available (${why})\n`);
}
