import { dirname } from "node:path";
import { parseSpecText } from "../../src/balancer/spec/parse-spec.ts";
import { parseAgentConfig } from "../../src/cloudera/client/agent-config.ts";
import { HUE_INIS } from "../../src/domain/well-known.ts";
import type { World } from "../../src/setup/world/world.ts";

/** A host that exists only here: nothing that is looked up through it reaches the one that the test runs on. */
export interface Pretended {
  readonly files?: Readonly<Record<string, string>>;
  /** `HOST:PORT` where somebody accepts connections. */
  readonly listening?: readonly string[];
  /** `HOST:PORT/PATH` that answers 200. */
  readonly pages?: readonly string[];
  /** Names of signs that Cloudera Manager manages this host. */
  readonly managed?: string;
  readonly more?: Partial<World>;
}

/** Its world, and what was asked of it. */
export function pretendWorld({
  files = {},
  listening = [],
  pages = [],
  managed,
  more = {},
}: Pretended): World {
  const bytesOf = (path: string): Buffer | undefined => {
    const text = files[path];
    return text === undefined ? undefined : Buffer.from(text);
  };
  const missing = (path: string): Error => Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
  return {
    environment: {},
    command: ["/opt/hue-impala-setup"],
    version: "0.0.0",
    hostName: "pretended.example.com",
    standardInput: async () => "",
    now: () => new Date(0),
    signal: new AbortController().signal,
    progress: () => undefined,
    warn: () => undefined,
    readFile: async (path) => bytesOf(path) ?? null,
    readInput: async (path) => {
      const bytes = bytesOf(path);
      if (bytes === undefined) throw missing(path);
      return { bytes, mode: 0o600, uid: 0, gid: 0 };
    },
    specification: async (path) => {
      const text = files[path];
      return text === undefined ? undefined : parseSpecText(text, path);
    },
    agentConfig: async (path) => {
      const text = files[path];
      return text === undefined ? undefined : parseAgentConfig(text);
    },
    hue: {
      hueInis: async () => ({ paths: HUE_INIS.filter((path) => path in files), differ: false }),
      confFolder: async (folder) =>
        Object.keys(files)
          .filter((path) => dirname(path) === folder && path.endsWith(".ini"))
          .map((path) => ({ path, bytes: bytesOf(path) ?? new Uint8Array() })),
      managedSigns: async () => (managed === undefined ? [] : [{ en: managed, ja: managed }]),
      oldHueWarnings: async () => [],
    },
    state: {
      names: async (folder) => {
        const found = Object.keys(files).filter((path) => dirname(path) === folder);
        if (found.length === 0) throw missing(folder);
        return found.map((path) => path.slice(folder.length + 1));
      },
      read: async (path) => {
        const bytes = bytesOf(path);
        if (bytes === undefined) throw missing(path);
        return bytes;
      },
    },
    mayWrite: async () => false,
    checkHaproxy: async () => ({ ok: true, output: "" }),
    haproxyVersion: async () => undefined,
    unitStates: async () => undefined,
    network: {
      accepts: async ({ host, port }) => listening.includes(`${host}:${port}`),
      addressesOf: async () => [],
      hasPage: async ({ host, port }, path) => pages.includes(`${host}:${port}${path}`),
      socketAnswers: async () => false,
      listenFault: async () => undefined,
      portHolders: () => [],
      fullName: async (name) => ({ name }),
      bothWays: async () => ({}),
    },
    balancer: {
      status: () => Promise.reject(new TypeError("nobody asked for it")),
      call: async () => ({ outcome: "good", text: { en: "good", ja: "可" } }),
    },
    login: () => Promise.reject(new TypeError("there is no Cloudera Manager")),
    ...more,
  };
}
