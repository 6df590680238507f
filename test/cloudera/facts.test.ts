import { describe, expect, it } from "vitest";
import { advise, type Intention } from "../../src/cloudera/discovery/advice.ts";
import type { ClusterFacts } from "../../src/cloudera/discovery/facts.ts";

const PLAIN: ClusterFacts = { kerberos: false, impalaTls: false, ldap: false, loadBalancers: [] };
const at = (value: string, owner = "impala-IMPALAD-BASE") => ({ scope: "group" as const, owner, value });
const LB = at("lb.example.com:21051");
const OURS: Intention = { serverHost: "lb.example.com", serverPort: 21051 };

describe("facts that change the advice", () => {
  it.each<[string, Partial<ClusterFacts>, Intention, string[], string[]]>([
    ["nothing special", {}, OURS, [], []],
    ["Kerberos without a load balancer", { kerberos: true }, OURS, [], ["kerberos-without-proxy-principal"]],
    [
      "Kerberos without a load balancer, in general",
      { kerberos: true },
      {},
      [],
      ["kerberos-without-proxy-principal"],
    ],
    ["Kerberos with our load balancer", { kerberos: true, loadBalancers: [LB] }, OURS, [], []],
    [
      "Kerberos with our load balancer, in capitals",
      { kerberos: true, loadBalancers: [at("LB.example.com:21051")] },
      OURS,
      [],
      [],
    ],
    [
      "Kerberos with another load balancer",
      { kerberos: true, loadBalancers: [at("other:21050")] },
      OURS,
      ["load-balancer-other"],
      ["kerberos-without-proxy-principal"],
    ],
    [
      "Kerberos, load balancer in one group only of two that differ",
      { kerberos: true, loadBalancers: [LB, at("other:21050", "g2")] },
      OURS,
      ["load-balancer-differs", "load-balancer-other"],
      ["kerberos-without-proxy-principal"],
    ],
    [
      "Kerberos, load balancer to be set now",
      { kerberos: true },
      { ...OURS, setsLoadBalancer: true },
      [],
      [],
    ],
    [
      "Kerberos and an address instead of a name",
      { kerberos: true, loadBalancers: [LB] },
      { serverHost: "10.0.0.1", setsLoadBalancer: true },
      ["load-balancer-set"],
      ["kerberos-needs-host-name"],
    ],
    [
      "Kerberos and an IPv6 address",
      { kerberos: true },
      { serverHost: "::1" },
      [],
      ["kerberos-needs-host-name"],
    ],
    [
      "Kerberos, one group of coordinators without a load balancer",
      { kerberos: true, loadBalancers: [LB], groupsWithout: ["g2"] },
      OURS,
      [],
      ["kerberos-without-proxy-principal"],
    ],
    ["Kerberos unknown", { kerberos: null }, OURS, ["kerberos-unknown"], []],
    ["TLS", { impalaTls: true }, OURS, ["impala-tls"], []],
    ["LDAP", { ldap: true }, OURS, ["impala-ldap"], []],
    ["our load balancer set already", { loadBalancers: [LB] }, OURS, [], []],
    ["another load balancer set", { loadBalancers: [at("other:21050")] }, OURS, ["load-balancer-other"], []],
    ["a load balancer set, in general", { loadBalancers: [LB] }, {}, ["load-balancer-set"], []],
    ["Hue without Impala", { hueImpalaService: null }, OURS, ["hue-without-impala"], []],
    ["Hue with another Impala", { hueImpalaService: "impala2" }, OURS, ["hue-other-impala"], []],
    ["Hue with this Impala", { hueImpalaService: "impala" }, OURS, [], []],
  ])("%s", (_, facts, intention, warnings, refusals) => {
    const advice = advise({ ...PLAIN, ...facts }, "impala", intention);
    expect(advice.warnings.map((warning) => warning.code)).toEqual(warnings);
    expect(advice.refusals.map((refusal) => refusal.code)).toEqual(refusals);
    for (const refusal of advice.refusals) expect(refusal.kind).toBe("settings");
  });

  it("a refusal for Kerberos says what to set, to what, and what it does", () => {
    const [refusal] = advise({ ...PLAIN, kerberos: true }, "impala", OURS).refusals;
    expect(refusal?.hint).toContain("impalad_load_balancer");
    expect(refusal?.hint).toContain("lb.example.com:21051");
    expect(refusal?.hint).toContain("--set-impala-load-balancer");
    expect(refusal?.hint).toContain("impala/lb.example.com");
  });
});
