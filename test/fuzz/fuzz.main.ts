/**
 * `npm run fuzz`: hostile inputs for everything that reads bytes from outside, for as long as you like.
 *   --minutes N   in all, shared by the targets (1)     --only NAME,NAME   targets to attack
 *   --seed N      goes the same way again (the time)    --folder PATH      keeps inputs that fail (fixtures/fuzz)
 */
import { parseArgs } from "node:util";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { FAULTY } from "./faulty.ts";
import { TARGETS } from "./targets.ts";
import { watch } from "./watch.ts";
import { attack, type WorkerTask } from "./worker.ts";

if (isMainThread) await main();
else await work(workerData as WorkerTask);

async function work(task: WorkerTask): Promise<void> {
  const target = [...TARGETS, ...FAULTY].find((each) => each.name === task.name);
  if (target !== undefined) await attack(target, task, (message) => parentPort?.postMessage(message));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      only: { type: "string" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      folder: { type: "string", default: "fixtures/fuzz" },
    },
  });
  const names = values.only?.split(",");
  const targets =
    names === undefined ? TARGETS : [...TARGETS, ...FAULTY].filter((each) => names.includes(each.name));
  if (targets.length === 0) {
    process.stderr.write(`no such target; there are ${TARGETS.map((each) => each.name).join(", ")}\n`);
    process.exitCode = 2;
    return;
  }
  const seconds = (Number(values.minutes) * 60) / targets.length;
  process.stdout.write(
    `seed ${values.seed}, ${seconds.toFixed(0)} s for each of ${targets.length} targets\n`,
  );
  for (const target of targets) {
    const outcome = await watch(target, {
      program: new URL(import.meta.url),
      seconds,
      seed: Number(values.seed),
      folder: values.folder,
    });
    const { runs, kinds, heap, findings } = outcome;
    process.stdout.write(
      `${target.name}: ${runs} inputs, ${kinds} kinds of outcome, ${(heap / 1e6).toFixed(0)} MB, ${findings.length} findings\n`,
    );
    for (const { what, file } of findings) process.stdout.write(`  ${file}: ${what}\n`);
    if (findings.length > 0) process.exitCode = 1;
  }
}
