import { defineConfig } from "vitest/config";

/** The pure units of session routing, for `npx stryker run stryker.session.config.json`. */
export default defineConfig({
  test: {
    include: ["test/balancer/{session/units/*,wire/*}.test.ts"],
    pool: "threads",
    testTimeout: 120_000,
  },
});
