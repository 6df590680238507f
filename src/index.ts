/**
 * The public library of hue-impala-setup, for scripts of one's own: read and edit hue.ini without harm, discover
 * Impalads, run the balancer in a process of one's own, render HAProxy configurations. Everything else may change
 * between releases.
 * @packageDocumentation
 */
export { type RunningBalancer, startBalancer } from "./balancer/balancer.ts";
export { parseSpec } from "./balancer/spec/parse-spec.ts";
export type { BalancerSpec, BalancerSpecInput } from "./balancer/spec/spec.ts";
export type { CmConnection } from "./cloudera/client/client.ts";
export { type Choice, discoverImpalads, type Impalad } from "./cloudera/discovery/discovery.ts";
export { Failure, type FailureKind } from "./domain/failure.ts";
export { Secret } from "./domain/secret.ts";
export { type HaproxyOptions, renderHaproxy } from "./engines/haproxy/haproxy.ts";
export { ConfigObjError, type ConfigObjTree, parseConfigObj } from "./hue/configobj.ts";
export { type Edit, editHueIni, type ImpalaSettings } from "./hue/edit.ts";
