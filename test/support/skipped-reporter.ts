import type { Reporter, TestModule } from "vitest/node";

/** Names every skipped test at the end of a run: a skip that nobody sees is a hole. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) skipped.push(test.fullName);
    }
    if (skipped.length === 0) return;
    process.stdout.write(`\n${skipped.length} tests skipped:\n`);
    for (const name of skipped) process.stdout.write(`  - ${name}\n`);
  }
}
