import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface PythonHueOptions {
  readonly host: string;
  readonly port: number;
  readonly auth: "nosasl" | "plain";
  readonly user?: string;
  readonly password?: string;
  /** Whose generated code: the Thrift compiler's, in the folder `generated`, or impyla's. */
  readonly stack: "generated" | "impyla";
  readonly generated?: string;
  readonly pool: number;
  readonly users: number;
  readonly queries: number;
  /** A statement whose answer names the server, in this column. */
  readonly identity: string;
  readonly column: number;
}

export interface PythonHueResult {
  readonly succeeded: number;
  readonly failures: { readonly server: string | null; readonly error: string }[];
  readonly reopenedSessions: number;
  /** Sessions by server. */
  readonly servers: Record<string, number>;
  readonly calls: number;
  readonly retries: number;
  readonly reopened: number;
  readonly timeouts: number;
}

/** Runs hue_pool.py. `onProgress` is told of the queries that have succeeded so far. */
export async function pythonHue(
  python: string,
  options: PythonHueOptions,
  onProgress: (queries: number) => void = () => undefined,
): Promise<PythonHueResult> {
  const script = fileURLToPath(new URL("hue_pool.py", import.meta.url));
  const child = spawn(python, [script, JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  let last = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    last = line;
    const progress = /^progress (\d+)$/.exec(line)?.[1];
    if (progress !== undefined) onProgress(Number(progress));
  });
  const [status] = (await once(child, "close")) as [number | null];
  if (status !== 0) throw new Error(`hue_pool.py ended with ${status}: ${errors}`);
  return JSON.parse(last) as PythonHueResult;
}
