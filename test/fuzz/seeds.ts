import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Trial } from "./session.ts";
import type { Target } from "./target.ts";

/** Inputs that have failed once, and others worth keeping: one folder for each target. */
const FOLDER = "fixtures/fuzz";

/** A stored input whose name tells no seed is tried with each of these. */
const SEEDS = [0, 1, 2, 3];

/** The stored inputs of a target, `fixtures/fuzz/TARGET/NAME[-SEED].bin`. Run at the root of the project. */
export function stored(
  target: Target,
  folder: string = FOLDER,
): { readonly file: string; readonly trials: Trial[] }[] {
  const path = join(folder, target.name);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .sort()
    .map((file) => {
      const bytes = readFileSync(join(path, file));
      const told = /-(\d+)\.bin$/.exec(file)?.[1];
      const seeds = told === undefined ? SEEDS : [Number(told)];
      return { file, trials: seeds.map((seed) => ({ bytes, seed })) };
    });
}

/** Keeps an input that has failed. @returns its path */
export function keep(target: Target, trial: Trial, folder: string = FOLDER): string {
  const path = join(folder, target.name);
  mkdirSync(path, { recursive: true });
  const hash = createHash("sha256").update(trial.bytes).digest("hex").slice(0, 12);
  const file = join(path, `${hash}-${trial.seed}.bin`);
  writeFileSync(file, trial.bytes);
  return file;
}

/** What a fuzzer begins with: the target's own seeds and the stored inputs. */
export async function beginnings(target: Target, folder?: string): Promise<Buffer[]> {
  const own = await target.seeds();
  return [...own, ...stored(target, folder).flatMap(({ trials: [first] }) => first?.bytes ?? [])];
}
