import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Fault, startCloudera } from "../../fixtures/cloudera-manager/index.ts";
import { scratch } from "../engines/support.ts";
import { PASSWORD, USERS } from "./support.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/hue-impala-setup.js", import.meta.url));
const MiB = 1024 * 1024;

/** Prints the most memory that the process ever had, in KiB, as its last line. */
const MEASURE =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nRSS "+process.resourceUsage().maxRSS+"\\n"))';

describe("an answer of Cloudera Manager has limits", () => {
  it.each<[string, Fault, number, RegExp]>([
    ["500 MB", { kind: "giant-body", bytes: 500 * MiB }, 320, /larger than 64 MiB/],
    ["30 million arrays in one another", { kind: "deep-body", depth: 30_000_000 }, 320, /deeper than 64/],
    ["20 million objects", { kind: "many-values", count: 20_000_000 }, 320, /more than 2000000 values/],
  ])(
    "%s end with one failure, in bounded time and memory",
    async (_what, fault, mostMiB, why) => {
      const cm = await startCloudera({ users: USERS });
      try {
        cm.setFault({ path: /\/clusters$/, fault });
        const before = performance.now();
        const { status, stdout, maxMiB } = await discover(cm.url);
        const seconds = (performance.now() - before) / 1000;
        expect(JSON.parse(stdout)).toMatchObject({
          error: {
            code: "cm-unexpected-reply",
            message: expect.stringMatching(why),
            hint: expect.stringContaining("proxy"),
          },
        });
        expect(status).toBe(1);
        expect(maxMiB).toBeLessThan(mostMiB);
        expect(seconds).toBeLessThan(10);
      } finally {
        await cm.close();
      }
    },
    60_000,
  );
});

async function discover(url: string): Promise<{ status: number | null; stdout: string; maxMiB: number }> {
  const password = join(await scratch(), "password");
  await writeFile(password, `${PASSWORD}\n`, { mode: 0o600 });
  const child = spawn(
    process.execPath,
    [
      "--import",
      MEASURE,
      PROGRAM,
      "discover",
      "--json",
      ...["--cm-url", url, "--cm-user", "admin", "--cm-password-file", password],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const [out, err]: Buffer[][] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out?.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err?.push(chunk));
  const [status] = (await once(child, "close")) as [number | null];
  const kib = /RSS (\d+)/.exec(Buffer.concat(err ?? []).toString())?.[1];
  return { status, stdout: Buffer.concat(out ?? []).toString(), maxMiB: Math.round(Number(kib) / 1024) };
}
