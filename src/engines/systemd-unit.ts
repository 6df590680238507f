import { dirname } from "node:path";

/** A word of `ExecStart=` and its siblings: quoted where systemd would split it, `%` and `$` taken literally. */
export function systemdWord(word: string): string {
  const literal = word.replaceAll("%", "%%").replaceAll("$", () => "$$");
  if (/^[^\s"'\\;]+$/.test(literal)) return literal;
  const escaped = literal.replaceAll(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** A value outside commands: only `%` is special. */
export function systemdValue(value: string): string {
  return value.replaceAll("%", "%%").replaceAll("\n", " ");
}

/** Sections in order, each with its `Key=value` lines; a line that begins with `#` is a comment. */
export function systemdFile(sections: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(sections)
    .map(([name, lines]) => `[${name}]\n${lines.map((line) => `${line}\n`).join("")}`)
    .join("\n");
}

/** `RuntimeDirectory=` for a socket below /run, else nothing: systemd makes and removes the folder for the service. */
export function runtimeDirectory(socket: string | undefined): string[] {
  const folder = socket === undefined ? "" : dirname(socket);
  const name = /^\/(?:var\/)?run\/(.+)$/.exec(folder)?.[1];
  if (name === undefined) return [];
  return [
    `RuntimeDirectory=${systemdWord(name)}`,
    "RuntimeDirectoryMode=0750",
    "RuntimeDirectoryPreserve=restart",
  ];
}

/** Whose account a service runs under, given the programs and files that it must reach. */
export function account(user: string | undefined, paths: readonly string[]): string[] {
  const hidden = paths.filter((path) => /^\/(root|home|run\/user)\//.test(path));
  const home = hidden.length === 0 ? "ProtectHome=yes" : "ProtectHome=read-only";
  if (user !== undefined) return [`User=${systemdWord(user)}`, home];
  if (hidden.some((path) => path.startsWith("/root/"))) {
    return [
      "# Parts of it are below /root, which only root can reach; the empty capability set keeps root harmless.",
      "User=root",
      home,
    ];
  }
  return ["# An account of its own, made by systemd while the service runs.", "DynamicUser=yes", home];
}

/**
 * What neither a balancer nor HAProxy needs, taken away. Only directives that systemd 239 (RHEL 8) knows too.
 * Not MemoryDenyWriteExecute: V8 and PCRE compile at run time.
 * @param lowPort - the service listens on a port below 1024
 */
export function sandbox(lowPort: boolean): string[] {
  return [
    lowPort ? "AmbientCapabilities=CAP_NET_BIND_SERVICE" : "AmbientCapabilities=",
    lowPort ? "CapabilityBoundingSet=CAP_NET_BIND_SERVICE" : "CapabilityBoundingSet=",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectControlGroups=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "LockPersonality=yes",
    "RemoveIPC=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
    "UMask=0077",
    "LimitCORE=0",
  ];
}
