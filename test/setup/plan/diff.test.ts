import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editHueIni } from "../../../src/hue/edit.ts";
import type { FileChange } from "../../../src/setup/plan/change.ts";
import { diffOf } from "../../../src/setup/plan/diff.ts";
import { missing, title } from "../../support/needs.ts";
import { ROOT } from "../../support/program.ts";
import { scratch } from "../../support/scratch.ts";

const CORPUS = process.env["HUE_INI_CORPUS"] ?? join(ROOT, "../shared/corpus/hue-ini");
const FIXTURES = join(ROOT, "fixtures/hue-ini");
const SETTINGS = { serverHost: "lb.example.com", serverPort: 10001, serverConnTimeout: 3600 };

function edit(before: Uint8Array, after: Uint8Array | null): FileChange {
  return { kind: "file-edit", target: "hue.ini", before, after, mode: 0o600 };
}

function realFiles(): string[] {
  return [FIXTURES, CORPUS]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(".ini"));
}

async function patched(before: Uint8Array, diff: string): Promise<Buffer> {
  const folder = await scratch();
  writeFileSync(join(folder, "hue.ini"), before);
  const run = spawnSync("patch", ["-p0", "--posix"], { cwd: folder, input: Buffer.from(diff, "latin1") });
  expect(run.status, `${run.stdout}${run.stderr}\n${diff}`).toBe(0);
  return readFileSync(join(folder, "hue.ini"));
}

describe.skipIf(missing("patch"))(title("the diff of a dry run", "patch"), () => {
  it("is accepted by patch -p0 and gives exactly what an apply writes, whatever the line endings and the encoding", async () => {
    for (const path of realFiles()) {
      for (const variant of variants(readFileSync(path))) {
        const { bytes, changed } = editHueIni(variant, SETTINGS, { allowInvalidUtf8: true });
        expect(changed, path).toBe(true);
        const diff = await diffOf(edit(variant, bytes));
        expect(await patched(variant, diff ?? ""), path).toEqual(Buffer.from(bytes));
      }
    }
  });

  it("is accepted by patch for any change of any text", async () => {
    const line = fc.constantFrom("\n", "a\n", "b\n", "c\r\n", "password=1\n", "--- x\n", "last");
    const text = fc.array(line, { minLength: 1, maxLength: 12 }).map((lines) => Buffer.from(lines.join("")));
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        fc.pre(Buffer.compare(before, after) !== 0);
        const diff = await diffOf(edit(before, after));
        expect(await patched(before, diff ?? "")).toEqual(after);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the diff of a dry run", () => {
  it("leaves out context that names a password", async () => {
    const before = Buffer.from("[impala]\nauth_password=hush\nserver_host=a\nx=1\n");
    const after = Buffer.from("[impala]\nauth_password=hush\nserver_host=b\nx=1\n");
    const diff = await diffOf(edit(before, after));
    expect(diff).toContain("+server_host=b");
    expect(diff).not.toContain("hush");
  });

  it("leaves out every line of a password in triple quotes", async () => {
    const secret = "bind_password='''one\nhush\nhush\nthree'''\n";
    const diff = await diffOf(
      edit(Buffer.from(`[x]\n${secret}[impala]\n`), Buffer.from(`[x]\n${secret}[impala]\na=1\n`)),
    );
    expect(diff).toContain("+a=1");
    expect(diff).not.toContain("hush");
  });
});

function variants(bytes: Buffer): Buffer[] {
  const text = bytes.toString("latin1");
  return [
    bytes,
    Buffer.from(text.replaceAll("\n", "\r\n"), "latin1"),
    Buffer.from(`\u00ef\u00bb\u00bf${text}`, "latin1"),
    Buffer.from(text.trimEnd(), "latin1"),
  ];
}
