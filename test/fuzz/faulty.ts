import type { Target } from "./target.ts";

const seeds = () => [Buffer.from("aaaa")];
const kept: Buffer[] = [];

/** Targets that are wrong on purpose: `fuzz.test.ts` shows by them that a fuzzer finds what it looks for. */
export const FAULTY: readonly Target[] = [
  {
    name: "faulty-throws",
    seeds,
    run: (bytes) => {
      if (bytes.includes("b")) throw new Error("a b");
      return undefined;
    },
  },
  {
    name: "faulty-hangs",
    seeds,
    run: (bytes) => {
      while (bytes.includes("b")) bytes.includes("c");
      return undefined;
    },
  },
  {
    name: "faulty-grows",
    seeds,
    run: () => {
      kept.push(Buffer.alloc(1024 * 1024));
      return undefined;
    },
  },
  {
    name: "faulty-rejects-later",
    seeds,
    run: (bytes) => {
      if (bytes.includes("b")) setImmediate(() => Promise.reject(new Error("too late")));
      return undefined;
    },
  },
];
