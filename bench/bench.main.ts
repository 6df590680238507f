/**
 * `npm run bench`: proxies side by side, interleaved, one thread each.
 *   --repeats N      measurements of each (7)      --only ID,ID     rows to run
 *   --write FILE     put the tables between the markers of this Markdown file
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { program } from "./programs.ts";
import { available, type ProxyName, type RunningProxy, startProxy } from "./proxies.ts";
import { type Measured, machine, number, tables } from "./report.ts";
import { sessionTable } from "./session-table.ts";
import { ROWS, type Row } from "./works.ts";

const { values: flags } = parseArgs({
  options: { repeats: { type: "string", default: "7" }, only: { type: "string" }, write: { type: "string" } },
});
const repeats = Number(flags.repeats);
const rows = ROWS.filter((row) => flags.only === undefined || flags.only.split(",").includes(row.id));

const backend = spawn(process.execPath, [program("backend")], { stdio: ["pipe", "pipe", "inherit"] });
const [line] = (await once(createInterface(backend.stdout), "line")) as [string];
const { ports } = JSON.parse(line) as { ports: number[] };

async function measureKept(
  row: Row,
  names: readonly ProxyName[],
  into: Map<ProxyName, number[]>,
): Promise<void> {
  const proxies: RunningProxy[] = [];
  for (const name of names) proxies.push(await startProxy(name, ports));
  // Once for the compiler and the caches, not counted.
  for (const proxy of proxies) await row.measure(proxy);
  for (let n = 0; n < repeats; n += 1) for (const proxy of proxies) await one(row, proxy, into);
  for (const proxy of proxies) await proxy.stop();
}

async function measureFresh(
  row: Row,
  names: readonly ProxyName[],
  into: Map<ProxyName, number[]>,
): Promise<void> {
  for (let n = 0; n < repeats; n += 1) {
    for (const name of names) {
      const proxy = await startProxy(name, ports);
      await one(row, proxy, into);
      await proxy.stop();
    }
  }
}

async function one(row: Row, proxy: RunningProxy, into: Map<ProxyName, number[]>): Promise<void> {
  const value = await row.measure(proxy);
  into.set(proxy.name, [...(into.get(proxy.name) ?? []), value]);
  process.stderr.write(`${row.id}  ${proxy.name}  ${number(value)} ${row.unit}\n`);
}

const loadBefore = loadavg()[0] ?? 0;
const measured: Measured[] = [];
for (const row of rows) {
  const values = new Map<ProxyName, number[]>();
  const names = row.contenders.filter(available);
  await (row.fresh ? measureFresh : measureKept)(row, names, values);
  measured.push({ row, values });
}
const table = flags.only === undefined || flags.only.includes("table") ? sessionTable() : "";
backend.stdin.end();

const text = `${machine()} ${repeats} measurements of each, load average before: ${number(loadBefore)}.\n\n${tables(measured)}${table}`;
process.stdout.write(`${text}\n`);
if (flags.write !== undefined) {
  const page = readFileSync(flags.write, "utf8");
  const [begin, end] = ["<!-- bench -->\n", "<!-- /bench -->"];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${flags.write} lacks the markers ${begin.trim()} and ${end}`);
  writeFileSync(flags.write, page.slice(0, from + begin.length) + text + page.slice(to));
}
