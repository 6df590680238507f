import type { Text } from "../../domain/text.ts";
import { propertyOf } from "../../messages/cloudera.ts";
import { systemText } from "../../messages/errno.ts";
import { clouderaConfigFailure } from "../../messages/failures/cloudera/config.ts";
import type { CmClient, CmPath, CmReader } from "../client/client.ts";
import { gathered } from "../client/concurrent.ts";
import { ConfigList, RoleList } from "../client/shapes.ts";
import { propertiesOf } from "./properties.ts";
import { configPath, writeProperty } from "./property.ts";

export const LOAD_BALANCER_PROPERTY = "impalad_load_balancer";

/** A setting of `impalad_load_balancer` ("Impala Daemons Load Balancer"), at the group or the service that holds it. */
export interface LoadBalancerSetting {
  readonly scope: "group" | "service";
  /** Name of the role config group or of the service. */
  readonly owner: string;
  /** `host:port` as set. */
  readonly value: string;
}

/** A place of `impalad_load_balancer` with what it holds; "" when unset. */
export type LoadBalancerPlace = LoadBalancerSetting;

/** The same with what it shall hold. */
export interface LoadBalancerEdit extends LoadBalancerPlace {
  readonly after: string;
}

/**
 * Where `impalad_load_balancer` belongs in this cluster, with its present values: the role config groups of the
 * Impalads if they know the property (the web UI shows it there), else the Impala service.
 * @throws Failure `failed`, code `no-load-balancer-property`, when this version knows it in neither place
 */
export async function readLoadBalancer(
  client: CmReader,
  cluster: string,
  impalaService: string,
): Promise<LoadBalancerPlace[]> {
  const at: CmPath = ["clusters", cluster, "services", impalaService];
  const { items } = await client.get([...at, "roles"], RoleList, { filter: "type==IMPALAD" });
  const groups = new Set(
    items
      .filter((role) => role.type === "IMPALAD")
      .map((role) => role.roleConfigGroupRef?.roleConfigGroupName)
      .filter((name) => name != null),
  );
  const inGroups = await gathered([...groups], (owner) =>
    placeAt(client, cluster, impalaService, "group", owner),
  );
  const known = inGroups.filter((place) => place !== undefined);
  if (known.length > 0) return known;
  const atService = await placeAt(client, cluster, impalaService, "service", impalaService);
  if (atService !== undefined) return [atService];
  throw clouderaConfigFailure("no-load-balancer-property", {
    property: LOAD_BALANCER_PROPERTY,
    service: impalaService,
  });
}

/** The full view lists every property that exists, set or not. */
async function placeAt(
  client: CmReader,
  cluster: string,
  impalaService: string,
  scope: "group" | "service",
  owner: string,
): Promise<LoadBalancerPlace | undefined> {
  const path = configPath(cluster, impalaService, { scope, owner });
  const property = propertiesOf((await client.get(path, ConfigList, { view: "full" })).items).get(
    LOAD_BALANCER_PROPERTY,
  );
  return property === undefined ? undefined : { scope, owner, value: property.value ?? "" };
}

/**
 * Sets `impalad_load_balancer` in every place that differs. When a later place fails, the earlier ones get their old
 * values back. Takes effect with {@link loadBalancerRestart}.
 * @throws ConfigChanged code `load-balancer-changed`
 * @throws Failure as `writeProperty`; `partial`, code `load-balancer-partly-set`, when the way back failed too
 */
export async function writeLoadBalancer(
  client: CmClient,
  cluster: string,
  impalaService: string,
  edits: readonly LoadBalancerEdit[],
  message: string,
): Promise<{ changed: boolean }> {
  const write = (place: LoadBalancerPlace, expected: string, value: string) =>
    writeProperty(client, {
      path: configPath(cluster, impalaService, place),
      property: LOAD_BALANCER_PROPERTY,
      what: placeName(place),
      expected,
      value,
      message,
      changedCode: "load-balancer-changed",
    });
  const done: LoadBalancerEdit[] = [];
  for (const edit of edits) {
    try {
      if ((await write(edit, edit.value, edit.after)).changed) done.push(edit);
    } catch (thrown) {
      for (const earlier of done.reverse()) {
        await write(earlier, earlier.after, earlier.value).catch((second: unknown) => {
          throw clouderaConfigFailure("load-balancer-partly-set", {
            what: placeName(earlier),
            value: earlier.value,
            reason: systemText(thrown),
            second: systemText(second),
          });
        });
      }
      throw thrown;
    }
  }
  return { changed: done.length > 0 };
}

function placeName(place: LoadBalancerPlace): Text {
  return propertyOf(LOAD_BALANCER_PROPERTY, place, "group");
}

/** What must be restarted for the property to take effect: the tool never does it by itself. */
export function loadBalancerRestart(cluster: string, impalaService: string): Text {
  return {
    en: `restart the Impala service ${impalaService} of cluster ${cluster} in Cloudera Manager (running queries end) so that impalads get the balancer's principal, then restart Hue`,
    ja: `Cloudera Manager でクラスター ${cluster} の Impala サービス ${impalaService} を再起動し (実行中のクエリは終わる)、そのあと Hue を再起動する`,
  };
}
