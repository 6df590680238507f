import { suite } from "./vitest.config.ts";

/**
 * What depends on Node itself, run on every supported version by `npm run test:nodes`. Left out: tests of other programs
 * (HAProxy, keepalived, shells), of the simulators, long searches for odd input, and rules that no version of Node changes.
 */
export default suite(
  ["test/{balancer,cli,cloudera,domain,hue,scenarios,setup,system,terminal,wizard}/**/*.test.ts"],
  [
    "test/cli/generate/**",
    "test/cloudera/faults.test.ts",
    "test/scenarios/{faults,japanese,large,scenarios}.test.ts",
    "test/balancer/kerberos/!(routing).test.ts",
    "test/balancer/scenarios/{choice,half-dead,limits,operations,proxy-protocol}.test.ts",
    "test/hue/{hostile,oracle}.test.ts",
    "test/system/files/{crash,in-place,races}.test.ts",
  ],
  true,
);
