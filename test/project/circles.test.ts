import { describe, expect, test } from "vitest";
import { allImports, type Import } from "./import-graph.ts";

/** The balancer's rooms from the top down; rooms of one line know nothing of each other. */
const BALANCER_ROOMS = [
  ["daemon", "admin"],
  ["balancer.ts"],
  ["front"],
  ["session"],
  ["relay", "backends"],
  ["gssapi", "tls"],
  ["wire", "log", "stats"],
  ["spec", "time"],
  ["algorithms"],
];

/** The daemon starts what the administrator talks to. */
const NEIGHBOURS = ["daemon > admin"];

/** Groups of files that import each other, directly or round about, types included. */
function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  // Tarjan's strongly connected components.
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    let low = number;
    open.push(file);
    for (const other of next.get(file) ?? []) {
      if (!order.has(other)) low = Math.min(low, visit(other));
      else if (open.includes(other)) low = Math.min(low, order.get(other) ?? low);
    }
    lowest.set(file, low);
    if (low === number) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return low;
  };
  for (const file of next.keys()) if (!order.has(file)) visit(file);
  return found;
}

function lineOf(path: string): number {
  const room = path.split("/")[2] ?? "";
  return BALANCER_ROOMS.findIndex((line) => line.includes(room));
}

describe("imports", () => {
  test("no files import each other in a circle, types included", () => {
    expect(circles(allImports("src"))).toEqual([]);
  });

  test("the finder of circles finds them: of two, of three, and none in a diamond", () => {
    const imports = (...pairs: string[]) =>
      pairs.map((pair) => ({ from: pair[0] ?? "", to: pair[1] ?? "", kind: "type" as const }));
    expect(circles(imports("ab", "ba", "ac"))).toEqual([["a", "b"]]);
    expect(circles(imports("ab", "bc", "ca", "xa"))).toEqual([["a", "b", "c"]]);
    expect(circles(imports("ab", "ac", "bd", "cd"))).toEqual([]);
  });

  test("every part of the balancer has its place", () => {
    const placeless = allImports("src/balancer").filter(({ from }) => lineOf(from) < 0);
    expect(placeless).toEqual([]);
  });

  test("in the balancer: daemon, admin > balancer.ts > front > session > relay, backends > gssapi, tls > wire, log, stats > spec, time > algorithms", () => {
    const wrong = allImports("src/balancer")
      .filter(({ to }) => to.startsWith("src/balancer/"))
      .filter(({ from, to }) => {
        const [upper = "", lower = ""] = [from.split("/")[2], to.split("/")[2]];
        return upper !== lower && !NEIGHBOURS.includes(`${upper} > ${lower}`) && lineOf(from) >= lineOf(to);
      })
      .map(({ from, to }) => `${from} > ${to}`);
    expect(wrong).toEqual([]);
  });
});
