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
import { productVersion } from "../../fixtures/cloudera-manager/versions.ts";
import { privateCa } from "../../fixtures/pki/index.ts";

/**
 * Cloudera's own clients, each generated from the API description of its version: https://pypi.org/project/cm-client/
 */
const CLIENTS = [
  { release: "33.0.0", api: 33 },
  { release: "45.0.4", api: 45 },
] as const;
const PASSWORD = "for the client only";

/** A Python that can import the client, in a virtual environment kept for the next run; or why there is none. */
function clientPython(release: string): { python: string } | { missing: string } {
  const version = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return { missing: "python3" };
  const name = `cm-client-${release}-${version.stdout.trim()}`.replaceAll(/[^A-Za-z0-9.-]+/g, "-");
  const folder = join(tmpdir(), "hue-impala-setup-tests", name);
  const python = join(folder, "bin", "python");
  const ready = join(folder, "ready");
  if (existsSync(ready)) return { python };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (spawnSync("python3", ["-m", "venv", folder]).status !== 0) return { missing: "Python's venv module" };
  const pip = ["-m", "pip", "install", "--quiet", `cm-client==${release}`];
  if (spawnSync(python, pip, { timeout: 300_000 }).status !== 0) {
    return { missing: `cm-client ${release} from PyPI` };
  }
  writeFileSync(ready, "");
  return { python };
}

interface Report {
  readonly calls: number;
  readonly problems: readonly string[];
  readonly seen: Readonly<Record<string, unknown>>;
}

describe.each(CLIENTS)("Cloudera's Python client $release", ({ release, api }) => {
  const found = clientPython(release);
  const title = "makes every call, and its typed models accept every answer";
  const reason = "missing" in found ? ` [needs ${found.missing}]` : "";
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

  test.skipIf("missing" in found)(`${title}${reason}`, async () => {
    const cm = await startCloudera({
      apiVersion: api,
      tls: true,
      description,
      users: defaultUsers(PASSWORD),
    });
    onTestFinished(() => cm.close());
    // Still running when the client asks for a second one, however slow the machine is.
    cm.behave({ name: "Restart", of: "service", outcome: "never", times: 1 });
    const python = "python" in found ? found.python : "";
    const script = fileURLToPath(new URL("cloudera-client.py", import.meta.url));
    const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    child.stdin.end(
      JSON.stringify({ url: cm.url, api, ca: privateCa().caFile, user: "admin", password: PASSWORD }),
    );
    const [report] = await Promise.all([json(child.stdout) as Promise<Report>, once(child, "exit")]);

    expect(report.problems).toEqual([]);
    expect(report.calls).toBe(cm.requests.length);
    expect(report.seen).toEqual({
      version: productVersion(api).manager,
      "clusters any": ["Cluster 1", "Compute 1"],
      "clusters base": ["Cluster 1"],
      "clusters compute": ["Compute 1"],
      kerberos: true,
      ...(api >= 41 && { tls: false }),
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
    expect(untouched(cm.requests, api)).toEqual([]);
  });
});

/** Calls of the simulator that this version has and nobody made. */
function untouched(requests: readonly { method: string; url: string }[], api: number): string[] {
  const made = new Set<string>();
  for (const { method, url } of requests) {
    const path = url.split("?")[0]?.replace(/^\/api\/v[0-9]+\//, "") ?? "";
    const hit = match(ROUTES, method, path, api);
    if (hit.kind === "found") made.add(`${method} ${hit.route.path}`);
  }
  return ROUTES.filter((route) => (route.since ?? 1) <= api)
    .map((route) => `${route.method} ${route.path}`)
    .filter((route) => !made.has(route));
}
