import { dirname, join, resolve } from "node:path";
import { exposureWarnings } from "../../balancer/spec/exposure.ts";
import { parseSpec } from "../../balancer/spec/parse-spec.ts";
import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import { type Endpoint, parseEndpoint } from "../../domain/endpoint.ts";
import { Failure } from "../../domain/failure.ts";
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
import { SPEC_NAMES } from "../../messages/failures/balancer-spec.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import { settingOf } from "../answers/defaults.ts";
import { type EarlierBalancer, earlierBalancer } from "../current/listening.ts";
import { known } from "../settle/missing.ts";
import type { Surroundings } from "../survey/surroundings.ts";
import { specFor } from "./spec-for.ts";

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
export function desiredBalancer(answers: Answers, around: Surroundings): DesiredBalancer {
  const kind = answerOf(answers, "balancer");
  if (kind === "external") return { files: [], warnings: [] };
  const spec = desiredSpec(answers, around);
  const listen = known(answerOf(answers, "listen"), "listen");
  const unitDir = settingOf(answers, "unitDir");
  const managed = isManaged(answers);
  const warnings = exposureWarnings(spec.listeners);
  const lowPort = listen.port < 1024;
  const socket = spec.admin?.socket ?? CONTROL_SOCKET;
  const specPath = known(answerOf(answers, "spec"), "spec");
  const specFile = textFile(specPath, specText(spec), false);
  const earlier = earlierBalancer(around.spec);
  const place = {
    managed,
    listen,
    ...(spec.admin?.http === undefined ? {} : { admin: parseEndpoint(spec.admin.http) }),
    // One of the other kind holds the port against this one.
    ...(earlier?.socket === socket ? { earlier } : {}),
  };
  const connections = spec.listeners.reduce((sum, listener) => sum + listener.maxConnections, 0);
  if (kind === "haproxy") {
    const path = known(answerOf(answers, "haproxyConfig"), "haproxy-config");
    const unit = renderHaproxyUnit({ file: resolve(path), socket, connections, lowPort });
    return {
      files: [
        specFile,
        { ...textFile(path, renderHaproxy(spec), false), checkedBy: "haproxy" },
        textFile(join(unitDir, HAPROXY_UNIT), unit, true),
      ],
      service: { unit: HAPROXY_UNIT, ...place, command: ["haproxy", "-f", path] },
      warnings,
    };
  }
  const socketActivation = spec.listeners.every((listener) => isNumeric(listener.bind));
  const unit = renderUnit({
    command: around.command,
    specPath: resolve(specPath),
    socket,
    connections,
    lowPort,
    socketActivation,
  });
  const socketUnit = socketActivation
    ? [
        textFile(
          join(unitDir, BALANCER_SOCKET_UNIT),
          renderSocketUnit(spec.listeners.map(({ bind }) => bind)),
          true,
        ),
      ]
    : [];
  return {
    files: [specFile, textFile(join(unitDir, BALANCER_UNIT), unit, true), ...socketUnit],
    service: {
      unit: BALANCER_UNIT,
      ...place,
      controlSocket: socket,
      ...(socketActivation ? { socketUnit: BALANCER_SOCKET_UNIT } : {}),
      command: ["hue-impala-setup", "balancer", "run", "--spec", specPath],
    },
    warnings,
  };
}

/**
 * The balancer specification that the answers describe.
 * @throws Failure `settings`, code `no-impalad` or whatever `parseSpec` refuses
 */
export function desiredSpec(answers: Answers, around: Surroundings): BalancerSpec {
  const backends = answerOf(answers, "impalads") ?? [];
  if (backends.length === 0) {
    throw new Failure(
      "settings",
      "no-impalad",
      "there is no Impalad to balance",
      "name them with --impalad, or give --cm-url",
    );
  }
  const wish = {
    backends,
    listen: known(answerOf(answers, "listen"), "listen"),
    balance: known(answerOf(answers, "balance"), "balance"),
    allow: answerOf(answers, "allow") ?? [],
    admin: answerOf(answers, "adminListen"),
    socket: controlSocket(answers),
    healthzPort: around.healthzPort,
  };
  return parseSpec(specFor(wish, around.spec), SPEC_NAMES.desired);
}

/** The specification as it is written: with all defaults, so that they can be seen and changed. */
export function specText(spec: BalancerSpec): string {
  return `${JSON.stringify(spec, null, 2)}\n`;
}

/** Below /run where systemd makes the folder for the service; else beside the specification, where its user may write. */
function controlSocket(answers: Answers): string {
  const spec = answerOf(answers, "spec");
  if (!isManaged(answers) && spec !== undefined) return join(dirname(resolve(spec)), "balancer.sock");
  return answerOf(answers, "balancer") === "haproxy" ? HAPROXY_SOCKET : CONTROL_SOCKET;
}

function isManaged(answers: Answers): boolean {
  return UNIT_DIRS.some((folder) => folder === resolve(settingOf(answers, "unitDir")));
}

/** systemd opens sockets on addresses only, not on names. */
function isNumeric(bind: string): boolean {
  return /^\[|^[0-9.]+:/.test(bind);
}

/** A file that everybody may read. `isUnit`: a systemd unit. */
export function textFile(path: string, text: string, isUnit: boolean): DesiredFile {
  return { path, content: Buffer.from(text), mode: 0o644, isUnit };
}
