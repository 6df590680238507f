import { connect, isIPv6 } from "node:net";
import { type Endpoint, isWildcard } from "../../domain/endpoint.ts";
import { systemctl, systemdRuns, unitState } from "../../system/services/systemd.ts";

/** What a plan needs to know of a unit. */
export interface ServiceState {
  readonly active: boolean;
  readonly enabled: boolean;
}

/** The service manager of the host. */
export interface Services {
  /** False in a container or on a host with another init: then nothing is started. */
  readonly available: boolean;
  state(unit: string): Promise<ServiceState>;
  /** Makes the manager read changed unit files. */
  reloadUnits(): Promise<void>;
  act(
    verb: "start" | "restart" | "reload" | "stop" | "enable" | "disable",
    ...units: string[]
  ): Promise<void>;
}

export const systemdServices: Services = {
  get available() {
    return systemdRuns();
  },
  async state(unit) {
    const { active, enabled } = await unitState(unit);
    return {
      active: active === "active" || active === "activating" || active === "reloading",
      enabled: enabled === "enabled",
    };
  },
  async reloadUnits() {
    await systemctl("daemon-reload");
  },
  async act(verb, ...units) {
    await systemctl(verb, ...units);
  },
};

const CONNECT_PATIENCE = 2000;

/** True if somebody accepts TCP connections at an address. A wildcard is tried on loopback. */
export function accepts(endpoint: Endpoint): Promise<boolean> {
  const loopback = isIPv6(endpoint.host) ? "::1" : "127.0.0.1";
  const host = isWildcard(endpoint.host) ? loopback : endpoint.host;
  return new Promise((resolve) => {
    const socket = connect({ host, port: endpoint.port });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(CONNECT_PATIENCE, () => finish(false));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
