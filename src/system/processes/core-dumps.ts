import { writeFileSync } from "node:fs";
import { orElse } from "../or-else.ts";

/**
 * Leaves this process's memory, where passwords pass through, out of core dumps (core(5), "Controlling which mappings
 * are written"). Node cannot lower the limit of their size; the systemd unit does.
 */
export function emptyCoreDumps(): void {
  // Elsewhere than on Linux there is no such file.
  orElse(undefined, () => writeFileSync("/proc/self/coredump_filter", "0"));
}
