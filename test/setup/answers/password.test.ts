import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPassword } from "../../../src/setup/answers/password.ts";
import { runProgram } from "../../support/program.ts";
import { scratch } from "../../support/scratch.ts";
import { typed } from "../support.ts";
import { testWorld } from "../world.ts";

const VARIABLE = "HUE_IMPALA_SETUP_CM_PASSWORD";

/** Runs a statement when the program ends. */
function atExit(statement: string): string {
  const spy = `process.on("exit", () => { ${statement} })`;
  return `--import=data:text/javascript,${encodeURIComponent(spy)}`;
}

describe("Cloudera Manager's password", () => {
  it("is cleared from the environment once it has been read", async () => {
    const environment = { [VARIABLE]: "Sw0rdfish", OTHER: "x" };
    const read = await readPassword({}, { ...testWorld(), environment });
    expect(read?.secret.reveal()).toBe("Sw0rdfish");
    expect(environment).toEqual({ OTHER: "x" });
  });

  it("is cleared from it too when another source gives it", async () => {
    const file = join(await scratch(), "cm.pw");
    await writeFile(file, "Sw0rdfish\n", { mode: 0o600 });
    const environment = { [VARIABLE]: "other" };
    const read = await readPassword(typed({ cmPasswordFile: file }), { ...testWorld(), environment });
    expect(read?.secret.reveal()).toBe("Sw0rdfish");
    expect(environment).toEqual({});
  });

  it.each([[["config", "show"]], [["--non-interactive"]], [["balancer", "check", "--spec", "none"]]])(
    "is not in the environment of the process, whatever it does: %j",
    async (args) => {
      const { stderr, stdout } = await runProgram(args, {
        cwd: await scratch(),
        env: {
          [VARIABLE]: "Sw0rdfish",
          NODE_OPTIONS: atExit(`process.stderr.write("<" + process.env.${VARIABLE} + ">")`),
        },
      });
      expect(stderr).toContain("<undefined>");
      expect(stdout + stderr).not.toContain("Sw0rdfish");
    },
  );
});
