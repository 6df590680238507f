import { describe, expect, it } from "vitest";
import {
  type Description,
  defaultDescription,
  fiftyClusters,
  manyImpalads,
  smallCluster,
  startCloudera,
} from "../../fixtures/cloudera-manager/index.ts";
import { ChoiceNeeded } from "../../src/cloudera/discovery/choose.ts";
import { discover, discoverImpalads } from "../../src/cloudera/discovery/discovery.ts";
import { connection, failureOf, onStage, PASSWORD } from "./support.ts";

const VERSIONS = [6, 19, 33, 45, 57, 58];

describe("discovery", () => {
  it.each(VERSIONS)(
    "v%i: eligible coordinators and the reason for every other Impalad",
    async (apiVersion) => {
      await onStage(
        async ({ client }) => {
          const found = await discover(client);
          expect(found).toMatchObject({ cluster: "Cluster 1", impalaService: "impala", hueService: "hue" });
          expect(found.hueHosts).toEqual(["hue1.example.com"]);
          expect(found.impalads.map(({ host, port, reason }) => [host, port, reason])).toEqual([
            ["node1.example.com", 21050, null],
            ["node2.example.com", 21050, null],
            ["node3.example.com", 21050, null],
            ["node11.example.com", 21050, "role state is STOPPED, not STARTED"],
            ["node12.example.com", 21050, "commission state is DECOMMISSIONED"],
            ["node13.example.com", 21050, "in maintenance mode"],
            ["node14.example.com", 21050, "health is BAD"],
            // CM 5.0 knew no specialization: every Impalad was a coordinator.
            ["node15.example.com", 21050, apiVersion < 17 ? null : "executor only: takes no clients"],
            ["node16.example.com", 21050, apiVersion < 17 ? null : "executor only: takes no clients"],
          ]);
          for (const impalad of found.impalads) expect(impalad.eligible).toBe(impalad.reason === null);
          expect(found.impalads[0]).toMatchObject({
            cluster: "Cluster 1",
            service: "impala",
            roleConfigGroup: "impala-IMPALAD-1",
            health: "GOOD",
            webPort: 25000,
          });
          expect(found.warnings).toEqual([]);
        },
        { apiVersion },
      );
    },
  );

  it.each(VERSIONS)(
    "v%i: ports in effect are the role's, else the group's, else the default",
    async (apiVersion) => {
      const impaladsAt = [
        { host: "a.example.com", port: 21055, webPort: 25005 },
        { host: "b.example.com", port: 21050 },
      ];
      const description = defaultDescription({
        ineligible: false,
        impaladsAt,
        coordinators: { hs2_port: "21052", impalad_enable_webserver: "false" },
      });
      await onStage(
        async ({ client }) => {
          const { impalads } = await discover(client);
          expect(impalads.map(({ host, port, webPort }) => [host, port, webPort])).toEqual([
            ["a.example.com", 21055, undefined],
            ["b.example.com", 21052, undefined],
          ]);
        },
        { apiVersion, description },
      );
    },
  );

  it("a server whose export views hold no role configuration: v57's pages, read to the end", async () => {
    await onStage(
      async ({ cm, client }) => {
        cm.setFault({
          path: /services\/impala$/,
          fault: { kind: "body", body: '{"name":"impala","type":"IMPALA"}' },
        });
        const roles = [...cm.state.service("Cluster 1", "impala").roles.values()];
        const bare = { items: roles.map((role) => ({ name: role.name, type: role.type })) };
        // The first list of roles is the summary; the second asks for the export view.
        cm.setFault({
          path: /services\/impala\/roles$/,
          after: 1,
          fault: { kind: "body", body: JSON.stringify(bare) },
        });
        const { impalads } = await discover(client);
        const lists = cm.requests.filter((request) => request.path.endsWith("/roles/configs")).length;
        expect(lists).toBe(2);
        expect(impalads.filter((impalad) => impalad.port === 21051)).toHaveLength(6);
      },
      { apiVersion: 58, description: manyImpalads(600) },
    );
  });

  it("an account that may not export: the list of roles, with the service's configuration read by itself", async () => {
    const description = defaultDescription({
      ineligible: false,
      impaladsAt: [{ host: "a.example.com", port: 21055 }],
      impala: { enable_ldap_auth: "true" },
    });
    await onStage(
      async ({ cm, client }) => {
        cm.setFault({ path: /services\/(impala|hue)$/, fault: { kind: "forbidden" } });
        const found = await discover(client);
        expect(found.impalads.map((impalad) => impalad.port)).toEqual([21055]);
        expect(found.facts.ldap).toBe(true);
        expect(found.hueHosts).toEqual(["hue1.example.com"]);
      },
      { description },
    );
  });

  it("many Impalads before v11: overrides are not read one by one, and a warning says so", async () => {
    await onStage(
      async ({ client }) => {
        const { impalads, warnings } = await discover(client);
        expect(impalads).toHaveLength(40);
        expect(warnings.map((warning) => warning.code)).toEqual(["role-overrides-unread"]);
      },
      { apiVersion: 6, description: manyImpalads(40) },
    );
  });

  it("a server that does not filter roles by type: the others are left out", async () => {
    await onStage(async ({ cm, client }) => {
      const authorization = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString("base64")}`;
      const roles = "api/v45/clusters/Cluster%201/services/impala/roles";
      const everything = await fetch(`${cm.url}/${roles}`, { headers: { authorization } });
      const body = await everything.text();
      expect(body).toContain("STATESTORE");
      cm.setFault({ path: /services\/impala\/roles$/, fault: { kind: "body", body } });
      expect((await discover(client)).impalads).toHaveLength(9);
    });
  });

  it("a role whose host is gone is listed with the reason", async () => {
    await onStage(
      async ({ cm, client }) => {
        cm.setFault({ path: /\/hosts$/, fault: { kind: "body", body: '{"items":[]}' } });
        const { impalads } = await discover(client);
        expect(impalads).toHaveLength(9);
        expect(new Set(impalads.map((impalad) => impalad.reason))).toEqual(
          new Set(["Cloudera Manager gives no host name for it"]),
        );
      },
      { apiVersion: 19 },
    );
  });

  it("sorts hosts as people count, and takes no name with control characters for another one", async () => {
    const impaladsAt = ["node10", "node9", "n\u001b[31mode1"].map((host) => ({ host, port: 21050 }));
    await onStage(
      async ({ client }) => {
        const { impalads } = await discover(client);
        expect(impalads.map((impalad) => impalad.host)).toEqual(["n\u001b[31mode1", "node9", "node10"]);
        expect(impalads.map((impalad) => impalad.eligible)).toEqual([false, true, true]);
      },
      { description: defaultDescription({ ineligible: false, impaladsAt }) },
    );
  });

  it("discoverImpalads() connects, discovers and disconnects", async () => {
    const cm = await startCloudera({ users: [{ name: "admin", password: PASSWORD, role: "read-only" }] });
    try {
      const impalads = await discoverImpalads(connection(cm.url), {}, { agentConfig: "/nonexistent" });
      expect(impalads.filter((impalad) => impalad.eligible)).toHaveLength(3);
    } finally {
      await cm.close();
    }
  });
});

describe("requests", () => {
  it.each(VERSIONS)(
    "v%i: at most 8 and one per used role config group for 1,000 Impalads",
    async (apiVersion) => {
      const counts: number[] = [];
      for (const hosts of [100, 1000]) {
        await onStage(
          async ({ cm, client }) => {
            const { impalads } = await discover(client);
            expect(impalads).toHaveLength(hosts);
            expect(impalads.filter((impalad) => impalad.eligible)).toHaveLength(hosts);
            const groups = new Set(impalads.map((impalad) => impalad.roleConfigGroup)).size;
            expect(cm.requests.length).toBeLessThanOrEqual(8 + groups);
            if (apiVersion >= 11)
              expect(impalads.filter((impalad) => impalad.port === 21051)).toHaveLength(hosts / 100);
            counts.push(cm.requests.length);
          },
          { apiVersion, description: manyImpalads(hosts) },
        );
      }
      expect(counts[1]).toBe(counts[0]);
    },
  );

  it("50 clusters: 2 requests to list them, and no more than for one once the cluster is chosen", async () => {
    await onStage(
      async ({ cm, client }) => {
        const needed = await failureOf(discover(client));
        expect(needed).toBeInstanceOf(ChoiceNeeded);
        expect(needed).toMatchObject({ kind: "settings", code: "choose-cluster" });
        expect(needed instanceof ChoiceNeeded ? needed.choices : []).toHaveLength(50);
        expect(cm.requests).toHaveLength(2);
        const found = await discover(client, { cluster: "Cluster 37" });
        expect(found.impalads).toHaveLength(3);
        expect(cm.requests.length).toBeLessThanOrEqual(2 + 7 + 1);
      },
      { description: fiftyClusters() },
    );
  });
});

describe("choices", () => {
  it("finds a compute cluster, which v32 and later list only when asked", async () => {
    const [base, compute] = [smallCluster({ name: "Base" }), smallCluster({ name: "Compute" })];
    const description: Description = {
      hosts: [...base.hosts, ...compute.hosts],
      clusters: [base.cluster, { ...compute.cluster, clusterType: "compute" }],
    };
    for (const apiVersion of [19, 33, 45]) {
      await onStage(
        async ({ client }) => {
          expect((await discover(client, { cluster: "Compute" })).cluster).toBe("Compute");
          expect(await failureOf(discover(client))).toMatchObject({ choices: ["Base", "Compute"] });
        },
        { apiVersion, description },
      );
    }
  });

  it("a display name is as good as a name, and the name is what comes back", async () => {
    const one = smallCluster({ name: "c1", displayName: "Production 東京" });
    await onStage(
      async ({ client }) => {
        expect((await discover(client, { cluster: "Production 東京" })).cluster).toBe("c1");
      },
      { description: { hosts: one.hosts, clusters: [one.cluster] } },
    );
  });

  it("several Impala or Hue services are a question; a wrong name gets a suggestion", async () => {
    const { hosts, cluster } = smallCluster({});
    const second = smallCluster({ name: "Second", serviceNames: { impala: "impala-2", hue: "hue-2" } });
    const more = second.cluster.services.filter((service) => ["IMPALA", "HUE"].includes(service.type));
    const description = {
      hosts: [...hosts, ...second.hosts],
      clusters: [{ ...cluster, services: [...cluster.services, ...more] }],
    };
    await onStage(
      async ({ client }) => {
        expect(await failureOf(discover(client))).toMatchObject({
          code: "choose-service",
          option: "--impala-service",
          choices: ["impala", "impala-2"],
        });
        expect(await failureOf(discover(client, { impalaService: "impala" }))).toMatchObject({
          code: "choose-service",
          option: "--hue-service",
          choices: ["hue", "hue-2"],
        });
        expect(await failureOf(discover(client, { impalaService: "impalla" }))).toMatchObject({
          kind: "settings",
          code: "unknown-service",
          hint: "did you mean --impala-service impala?",
        });
        const found = await discover(client, { impalaService: "impala-2", hueService: "hue" });
        expect(found).toMatchObject({ impalaService: "impala-2", hueService: "hue" });
        // Hue depends on the other Impala service: that is worth a warning.
        expect(found.warnings.map((warning) => warning.code)).toEqual(["hue-other-impala"]);
        expect(
          (await discover(client, { impalaService: "impala" }, { hue: false })).hueService,
        ).toBeUndefined();
      },
      { description },
    );
  });

  it("a cluster without Impala is refused, one without Hue is not", async () => {
    const { hosts, cluster } = smallCluster({});
    const without = (type: string) => ({
      hosts,
      clusters: [{ ...cluster, services: cluster.services.filter((service) => service.type !== type) }],
    });
    await onStage(
      async ({ client }) => {
        expect(await failureOf(discover(client))).toMatchObject({ kind: "settings", code: "no-service" });
      },
      { description: without("IMPALA") },
    );
    await onStage(
      async ({ client }) => {
        const found = await discover(client);
        expect(found).not.toHaveProperty("hueService");
        expect(found.hueHosts).toEqual([]);
        expect(await failureOf(discover(client, { hueService: "hue" }))).toMatchObject({
          code: "unknown-service",
        });
      },
      { description: without("HUE") },
    );
  });
});

describe("facts", () => {
  it.each([
    [6, false],
    [19, false],
    [33, true],
    [44, true],
    [45, false],
    [58, true],
  ])("v%i tells Kerberos (kept in CORE_SETTINGS: %s)", async (apiVersion, coreSettings) => {
    for (const kerberosRealm of [undefined, "EXAMPLE.COM"]) {
      const description = defaultDescription({ coreSettings, ...(kerberosRealm && { kerberosRealm }) });
      await onStage(
        async ({ client }) => {
          const found = await discover(client);
          expect(found.facts.kerberos).toBe(kerberosRealm !== undefined);
        },
        { apiVersion, description },
      );
    }
  });

  it("Kerberos is unknown, with a warning, where the account may not look", async () => {
    await onStage(async ({ cm, client }) => {
      cm.setFault({ path: "/kerberosInfo", fault: { kind: "forbidden" } });
      cm.setFault({ path: "/services/hdfs/config", fault: { kind: "forbidden" } });
      const found = await discover(client);
      expect(found.facts.kerberos).toBeNull();
      expect(found.warnings.map((warning) => warning.code)).toEqual(["kerberos-unknown"]);
    });
  });

  it.each([
    ["TLS", { impala: { client_services_ssl_enabled: "true" } }, { impalaTls: true }, ["impala-tls"]],
    ["LDAP", { impala: { enable_ldap_auth: "true" } }, { ldap: true }, ["impala-ldap"]],
    [
      "no impala_service",
      { hue: { impala_service: "none" } },
      { hueImpalaService: null },
      ["hue-without-impala"],
    ],
    [
      "a load balancer at the group",
      { coordinators: { impalad_load_balancer: "lb:21051" } },
      { loadBalancers: [{ scope: "group", owner: "impala-IMPALAD-1", value: "lb:21051" }] },
      ["load-balancer-set"],
    ],
  ])("%s is told", async (_, options, facts, codes) => {
    await onStage(
      async ({ client }) => {
        const found = await discover(client);
        expect(found.facts).toMatchObject(facts);
        expect(found.warnings.map((warning) => warning.code)).toEqual(codes);
      },
      { description: defaultDescription(options) },
    );
  });

  it("a group of coordinators without the load balancer that others have is named", async () => {
    const { hosts, cluster } = smallCluster({ coordinators: { impalad_load_balancer: "lb:21051" } });
    const more = smallCluster({ name: "More", impaladsAt: [{ host: "x.example.com", port: 21050 }] });
    const extra = more.cluster.services.find((service) => service.type === "IMPALA")?.groups[1];
    const services = cluster.services.map((service) =>
      service.type === "IMPALA" && extra !== undefined
        ? { ...service, groups: [...service.groups, { ...extra, name: "impala-IMPALAD-9" }] }
        : service,
    );
    await onStage(
      async ({ client }) => {
        const { facts } = await discover(client);
        expect(facts.groupsWithout).toEqual(["impala-IMPALAD-9"]);
      },
      { description: { hosts: [...hosts, ...more.hosts], clusters: [{ ...cluster, services }] } },
    );
  });

  it("a load balancer at the service is found too", async () => {
    await onStage(
      async ({ client }) => {
        const { facts } = await discover(client);
        expect(facts.loadBalancers).toEqual([{ scope: "service", owner: "impala", value: "lb:21051" }]);
      },
      {
        loadBalancerScope: "service",
        description: defaultDescription({ impala: { impalad_load_balancer: "lb:21051" } }),
      },
    );
  });
});
