import { describe, expect, it } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { flagsOf, readFlags } from "../../src/cloudera/config/gflags.ts";
import { NO_PROPERTIES, propertiesOf } from "../../src/cloudera/config/properties.ts";
import { advise, type Intention } from "../../src/cloudera/discovery/advice.ts";
import { discover } from "../../src/cloudera/discovery/discovery.ts";
import { onStage } from "./support.ts";

describe("flags given as text", () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["-hs2_port=21055", { hs2_port: "21055" }],
    ["--hs2_port=21055 --webserver_port=25005", { hs2_port: "21055", webserver_port: "25005" }],
    ["--hs2_port 21055\n-is_executor=false", { hs2_port: "21055", is_executor: "false" }],
    ["--hs2-port=21055\r\n--is-coordinator=F\r\n", { hs2_port: "21055", is_coordinator: "false" }],
    ["--nois_coordinator", { is_coordinator: "false" }],
    ["-nois-coordinator --is_coordinator", { is_coordinator: "true" }],
    ["--is_coordinator false --hs2_port=1", { is_coordinator: "true", hs2_port: "1" }],
    ["--is_coordinator=0 --enable_ldap_auth=YES", { is_coordinator: "false", enable_ldap_auth: "true" }],
    ["--is_coordinator=perhaps", {}],
    ['--principal="impala/lb.example.com@EXAMPLE.COM"', { principal: "impala/lb.example.com@EXAMPLE.COM" }],
    ["'--ssl_server_certificate=/etc/my certs/i.pem'", { ssl_server_certificate: "/etc/my certs/i.pem" }],
    ["--ssl_server_certificate '/etc/my certs/i.pem'", { ssl_server_certificate: "/etc/my certs/i.pem" }],
    ["--ssl_server_certificate=", { ssl_server_certificate: "" }],
    ["--hs2_port=1 \\\n  --hs2_port=2", { hs2_port: "2" }],
    ["# --hs2_port=1\n   # -is_coordinator=false\n-hs2_port=3", { hs2_port: "3" }],
    ["--notification_port=7", { notification_port: "7" }],
    ["--mem_limit -1 --hs2_port=4", { hs2_port: "4" }],
    ["--hs2_port=5 -- --hs2_port=6", { hs2_port: "5" }],
    ["--x=it's --hs2_port=8", { x: "it's", hs2_port: "8" }],
    ["", {}],
  ])("%j", (text, flags) => {
    expect(Object.fromEntries(readFlags(text))).toEqual(flags);
  });

  it("a megabyte of dashes, quotes and blanks takes no time", () => {
    const before = process.cpuUsage().user;
    for (const piece of ["- ", "'\"", "--x=", "--a b "]) readFlags(piece.repeat(1_000_000 / piece.length));
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(3);
  });

  it("the group's win over the service's, a role's replace its group's", () => {
    const set = (name: string, value: string) => propertiesOf([{ name, value }]);
    const service = set("impala_cmd_args_safety_valve", "--hs2_port=1 --webserver_port=9");
    const group = set("impalad_cmd_args_safety_valve", "--hs2_port=2");
    const role = set("impalad_cmd_args_safety_valve", "--is_executor=false");
    const read = (own = NO_PROPERTIES) => Object.fromEntries(flagsOf(service, group, own));
    expect(read()).toEqual({ hs2_port: "2", webserver_port: "9" });
    expect(read(role)).toEqual({ hs2_port: "1", webserver_port: "9", is_executor: "false" });
  });
});

const AT = [
  { host: "a.example.com", port: 21050 },
  { host: "b.example.com", port: 21050 },
];

/** What is discovered where the service, and the group of the Impalads, have these flags. */
async function discovered(
  flags: { service?: string; group?: string; fields?: Record<string, string> },
  apiVersion = 45,
  role?: string,
) {
  const description = defaultDescription({
    ineligible: false,
    impaladsAt: AT,
    ...(flags.service === undefined ? {} : { impala: { impala_cmd_args_safety_valve: flags.service } }),
    coordinators: {
      ...flags.fields,
      ...(flags.group === undefined ? {} : { impalad_cmd_args_safety_valve: flags.group }),
    },
  });
  let found: Awaited<ReturnType<typeof discover>> | undefined;
  await onStage(
    async ({ cm, client }) => {
      if (role !== undefined) {
        const first = [...cm.state.service("Cluster 1", "impala").roles.values()].find(
          ({ type }) => type === "IMPALAD",
        );
        cm.otherAdministrator("Cluster 1", "impala", { impalad_cmd_args_safety_valve: role }, first?.name);
      }
      const before = cm.requests.length;
      found = await discover(client);
      expect(cm.requests.length - before).toBeLessThanOrEqual(apiVersion < 11 ? 12 : 9);
    },
    { apiVersion, description },
  );
  if (found === undefined) throw new Error("nothing was discovered");
  return found;
}

describe("flags win over the fields", () => {
  it.each([6, 19, 45, 58])("v%i: ports, and an executor by flags of its own role", async (apiVersion) => {
    const { impalads } = await discovered(
      { service: "--webserver_port=25099", group: "-hs2_port=21077", fields: { hs2_port: "21066" } },
      apiVersion,
      "--is_coordinator=false",
    );
    expect(impalads.map(({ host, port, webPort, reason }) => [host, port, webPort, reason])).toEqual([
      ["a.example.com", 21066, 25099, "executor only: takes no clients"],
      ["b.example.com", 21077, 25099, null],
    ]);
  });

  it.each([
    ["executors by flags only, as before Cloudera Manager 6", "--nois_coordinator", {}, false],
    [
      "a coordinator by flags though the field says executor",
      "--is_coordinator",
      { impalad_specialization: "EXECUTOR_ONLY" },
      true,
    ],
    ["HiveServer2 switched off", "--hs2_port 0", {}, false],
    ["a web server switched off", "--enable_webserver=false", {}, true],
  ])("%s", async (_, group, fields, eligible) => {
    const { impalads } = await discovered({ group, fields });
    expect(impalads.map((impalad) => impalad.eligible)).toEqual([eligible, eligible]);
    if (group.includes("webserver")) expect(impalads[0]?.webPort).toBeUndefined();
  });

  it.each<[string, { service?: string; group?: string }, Record<string, unknown>]>([
    ["TLS", { group: "--ssl_server_certificate=/etc/i.pem" }, { impalaTls: true }],
    ["LDAP", { service: "-enable_ldap_auth=true" }, { ldap: true }],
    [
      "Kerberos",
      { service: "--principal=impala/lb.example.com@EXAMPLE.COM" },
      { kerberos: true, principalHosts: ["lb.example.com"] },
    ],
    [
      "a principal of each host",
      { group: "--principal impala/_HOST@EXAMPLE.COM" },
      { kerberos: true, principalHosts: [""] },
    ],
    ["nothing", {}, { impalaTls: false, ldap: false, kerberos: false }],
  ])("%s", async (_, flags, facts) => {
    expect((await discovered(flags)).facts).toMatchObject(facts);
  });

  it.each<[string, readonly string[], Intention, string[]]>([
    ["the balancer's own principal", ["lb.example.com"], { serverHost: "LB.example.com" }, []],
    ["another's", ["old.example.com"], { serverHost: "lb.example.com" }, ["kerberos-flags-name-another"]],
    [
      "another's, though the field is to be set",
      ["old.example.com"],
      { serverHost: "lb.example.com", setsLoadBalancer: true },
      ["kerberos-flags-name-another"],
    ],
    [
      "only some Impalads have it",
      ["lb.example.com", ""],
      { serverHost: "lb.example.com" },
      ["kerberos-flags-name-another"],
    ],
    ["only their own", [""], { serverHost: "lb.example.com" }, ["kerberos-without-proxy-principal"]],
    ["one and the same, in general", ["lb.example.com"], {}, []],
  ])("Kerberos by flags, %s", (_, principalHosts, intention, refusals) => {
    const facts = { kerberos: true, impalaTls: false, ldap: false, loadBalancers: [], principalHosts };
    expect(advise(facts, "impala", intention).refusals.map(({ code }) => code)).toEqual(refusals);
  });
});
