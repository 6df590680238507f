import { cpus, release, totalmem } from "node:os";
import { type ProxyName, versions } from "./proxies.ts";
import type { Row } from "./works.ts";

/** All values measured for one row. */
export interface Measured {
  readonly row: Row;
  readonly values: ReadonlyMap<ProxyName, readonly number[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The value that a goal is compared with: a ratio to the row's yardstick, or the value itself. */
export function compared({ row, values }: Measured, name: ProxyName): number {
  const own = median(values.get(name) ?? []);
  if (row.against === "absolute") return own;
  // Pairs that were measured one after the other see the same machine: the median of their ratios, not the ratio of
  // medians.
  const yardstick = values.get(row.against) ?? [];
  return median((values.get(name) ?? []).map((value, at) => value / (yardstick[at] ?? Number.NaN)));
}

/** The Markdown table of all rows, with goals and whether they are met. */
export function tables(all: readonly Measured[]): string {
  return all
    .map((measured) => {
      const { row, values } = measured;
      const ratio = row.against !== "absolute";
      const head = ratio
        ? `| | ${row.unit}, median (least to most) | ratio to ${row.against} | goal |\n|---|---|---|---|`
        : `| | ${row.unit}, median (least to most) | goal |\n|---|---|---|`;
      const lines = [...values].map(([name, list]) => {
        const spread = `${number(median(list))} (${number(Math.min(...list))} to ${number(Math.max(...list))})`;
        const cells = [
          name,
          spread,
          ...(ratio ? [number(compared(measured, name))] : []),
          verdict(measured, name),
        ];
        return `| ${cells.join(" | ")} |`;
      });
      return `### ${row.title}\n\n${head}\n${lines.join("\n")}\n`;
    })
    .join("\n");
}

function verdict(measured: Measured, name: ProxyName): string {
  const goal = measured.row.goals[name];
  if (goal === undefined) return "";
  const value = compared(measured, name);
  return value <= goal ? `≤ ${goal}: met` : `≤ ${goal}: missed by ${Math.round((value / goal - 1) * 100)} %`;
}

/** Three significant digits. */
export function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}

export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus().length} cores (${first?.model.trim() ?? "unknown"}) shared by client, proxy and servers, ${memory} GiB, Linux ${release()}.`,
    `${versions().join(", ")}.`,
  ].join(" ");
}
