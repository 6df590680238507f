import { describe, expect, it } from "vitest";
import { ChoiceNeeded, choose } from "../../src/cloudera/discovery/choose.ts";
import { CHOICE } from "../../src/messages/failures/cloudera/discovery.ts";
import { thrownBy } from "./support.ts";

const QUESTION = {
  noun: "cluster",
  what: CHOICE.cluster,
  option: "--cluster",
  where: CHOICE.inManager("https://cm"),
} as const;
const TWO = [
  { name: "c1", displayName: "Production" },
  { name: "Cluster 2", displayName: "Test" },
];

describe("choosing a cluster or service", () => {
  it.each([
    ["c1", "c1"],
    ["Cluster 2", "Cluster 2"],
    ["Production", "c1"],
    ["Test", "Cluster 2"],
  ])("%j means %j", (wanted, name) => {
    expect(choose(TWO, wanted, QUESTION).name).toBe(name);
  });

  it("takes the only one without asking", () => {
    expect(choose([{ name: "c1" }], undefined, QUESTION).name).toBe("c1");
  });

  it("a name wins over another's display name; a display name that two have decides nothing", () => {
    const confusing = [
      { name: "a", displayName: "b" },
      { name: "b", displayName: "x" },
      { name: "c", displayName: "x" },
    ];
    expect(choose(confusing, "b", QUESTION).name).toBe("b");
    expect(thrownBy(() => choose(confusing, "x", QUESTION)).code).toBe("unknown-cluster");
  });

  it("several without a choice: lists them with the flag, quoted for a shell", () => {
    const needed = thrownBy(() => choose(TWO, undefined, QUESTION));
    expect(needed).toBeInstanceOf(ChoiceNeeded);
    expect(needed).toMatchObject({
      kind: "settings",
      option: "--cluster",
      choices: ["c1", "Cluster 2"],
      labels: ["c1 (Production)", "Cluster 2 (Test)"],
      hint: "choose one: --cluster c1 | --cluster 'Cluster 2'",
    });
    expect(needed.message).toContain('"c1 (Production)", "Cluster 2 (Test)"');
  });

  it("an unknown name: suggests the closest, or lists them", () => {
    expect(thrownBy(() => choose(TWO, "Prodution", QUESTION))).toMatchObject({
      kind: "settings",
      code: "unknown-cluster",
      hint: "did you mean --cluster Production?",
    });
    expect(thrownBy(() => choose(TWO, "zzzz", QUESTION)).hint).toBe(
      'it has: "c1 (Production)", "Cluster 2 (Test)"',
    );
  });

  it("none at all is said so", () => {
    expect(thrownBy(() => choose([], undefined, QUESTION))).toMatchObject({
      kind: "settings",
      code: "no-cluster",
    });
    expect(thrownBy(() => choose([], "x", QUESTION))).toMatchObject({ code: "unknown-cluster" });
  });
});
