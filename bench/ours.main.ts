/** The bundled balancer with a specification file, and nothing around it. */
import { readFileSync } from "node:fs";
import { startBalancer } from "../src/balancer/balancer.ts";
import { parseSpecText } from "../src/balancer/spec/parse-spec.ts";

await startBalancer(parseSpecText(readFileSync(process.argv[2] ?? "", "utf8")));
