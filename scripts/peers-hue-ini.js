// Sets the three keys of [impala] with several tools on the same files and prints what becomes of them, as Markdown
// tables. Needs a build (npm run build), Debian's crudini, augeas-tools and python3-configobj, and hue.ini files of
// Hue's releases in HUE_INI_CORPUS (default ../shared/corpus/hue-ini) for the first table.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "ini";
import { editHueIni } from "../dist/index.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CORPUS = process.env.HUE_INI_CORPUS ?? join(ROOT, "../shared/corpus/hue-ini");
const folder = mkdtempSync(join(tmpdir(), "peers-hue-ini-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

const NAMES = {
  server_host: "serverHost",
  server_port: "serverPort",
  server_conn_timeout: "serverConnTimeout",
};
const ALL = { server_host: "lb.example.com", server_port: "10001", server_conn_timeout: "3600" };
const HOST = { server_host: "lb.example.com" };

/** Each sets the keys in the file, and throws if it cannot. */
const TOOLS = {
  "hue-impala-setup": (path, keys) => {
    const settings = Object.entries(keys).map(([key, value]) => [
      NAMES[key],
      key === "server_host" ? value : Number(value),
    ]);
    writeFileSync(path, editHueIni(readFileSync(path), Object.fromEntries(settings)).bytes);
  },
  crudini: (path, keys) => {
    for (const [key, value] of Object.entries(keys))
      run("crudini", ["--set", "--inplace", path, "impala", key, value]);
  },
  "Augeas (Puppet lens)": (path, keys) => {
    const load = [
      "set /augeas/load/Hue/lens Puppet.lns",
      `set /augeas/load/Hue/incl ${path}`,
      "load",
      `match /augeas/files${path}/error`,
    ];
    const parsed = run("augtool", ["--noautoload"], load.join("\n"));
    if (!parsed.includes("no matches")) throw new Error("parse_failed");
    const sets = Object.entries(keys).map(([key, value]) => `set /files${path}/impala/${key} ${value}`);
    run("augtool", ["--noautoload"], [...load.slice(0, 3), ...sets, "save"].join("\n"));
  },
  "ConfigObj write()": (path, keys) => python(WRITE, { path, keys }),
  "npm ini": (path, keys) => {
    const tree = parse(readFileSync(path, "utf8"));
    tree.impala = { ...tree.impala, ...keys };
    writeFileSync(path, stringify(tree));
  },
};

const WRITE = `
import json, sys
from configobj import ConfigObj
request = json.load(sys.stdin)
config = ConfigObj(request["path"])
config.setdefault("impala", {}).update(request["keys"])
config.write()
`;

const TREE = `
import json, sys
from configobj import ConfigObj
def raw(section):
    return {k: raw(v) if isinstance(v, dict) else v for k, v in ((k, dict.__getitem__(section, k)) for k in sorted(dict.keys(section)))}
try:
    print(json.dumps(raw(ConfigObj(json.load(sys.stdin)["path"]))))
except Exception as error:
    print(json.dumps({"": type(error).__name__}))
`;

function run(command, args, input = "") {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

function python(program, request) {
  return run("/usr/bin/python3", ["-c", program], JSON.stringify(request));
}

/** Lets a tool edit a copy and tells what ConfigObj makes of it. */
function outcome(edit, bytes, keys) {
  const path = join(folder, "hue.ini");
  const before = join(folder, "before.ini");
  writeFileSync(path, bytes);
  writeFileSync(before, bytes);
  try {
    edit(path, keys);
  } catch (error) {
    if (error.code === "ENOENT") return { verdict: "not installed", diff: "", lost: 0 };
    const untouched = readFileSync(path).equals(bytes);
    return { verdict: untouched ? "refuses" : "fails and leaves a torn file", diff: "", lost: 0 };
  }
  const old = JSON.parse(python(TREE, { path: before }));
  const now = JSON.parse(python(TREE, { path }));
  const wanted = JSON.stringify(sorted({ ...old, impala: { ...old.impala, ...keys } }));
  const right = JSON.stringify(sorted(now)) === wanted;
  const lines = (mark) => diffLines(before, path).filter((line) => line.startsWith(mark)).length;
  return {
    verdict: right ? "right" : "" in now ? "Hue will not start" : "wrong",
    diff: `+${lines(">")}/−${lines("<")}`,
    lost: comments(readFileSync(before, "latin1")) - comments(readFileSync(path, "latin1")),
  };
}

function sorted(tree) {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return tree;
  return Object.keys(tree)
    .sort()
    .map((name) => [name, sorted(tree[name])]);
}

function diffLines(one, other) {
  return spawnSync("diff", ["--text", one, other], { encoding: "latin1", maxBuffer: 2 ** 26 }).stdout.split(
    "\n",
  );
}

function comments(text) {
  return text.split("\n").reduce((sum, line) => sum + (line.includes("#") ? 1 : 0), 0);
}

function cell({ verdict, diff, lost }) {
  const comment = lost > 0 ? `, ${lost} comment${lost === 1 ? "" : "s"} lost` : "";
  return diff === "" ? verdict : `${verdict}, ${diff}${comment}`;
}

function table(title, cases, keys) {
  const names = Object.keys(TOOLS);
  console.log(`\n### ${title}\n\n| file | ${names.join(" | ")} |\n|---${"|---".repeat(names.length)}|`);
  for (const [name, bytes] of Object.entries(cases)) {
    const cells = names.map((tool) => cell(outcome(TOOLS[tool], Buffer.from(bytes), keys)));
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}

const RELEASES = {
  "Hue 3.6.0": "hue-3.6.0.ini",
  "Hue 3.12.0 (non-ASCII, indented `[[ssl]]`)": "hue-3.12.0.ini",
  "Hue of November 2025 (not indented)": "hue-2025-11.ini",
};
if (existsSync(CORPUS)) {
  const files = Object.fromEntries(
    Object.entries(RELEASES).map(([name, file]) => [name, readFileSync(join(CORPUS, file))]),
  );
  const crlf = readFileSync(join(CORPUS, "hue-3.12.0.ini"), "latin1").replaceAll("\n", "\r\n");
  table(
    "Stock files: set three keys",
    { ...files, "Hue 3.12.0 with CRLF": Buffer.from(crlf, "latin1") },
    ALL,
  );
}

table(
  "Small traps: set server_host",
  {
    "`server_host=old # keep me`": "[impala]\nserver_host=old # keep me\n",
    "`[ impala ]`": "[ impala ]\nserver_host=old\n",
    "indented `[impala]`": "[desktop]\na=1\n  [impala]\n  server_host=old\n",
    "`[impala] # lb`": "[impala] # lb\nserver_host=old\n",
    '`"server_host"=old`': '[impala]\n"server_host"=old\n',
    "`[[ssl]]` at column 0": "[impala]\na=1\n[[ssl]]\nenabled=false\n",
    "`[[ssl]]` indented": "[impala]\n  a=1\n  [[ssl]]\n  enabled=false\n",
    "`[impala]` inside a `'''` body":
      "[x]\nk='''\n[impala]\nserver_host=inner\n'''\n[impala]\nserver_host=old\n",
    "no final newline": "[impala]\nserver_host=old",
    "byte order mark": "\ufeff[impala]\nserver_host=old\n",
  },
  HOST,
);
