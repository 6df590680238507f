import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** `npm run test:peers`: ours, HAProxy and nginx stream through the same scenarios. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/peers/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    fileParallelism: false,
  },
});
