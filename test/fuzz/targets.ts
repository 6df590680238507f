import type { Target } from "./target.ts";
import { adminRequests } from "./targets/admin-requests.ts";
import { clouderaAnswers } from "./targets/cloudera-answers.ts";
import { configobj } from "./targets/configobj.ts";
import { controlLines } from "./targets/control-lines.ts";
import { firstBytes } from "./targets/first-bytes.ts";
import { haproxyOutput } from "./targets/haproxy-output.ts";
import { healthReplies } from "./targets/health-replies.ts";
import { proxyHeaders } from "./targets/proxy-headers.ts";
import { routedConnection } from "./targets/routed-connection.ts";
import { sasl } from "./targets/sasl.ts";
import { thriftCalls } from "./targets/thrift-calls.ts";
import { thriftReplies } from "./targets/thrift-replies.ts";

/**
 * Everything that is attacked by `npm run fuzz`. To add one: a file `targets/NAME.ts` that exports a `Target` (a name,
 * good inputs to begin with, `run(bytes, random)` that throws when something is wrong), and its row here;
 * `fuzz.test.ts` runs each row for a moment in `npm test`, and every input that has failed once (`fixtures/fuzz/NAME/`)
 * for ever.
 */
export const TARGETS: readonly Target[] = [
  firstBytes,
  thriftCalls,
  thriftReplies,
  sasl,
  healthReplies,
  routedConnection,
  configobj,
  proxyHeaders,
  controlLines,
  adminRequests,
  clouderaAnswers,
  haproxyOutput,
];
