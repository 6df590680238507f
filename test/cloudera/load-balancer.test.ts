import { describe, expect, it } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import {
  loadBalancerRestart,
  readLoadBalancer,
  writeLoadBalancer,
} from "../../src/cloudera/config/load-balancer.ts";
import { ConfigChanged } from "../../src/cloudera/config/property.ts";
import { discover } from "../../src/cloudera/discovery/discovery.ts";
import { failureOf, onStage, type Stage } from "./support.ts";

const PROPERTY = "impalad_load_balancer";
const at = (client: Stage["client"]) => [client, "Cluster 1", "impala"] as const;

describe("Impala's load balancer in Cloudera Manager", () => {
  it.each([6, 33, 45, 58])(
    "v%i: is set in every used group of Impalads, and taken back",
    async (apiVersion) => {
      await onStage(
        async ({ client }) => {
          const places = await readLoadBalancer(...at(client));
          expect(places).toEqual([
            { scope: "group", owner: "impala-IMPALAD-1", value: "" },
            { scope: "group", owner: "impala-IMPALAD-2", value: "" },
          ]);
          const edits = places.map((place) => ({ ...place, after: "lb.example.com:21051" }));
          expect(await writeLoadBalancer(...at(client), edits, "hue-impala-setup")).toEqual({
            changed: true,
          });
          expect((await discover(client)).facts.loadBalancers.map((setting) => setting.value)).toEqual([
            "lb.example.com:21051",
            "lb.example.com:21051",
          ]);
          expect(await writeLoadBalancer(...at(client), edits, "hue-impala-setup")).toEqual({
            changed: false,
          });
          const undo = edits.map((edit) => ({ ...edit, value: edit.after, after: edit.value }));
          await writeLoadBalancer(...at(client), undo, "undo");
          expect((await discover(client)).facts.loadBalancers).toEqual([]);
        },
        { apiVersion },
      );
    },
  );

  it("is set at the service where the groups do not know it", async () => {
    await onStage(
      async ({ cm, client }) => {
        const places = await readLoadBalancer(...at(client));
        expect(places).toEqual([{ scope: "service", owner: "impala", value: "" }]);
        await writeLoadBalancer(
          ...at(client),
          places.map((place) => ({ ...place, after: "lb:21051" })),
          "x",
        );
        expect(cm.state.service("Cluster 1", "impala").config.get(PROPERTY)).toBe("lb:21051");
      },
      { loadBalancerScope: "service" },
    );
  });

  it("a version that knows it nowhere is told from one where it is unset", async () => {
    await onStage(async ({ cm, client }) => {
      cm.setFault({ path: /config$/, fault: { kind: "body", body: '{"items":[]}' } });
      expect(await failureOf(readLoadBalancer(...at(client)))).toMatchObject({
        kind: "failed",
        code: "no-load-balancer-property",
      });
    });
  });

  it("another administrator's value is not overwritten", async () => {
    await onStage(
      async ({ client }) => {
        const edits = [
          { scope: "group" as const, owner: "impala-IMPALAD-1", value: "old:1", after: "lb:21051" },
        ];
        const failure = await failureOf(writeLoadBalancer(...at(client), edits, "x"));
        expect(failure).toBeInstanceOf(ConfigChanged);
        expect(failure).toMatchObject({ code: "load-balancer-changed", found: "theirs:21050" });
      },
      { description: defaultDescription({ coordinators: { [PROPERTY]: "theirs:21050" } }) },
    );
  });

  it("when the second group fails, the first gets its old value back", async () => {
    await onStage(async ({ cm, client }) => {
      const places = await readLoadBalancer(...at(client));
      const edits = places.map((place) => ({ ...place, after: "lb:21051" }));
      cm.setFault({ method: "PUT", path: "impala-IMPALAD-2", fault: { kind: "forbidden" } });
      expect(await failureOf(writeLoadBalancer(...at(client), edits, "x"))).toMatchObject({ kind: "auth" });
      expect((await readLoadBalancer(...at(client))).map((place) => place.value)).toEqual(["", ""]);
      // And when the way back fails too, a person is needed and told where.
      cm.setFault({ method: "PUT", path: "impala-IMPALAD-1", after: 1, fault: { kind: "forbidden" } });
      const failure = await failureOf(writeLoadBalancer(...at(client), edits, "x"));
      expect(failure).toMatchObject({ kind: "partial", code: "load-balancer-partly-set" });
      expect(failure.message).toContain("impala-IMPALAD-1");
    });
  });

  it("names the restart that it needs", () => {
    expect(loadBalancerRestart("Cluster 1", "impala").en).toContain(
      "restart the Impala service impala of cluster Cluster 1",
    );
  });
});
