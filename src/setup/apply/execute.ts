import { resolve } from "node:path";
import { writeLoadBalancer } from "../../cloudera/config/load-balancer.ts";
import { writeValve } from "../../cloudera/config/valve.ts";
import { restartHue } from "../../cloudera/restart/restart.ts";
import { joinTexts, type Text } from "../../domain/text.ts";
import { changedSettings } from "../../hue/effective.ts";
import { settingsLabel } from "../../hue/settings.ts";
import { APPLY_WORDS } from "../../messages/failures/setup/apply.ts";
import { sha256 } from "../../system/files/sha256.ts";
import type {
  Change,
  CommandChange,
  FileChange,
  LoadBalancerChange,
  ServiceChange,
  ValveChange,
} from "../plan/change.ts";
import { isFileChange, isValveChange } from "../plan/change.ts";
import type { WritableWorld } from "../world/world.ts";
import type { Journal } from "./journal/journal.ts";
import { stepOf } from "./journal/step.ts";
import { describeLoaded, loadedSettings } from "./loaded.ts";
import { untilReady } from "./readiness.ts";

export interface Done {
  /** For people: how it was done, where the backup is. */
  readonly note?: Text;
  /** The state was already as wanted when the change was about to be made. */
  readonly unchanged?: boolean;
}

/**
 * Makes one change: recorded as begun, made, recorded as done.
 * @param options `backup`: keep a copy of a file's old content, default true
 * @throws Failure; the change was then not made, or (CM, services) the journal says `begun`
 */
export async function execute(
  change: Change,
  journal: Journal,
  world: WritableWorld,
  { backup = true }: { readonly backup?: boolean } = {},
): Promise<Done> {
  if (isFileChange(change)) return writeFile(change, journal, world, backup);
  if (isValveChange(change)) return editValve(change, journal, world);
  if (change.kind === "service") return actOnService(change, journal, world);
  if (change.kind === "cm-config") return editLoadBalancer(change, journal, world);
  return restart(change, journal, world);
}

async function writeFile(
  change: FileChange,
  journal: Journal,
  world: WritableWorld,
  backup: boolean,
): Promise<Done> {
  const { before, after, mode, folders = [] } = change;
  const path = resolve(change.target);
  const expected = before === null ? null : sha256(before);
  const finish = await journal.begin(await stepOf(change));
  if (after === null) {
    await world.write.removeFile(path, { expected: expected ?? "", backup });
    for (const folder of [...folders].reverse()) await world.write.removeEmptyFolder(folder);
    await finish();
    return {};
  }
  const written = await world.write.file(path, after, { expected, mode, backup });
  await finish({
    ...(written.backup === undefined ? {} : { backup: written.backup }),
    ...(written.createdFolders === undefined ? {} : { folders: written.createdFolders }),
  });
  const notes = [
    ...(written.backup === undefined ? [] : [APPLY_WORDS.backup(written.backup)]),
    ...(written.note === undefined ? [] : [written.note]),
    ...(written.strange === undefined ? [] : [APPLY_WORDS.strangeRecord(written.strange)]),
  ];
  return {
    ...(notes.length === 0 ? {} : { note: joinTexts(notes, "; ") }),
    ...(written.way === "unchanged" ? { unchanged: true } : {}),
  };
}

async function editValve(change: ValveChange, journal: Journal, world: WritableWorld): Promise<Done> {
  const before = Buffer.from(change.valve.value);
  const after = Buffer.from(change.after);
  const finish = await journal.begin(await stepOf(change));
  await writeValve(
    world.write.cloudera(change.login),
    change.cluster,
    change.service,
    change.valve,
    change.after,
    revisionMessage(world, before, after),
  );
  await finish();
  return {};
}

async function editLoadBalancer(
  change: LoadBalancerChange,
  journal: Journal,
  world: WritableWorld,
): Promise<Done> {
  const { cluster, service, edits } = change;
  const finish = await journal.begin(await stepOf(change));
  const message = `hue-impala-setup ${world.version}: load balancer of Impala`;
  await writeLoadBalancer(world.write.cloudera(change.login), cluster, service, edits, message);
  await finish();
  return {};
}

async function restart(change: CommandChange, journal: Journal, world: WritableWorld): Promise<Done> {
  const { cluster, service } = change;
  const finish = await journal.begin(await stepOf(change));
  const outcome = await restartHue(world.write.cloudera(change.login), cluster, service, {
    signal: world.signal,
    onProgress: ({ text }) => world.progress(text),
  });
  await finish();
  if (outcome.outcome === "fresh") return { unchanged: true, note: APPLY_WORDS.runsAlready };
  const loaded = await loadedSettings(change.login, cluster, service);
  return { note: joinTexts(loaded.map(describeLoaded), "; ") };
}

async function actOnService(change: ServiceChange, journal: Journal, world: WritableWorld): Promise<Done> {
  const { write } = world;
  const units = [...(change.socketUnit === undefined ? [] : [change.socketUnit]), change.target];
  const finish = await journal.begin(await stepOf(change));
  await write.reloadUnits();
  // A restarted socket drops its queue: only the service behind it is restarted, unless the address is another.
  const anew = change.action === "start" || (change.action === "restart" && change.socketChanged === true);
  if (change.action === "stop" || (anew && change.action === "restart")) await write.act("stop", ...units);
  if (change.action === "stop") {
    await write.act("disable", ...units);
  } else if (anew) {
    await write.act("enable", ...units);
    await write.act("start", ...units);
  } else {
    await write.act(change.action, change.target);
  }
  await untilReady(change, world);
  await finish();
  return {};
}

/** Shown in Cloudera Manager's revision history. */
function revisionMessage(world: WritableWorld, before: Uint8Array, after: Uint8Array): string {
  return `hue-impala-setup ${world.version}: ${settingsLabel(changedSettings(before, after))}`;
}
