import { suite } from "./vitest.config.ts";

/** What depends on Node itself and is fast: run on every supported version by `npm run test:nodes`. */
export default suite(
  ["test/{balancer,cli,cloudera,domain,engines,fixtures,hue,scenarios,setup,system}/**/*.test.ts"],
  ["test/cli/generate/**"],
);
