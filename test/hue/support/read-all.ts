import { type ConfigObjTree, parseConfigObj } from "../../../src/hue/configobj.ts";
import { interpolate } from "../../../src/hue/effective/interpolation.ts";
import type { ReadValue } from "./oracle.ts";

/** Every value as ConfigObj would hand it out. */
export function readAll(bytes: Uint8Array): ReadValue[] {
  const found: ReadValue[] = [];
  const walk = (chain: ConfigObjTree[], path: string[]): void => {
    for (const [name, value] of Object.entries(chain.at(-1) ?? {})) {
      if (typeof value !== "string" && !Array.isArray(value)) walk([...chain, value], [...path, name]);
      else {
        const read = interpolate(chain, name, value);
        if ("value" in read) found.push([[...path, name], read.value, null]);
        else {
          const error = read.fault === "loop" ? "InterpolationLoopError" : "MissingInterpolationOption";
          found.push([[...path, name], null, error]);
        }
      }
    }
  };
  walk([parseConfigObj(bytes)], []);
  return found;
}
