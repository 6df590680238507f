import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { ROUTES } from "../../fixtures/cloudera-manager/api.ts";
import { smallCluster, startCloudera } from "../../fixtures/cloudera-manager/index.ts";
import { match } from "../../fixtures/cloudera-manager/routes.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";
import { privateCa } from "../../fixtures/pki/index.ts";

/** Cloudera's own client, generated from the API description of v45: https://pypi.org/project/cm-client/ */
const CLIENT = "cm-client==45.0.4";
const PASSWORD = "for the client only";

/** A Python that can import the client, in a virtual environment kept for the next run; or why there is none. */
function clientPython(): { python: string } | { missing: string } {
  const version = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return { missing: "python3" };
  const name = `${CLIENT}-${version.stdout.trim()}`.replaceAll(/[^A-Za-z0-9.-]+/g, "-");
  const folder = join(tmpdir(), "hue-impala-setup-tests", name);
  const python = join(folder, "bin", "python");
  const ready = join(folder, "ready");
  if (existsSync(ready)) return { python };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (spawnSync("python3", ["-m", "venv", folder]).status !== 0) return { missing: "Python's venv module" };
  const install = spawnSync(python, ["-m", "pip", "install", "--quiet", CLIENT], { timeout: 300_000 });
  if (install.status !== 0) return { missing: `${CLIENT} from PyPI` };
  writeFileSync(ready, "");
  return { python };
}

interface Report {
  readonly calls: number;
  readonly problems: readonly string[];
  readonly seen: Readonly<Record<string, unknown>>;
}

const found = clientPython();
const reason = "missing" in found ? ` [needs ${found.missing}]` : "";

describe.skipIf("missing" in found)(`Cloudera's official Python client${reason}`, () => {
  const base = smallCluster({
    ineligible: true,
    impaladsAt: [{ host: "127.0.0.2", port: 4711 }],
    kerberosRealm: "EXAMPLE.COM",
  });
  const compute = smallCluster({ name: "Compute 1", clusterType: "compute" });
  const description = {
    hosts: [...base.hosts, ...compute.hosts],
    clusters: [base.cluster, compute.cluster],
  };

  test("makes every call, and its typed models accept every answer", async () => {
    const cm = await startCloudera({ tls: true, description, users: defaultUsers(PASSWORD) });
    onTestFinished(() => cm.close());
    const python = "python" in found ? found.python : "";
    const script = fileURLToPath(new URL("cloudera-client.py", import.meta.url));
    const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    child.stdin.end(
      JSON.stringify({ url: cm.url, ca: privateCa().caFile, user: "admin", password: PASSWORD }),
    );
    const [report] = await Promise.all([json(child.stdout) as Promise<Report>, once(child, "exit")]);

    expect(report.problems).toEqual([]);
    expect(report.calls).toBe(cm.requests.length);
    expect(report.seen).toEqual({
      version: "7.5.2",
      "clusters any": ["Cluster 1", "Compute 1"],
      "clusters base": ["Cluster 1"],
      "clusters compute": ["Compute 1"],
      kerberos: true,
      tls: false,
      impalads: ["127.0.0.2", ...[11, 12, 13, 14, 15, 16].map((n) => `node${n}.example.com`)],
      ports: ["4711"],
      batch: [true, 200],
      stale: "STALE",
      errors: ["Role 'nobody' not found in service 'hue'."],
      restarted: true,
      synchronous: -1,
      refused: [false, false],
      loaded: true,
    });
    expect(cm.state.revisions.map(({ message }) => message)).toEqual(Array(3).fill("by the client"));
    expect(untouched(cm.requests)).toEqual([]);
  });
});

/** Calls of the simulator that v45 has and nobody made. */
function untouched(requests: readonly { method: string; url: string }[]): string[] {
  const made = new Set<string>();
  for (const { method, url } of requests) {
    const path = url.split("?")[0]?.replace(/^\/api\/v45\//, "") ?? "";
    const hit = match(ROUTES, method, path, 45);
    if (hit.kind === "found") made.add(`${method} ${hit.route.path}`);
  }
  return ROUTES.filter((route) => (route.since ?? 1) <= 45)
    .map((route) => `${route.method} ${route.path}`)
    .filter((route) => !made.has(route));
}
