import { isIP } from "node:net";
import { dirname, join, resolve } from "node:path";
import { exposureWarnings } from "../../balancer/spec/exposure.ts";
import { parseSpec } from "../../balancer/spec/parse-spec.ts";
import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import { type Endpoint, parseEndpoint } from "../../domain/endpoint.ts";
import type { Warning } from "../../domain/warning.ts";
import { CONTROL_SOCKET, HAPROXY_SOCKET, UNIT_DIRS } from "../../domain/well-known.ts";
import {
  BALANCER_SOCKET_UNIT,
  BALANCER_UNIT,
  renderSocketUnit,
  renderUnit,
} from "../../engines/embedded/units.ts";
import { renderHaproxy } from "../../engines/haproxy/haproxy.ts";
import { HAPROXY_UNIT, renderHaproxyUnit } from "../../engines/haproxy/unit.ts";
import { credentialPath } from "../../engines/systemd-unit.ts";
import { SPEC_NAMES } from "../../messages/failures/balancer/spec.ts";
import type { Balancer, Embedded, HAProxy, OwnBalancer } from "../settle/settled.ts";
import { type EarlierBalancer, earlierBalancer } from "../survey/listening.ts";
import { type SpecWish, specFor } from "./spec-for.ts";

/** Name of the credential that holds the keytab. */
const KEYTAB = "keytab";

export interface DesiredFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
  readonly checkedBy?: "haproxy";
  /** A changed file of this kind needs the service started anew; any other only a reload. */
  readonly isUnit: boolean;
}

/** The balancer's systemd unit and how it is put to work. */
export interface DesiredService {
  readonly unit: string;
  /** Holds the listening socket; started before the unit. */
  readonly socketUnit?: string;
  /** The unit file goes where systemd looks for it; else a person sees to the balancer. */
  readonly managed: boolean;
  /** Somebody must accept connections here before Hue is pointed at it. */
  readonly listen: Endpoint;
  /** Where it can be asked how its backends are (the bundled one only). */
  readonly controlSocket?: string;
  /** Where its status page is. */
  readonly admin?: Endpoint;
  readonly earlier?: EarlierBalancer;
  /** What a person runs where systemd does not. */
  readonly command: readonly string[];
}

/** The balancer's part of the desired state. */
export interface DesiredBalancer {
  readonly files: readonly DesiredFile[];
  /** Absent for a balancer that exists already. */
  readonly service?: DesiredService;
  readonly warnings: readonly Warning[];
}

/** The balancer's files and service. Pure. @throws Failure `settings` */
export function desiredBalancer(balancer: Balancer): DesiredBalancer {
  switch (balancer.kind) {
    case "external":
      return { files: [], warnings: [] };
    case "haproxy":
      return desiredHaproxy(balancer);
    case "embedded":
      return desiredEmbedded(balancer);
  }
}

function desiredEmbedded(balancer: Embedded): DesiredBalancer {
  const { specPath, unitDir, listen } = balancer;
  const spec = desiredSpec(balancer);
  const binds = spec.listeners.map(({ bind }) => bind);
  const socketActivation = binds.every(isNumeric);
  const controlSocket = socketOf(spec);
  const unit = renderUnit({
    command: balancer.command,
    specPath: resolve(specPath),
    socket: controlSocket,
    connections: connectionsOf(spec),
    lowPort: isLow(listen),
    socketActivation,
    credentials: credentialsOf(balancer),
  });
  const sockets = socketActivation
    ? [textFile(join(unitDir, BALANCER_SOCKET_UNIT), renderSocketUnit(binds), true)]
    : [];
  return {
    files: [specFile(balancer, spec), textFile(join(unitDir, BALANCER_UNIT), unit, true), ...sockets],
    service: {
      unit: BALANCER_UNIT,
      ...placeOf(balancer, spec),
      controlSocket,
      ...(socketActivation ? { socketUnit: BALANCER_SOCKET_UNIT } : {}),
      command: ["hue-impala-setup", "balancer", "run", "--spec", specPath],
    },
    warnings: exposureWarnings(spec.listeners),
  };
}

function desiredHaproxy(balancer: HAProxy): DesiredBalancer {
  const { configPath, unitDir, listen, version } = balancer;
  const spec = desiredSpec(balancer);
  const configuration = renderHaproxy(spec, version === undefined ? {} : { version });
  const unit = renderHaproxyUnit({
    file: resolve(configPath),
    socket: socketOf(spec),
    connections: connectionsOf(spec),
    lowPort: isLow(listen),
  });
  return {
    files: [
      specFile(balancer, spec),
      { ...textFile(configPath, configuration, false), checkedBy: "haproxy" },
      textFile(join(unitDir, HAPROXY_UNIT), unit, true),
    ],
    service: { unit: HAPROXY_UNIT, ...placeOf(balancer, spec), command: ["haproxy", "-f", configPath] },
    warnings: exposureWarnings(spec.listeners),
  };
}

/** Where the service is, and what an earlier run left of it. */
function placeOf(
  { unitDir, listen, existing }: OwnBalancer,
  spec: BalancerSpec,
): Pick<DesiredService, "managed" | "listen" | "admin" | "earlier"> {
  const earlier = earlierBalancer(existing);
  return {
    managed: isManaged(unitDir),
    listen,
    ...(spec.admin?.http === undefined ? {} : { admin: parseEndpoint(spec.admin.http) }),
    // One of the other kind holds the port against this one.
    ...(earlier?.socket === socketOf(spec) ? { earlier } : {}),
  };
}

function specFile({ specPath }: OwnBalancer, spec: BalancerSpec): DesiredFile {
  return textFile(specPath, specText(spec), false);
}

function socketOf({ admin }: BalancerSpec): string {
  return admin?.socket ?? CONTROL_SOCKET;
}

function connectionsOf({ listeners }: BalancerSpec): number {
  return listeners.reduce((sum, listener) => sum + listener.maxConnections, 0);
}

/** Only root may listen there. */
function isLow({ port }: Endpoint): boolean {
  return port < 1024;
}

/**
 * The specification of a balancer of ours.
 * @throws Failure whatever `parseSpec` refuses
 */
export function desiredSpec(balancer: Embedded | HAProxy): BalancerSpec {
  const { backends, listen, balance, allow, admin, existing, healthzPort } = balancer;
  const wish = {
    backends,
    listen,
    balance,
    allow,
    admin,
    socket: controlSocket(balancer),
    healthzPort,
    ...kerberosWish(balancer),
  };
  return parseSpec(specFor(wish, existing), SPEC_NAMES.desired);
}

/** What the service is handed by systemd, since its account may not read the files themselves: name and file. */
function credentialsOf({ kerberos, unitDir }: Embedded): Readonly<Record<string, string>> {
  return kerberos === undefined || !isManaged(unitDir) ? {} : { [KEYTAB]: kerberos.keytab };
}

/** Started by hand, the balancer reads the keytab itself. */
function kerberosWish(balancer: Embedded | HAProxy): Pick<SpecWish, "kerberos"> {
  if (balancer.kind !== "embedded" || balancer.kerberos === undefined) return {};
  const { kerberos, unitDir } = balancer;
  const keytab = isManaged(unitDir) ? credentialPath(BALANCER_UNIT, KEYTAB) : kerberos.keytab;
  return { kerberos: { ...kerberos, keytab } };
}

/** The specification as it is written: with all defaults, so that they can be seen and changed. */
export function specText(spec: BalancerSpec): string {
  return `${JSON.stringify(spec, null, 2)}\n`;
}

/**
 * Below /run where systemd makes the folder for the service; else beside the specification, where its user may write.
 */
function controlSocket({ kind, specPath, unitDir }: Embedded | HAProxy): string {
  if (!isManaged(unitDir)) return join(dirname(resolve(specPath)), "balancer.sock");
  return kind === "haproxy" ? HAPROXY_SOCKET : CONTROL_SOCKET;
}

function isManaged(unitDir: string): boolean {
  return UNIT_DIRS.some((folder) => folder === resolve(unitDir));
}

/** systemd opens sockets on addresses only, not on names. */
function isNumeric(bind: string): boolean {
  return isIP(parseEndpoint(bind).host) !== 0;
}

/** A file that everybody may read. `isUnit`: a systemd unit. */
export function textFile(path: string, text: string, isUnit: boolean): DesiredFile {
  return { path, content: Buffer.from(text), mode: 0o644, isUnit };
}
