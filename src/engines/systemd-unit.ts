import { dirname } from "node:path";
import type { Failure } from "../domain/failure.ts";
import { engineFailure } from "../messages/failures/engines.ts";

/** An argument in `ExecStart=` and its siblings: quoted where systemd would split it, `%` and `$` taken literally. */
export function systemdWord(word: string): string {
  return systemdItem(word.replaceAll("$", () => "$$"));
}

/**
 * The program at the beginning of `ExecStart=`, in whose path systemd replaces no variables: `$` means nothing there.
 */
export function systemdProgram(path: string): string {
  return systemdItem(path);
}

/**
 * A word of a list that is no command line, where `$` means nothing.
 * @throws Failure `settings`, code `unit-path`: systemd knows neither NUL nor half characters
 */
function systemdItem(word: string): string {
  if (/[\0\p{Cs}]/u.test(word)) throw badPath(word);
  const literal = word.replaceAll("%", "%%");
  if (/^[^\s\p{Cc}"'\\;]+$/u.test(literal)) return literal;
  const escaped = literal
    .replaceAll(/[\\"]/g, "\\$&")
    .replaceAll(
      /[\u0001-\u001f\u007f]/g,
      (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
  return `"${escaped}"`;
}

/**
 * A path or address outside commands: only `%` is special, and nothing can be quoted.
 * @throws Failure `settings`, code `unit-path`: systemd would cut it, or join it with the next line
 */
export function systemdValue(value: string): string {
  if (/[\p{Cc}\p{Cs}]|[\s\\]$/u.test(value)) throw badPath(value);
  return value.replaceAll("%", "%%");
}

function badPath(path: string): Failure {
  return engineFailure("unit-path", { path: JSON.stringify(path) });
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
  const name = /^\/(?:var\/)?run\/(.+)$/s.exec(folder)?.[1];
  if (name === undefined) return [];
  return [
    `RuntimeDirectory=${systemdItem(name)}`,
    "RuntimeDirectoryMode=0750",
    "RuntimeDirectoryPreserve=restart",
  ];
}

/**
 * `LoadCredential=` for each: systemd (247 and newer) copies the files into memory that only the service's account can
 * read, whenever it starts the service.
 */
export function loadedCredentials(credentials: Readonly<Record<string, string>>): string[] {
  return Object.entries(credentials).map(([name, path]) => `LoadCredential=${name}:${systemdValue(path)}`);
}

/** Where a service finds a credential (systemd.exec(5)). */
export function credentialPath(unit: string, name: string): string {
  return `/run/credentials/${unit}/${name}`;
}

/** Whose account a service runs under, given the programs and files that it must reach. */
export function account(user: string | undefined, paths: readonly string[]): string[] {
  const hidden = paths.filter((path) => /^\/(root|home|run\/user)\//.test(path));
  const home = hidden.length === 0 ? "ProtectHome=yes" : "ProtectHome=read-only";
  if (user !== undefined) {
    // What systemd takes for a name without complaint (its USER_NAMES document), or a number.
    if (!/^([A-Za-z_][A-Za-z0-9_-]{0,30}|[0-9]{1,10})$/.test(user)) {
      throw engineFailure("unit-user", { user: JSON.stringify(user) });
    }
    return [`User=${user}`, home];
  }
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
    // A core would hold what passes through: query texts and passwords of clients.
    "LimitCORE=0",
  ];
}
