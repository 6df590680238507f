import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { killAll } from "../balancer/support/programs.ts";
import { missing, title } from "../support/needs.ts";
import { PEERS, type PeerName, startPeer } from "./peers.ts";
import { SCENARIOS } from "./scenarios.ts";

const cells = new Map<string, string>();
afterEach(killAll);

describe.skipIf(missing("haproxy", "nginx"))(title("side by side", "haproxy", "nginx"), () => {
  for (const { id, statement, run } of SCENARIOS) {
    for (const peer of PEERS) {
      it(`${id} ${statement}: ${peer}`, { timeout: 120_000 }, async () => {
        const seen = await run((listener) => startPeer(peer, listener));
        cells.set(`${id} ${peer}`, seen.bad > 0 ? `**${seen.text}**` : seen.text);
        // What the peers do is only recorded.
        if (peer === "ours") expect(seen).toMatchObject({ bad: 0 });
      });
    }
  }
});

afterAll(() => {
  if (cells.size === 0) return;
  const row = (id: string, statement: string) =>
    `| ${id} | ${statement} | ${PEERS.map((peer: PeerName) => cells.get(`${id} ${peer}`) ?? "–").join(" | ")} |`;
  const table = [
    `| | statement | ${PEERS.join(" | ")} |`,
    `|---|---|${PEERS.map(() => "---|").join("")}`,
    ...SCENARIOS.map(({ id, statement }) => row(id, statement)),
  ].join("\n");
  const file = fileURLToPath(new URL("../../build/peers.md", import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${table}\n`);
  process.stdout.write(`\n${table}\n\n`);
});
