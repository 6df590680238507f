import { suite } from "./vitest.config.ts";

/**
 * Feedback in seconds while one room is changed: `npm run test:unit -- test/hue`. Left out: what starts processes, servers
 * or other programs, and long searches for odd input. Nothing has to be built for it.
 */
export default suite(
  ["test/**/*.test.ts"],
  [
    "test/{real,long,peers,scenarios,terminal,end-to-end,toxics}/**",
    "test/balancer/{scenarios,admin}/**",
    "test/balancer/session/{faults,hostile,slow-start,python-thrift}.test.ts",
    "test/balancer/session-through-balancer.test.ts",
    "test/cli/generate/completion-*.test.ts",
    "test/cloudera/{faults,reach}.test.ts",
    "test/engines/{haproxy-run,keepalived}.test.ts",
    "test/fixtures/**",
    "test/hue/{hostile,oracle,oracle-interpolation}.test.ts",
    "test/project/{ci,pack,startup}.test.ts",
    "test/setup/apply/readiness.test.ts",
    "test/system/{files,processes,services}/**",
  ],
  true,
);
