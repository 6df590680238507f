import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/system/processes/run.ts";

const PYSPARK = "4.3.0";
const IMPYLA = "0.24.0";

export interface SparkSetup {
  readonly python: string;
  readonly sparkSubmit: string;
}

/**
 * A Python environment with pyspark (which carries the Spark Thrift Server) and impyla, kept in
 * HUE_IMPALA_SETUP_TEST_CACHE or the system's temporary folder from run to run.
 * @returns why there is none, otherwise: Java or PyPI is missing
 */
export async function prepareSpark(): Promise<SparkSetup | string> {
  const java = await run("java", ["-version"], { timeout: 60 }).catch(() => undefined);
  if (java?.status !== 0) return "needs Java 17 or later";
  const cache = process.env["HUE_IMPALA_SETUP_TEST_CACHE"] ?? join(tmpdir(), "hue-impala-setup-test-cache");
  const folder = join(cache, `spark-${PYSPARK}-impyla-${IMPYLA}`);
  const done = join(folder, "complete");
  const python = join(folder, "bin", "python");
  if (!existsSync(done)) {
    mkdirSync(cache, { recursive: true });
    const made = await run("python3", ["-m", "venv", folder], { timeout: 120 }).catch(() => undefined);
    if (made?.status !== 0) return "needs python3 with venv";
    const packages = [`pyspark==${PYSPARK}`, `impyla==${IMPYLA}`];
    const installed = await run(python, ["-m", "pip", "install", "-q", ...packages], { timeout: 900 });
    if (installed.status !== 0) return `needs ${packages.join(" and ")} from PyPI`;
    writeFileSync(done, "");
  }
  const where = await run(python, ["-c", "import pyspark; print(pyspark.__path__[0])"], { timeout: 60 });
  return { python, sparkSubmit: join(where.stdout.trim(), "bin", "spark-submit") };
}

export interface SparkServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  /** kill -9 */
  kill(): Promise<void>;
}

const running = new Set<{ child: ChildProcess; folder: string }>();

/** For `afterAll`. */
export async function stopSpark(): Promise<void> {
  for (const { child, folder } of running) {
    await kill(child);
    rmSync(folder, { recursive: true, force: true });
  }
  running.clear();
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** Starts one Spark Thrift Server, with nothing but an in-memory catalogue; it needs about 0.5 GB. */
export async function startSpark(
  setup: SparkSetup,
  name: string,
  authentication: "NOSASL" | "NONE",
): Promise<SparkServer> {
  const host = "127.0.0.1";
  const port = await freePort(host);
  const folder = mkdtempSync(join(tmpdir(), "spark-"));
  const args = [
    ...["--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2", "--name", name],
    ...["--master", "local[1]", "--driver-memory", "512m"],
    ...["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.catalogImplementation=in-memory"],
    ...["--conf", `spark.sql.warehouse.dir=${join(folder, "warehouse")}`, "spark-internal"],
    ...[
      "--hiveconf",
      `hive.server2.thrift.port=${port}`,
      "--hiveconf",
      `hive.server2.thrift.bind.host=${host}`,
    ],
    ...["--hiveconf", `hive.server2.authentication=${authentication}`],
  ];
  const env = { ...process.env, SPARK_LOCAL_IP: host, PYSPARK_PYTHON: setup.python };
  // spark-submit execs Java: the process that we kill is the server.
  const child = spawn(setup.sparkSubmit, args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  running.add({ child, folder });
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-20_000);
      if (log.includes("HiveThriftServer2 started")) resolve();
    });
    child.once("exit", (status) => reject(new Error(`Spark ended with ${status}: ${log}`)));
  });
  return { name, host, port, address: `${host}:${port}`, kill: () => kill(child) };
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
