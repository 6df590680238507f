import type { Finding } from "../../domain/finding.ts";
import type { EffectiveImpala } from "../../hue/effective.ts";
import { SETTING_NAMES } from "../../hue/settings.ts";
import { clusterFinding } from "../../messages/findings/cluster.ts";
import { describeLoaded, type LoadedSettings } from "../apply/loaded.ts";
import { hueEndpoint } from "./settings.ts";

/**
 * Whether a running Hue server has loaded what the safety valves say: where to connect, and every setting that stands
 * in them. What stands elsewhere in its configuration is not theirs. Pure.
 */
export function examineLoaded(effect: EffectiveImpala, loaded: LoadedSettings): Finding {
  const wanted = hueEndpoint(effect);
  const { serverHost, serverPort } = loaded.settings;
  const sameEndpoint = serverHost?.value === wanted?.host && Number(serverPort?.value) === wanted?.port;
  const sameSettings = SETTING_NAMES.every((name) => {
    const valve = effect.settings[name];
    return valve === undefined || String(valve.value) === String(loaded.settings[name]?.value);
  });
  const code = sameEndpoint && sameSettings ? "hue-loaded" : "hue-loaded-older";
  return clusterFinding(code, { loaded: describeLoaded(loaded) });
}
