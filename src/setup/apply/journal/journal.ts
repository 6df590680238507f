import { basename, join } from "node:path";
import type { LoadBalancerEdit } from "../../../cloudera/config/load-balancer.ts";
import { errnoOf, Failure } from "../../../domain/failure.ts";
import { systemText } from "../../../messages/errno.ts";
import { applyFailure } from "../../../messages/failures/setup/apply.ts";
import { sha256 } from "../../../system/files/sha256.ts";
import type { ServiceChange } from "../../plan/change.ts";
import type { World, WritableWorld } from "../../world/world.ts";
import type { ReversalEdit } from "./reversal.ts";

/**
 * `begun` is written before a change is made and `done` after it: a step that is still `begun` may or may not have
 * happened, the hashes tell.
 */
export type StepStatus = "begun" | "done";

interface TextStep {
  readonly status: StepStatus;
  /** SHA-256 of the content before; null: it did not exist. */
  readonly beforeHash: string | null;
  /** SHA-256 of the content after; null: it was removed. */
  readonly afterHash: string | null;
  readonly reversal: readonly ReversalEdit[];
}

export interface FileStep extends TextStep {
  readonly kind: "file";
  readonly path: string;
  readonly mode: number;
  /** The copy of the old file that was made beside it. */
  readonly backup?: string;
  /** Folders that were made for it, outermost first. */
  readonly folders?: readonly string[];
}

export interface ValveStep extends TextStep {
  readonly kind: "valve";
  readonly cluster: string;
  readonly service: string;
  readonly scope: "service" | "group" | "role";
  readonly owner: string;
  readonly property: string;
}

export interface LoadBalancerStep {
  readonly kind: "load-balancer";
  readonly status: StepStatus;
  readonly cluster: string;
  readonly service: string;
  readonly edits: readonly LoadBalancerEdit[];
}

export interface ServiceStep {
  readonly kind: "service";
  readonly status: StepStatus;
  readonly unit: string;
  readonly action: ServiceChange["action"];
  readonly socketUnit?: string;
  readonly socketChanged?: true;
  readonly wasActive: boolean;
  readonly wasEnabled: boolean;
}

/** A restart of Hue: nothing to take back, but an undo has to repeat it. */
export interface CommandStep {
  readonly kind: "command";
  readonly status: StepStatus;
  readonly cluster: string;
  readonly service: string;
}

export type Step = FileStep | ValveStep | LoadBalancerStep | ServiceStep | CommandStep;

export interface JournalContent {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly tool: string;
  /** What the run talked to, so that an undo finds it again; never a password. */
  readonly cloudera?: { readonly url: string; readonly user: string };
  readonly steps: readonly Step[];
  /** Set on the journal of an undo: the name of the one that it reversed. */
  readonly undoes?: string;
  /** How many steps the journal of an undo will have when it is complete; absent in older ones. */
  readonly planned?: number;
  /** Where the run was to save its answers: a folder that later runs sweep, too. */
  readonly saves?: string;
}

/** What reading journals takes. */
type Reading = Pick<World, "state">;

const SUFFIX = ".journal.json";

/** The record of one apply, rewritten (atomically, fsynced) before and after every change. */
export class Journal {
  readonly path: string;
  #content: JournalContent;
  readonly #world: WritableWorld;
  /** Of the file as it was written last; null: it is not there yet. */
  #hash: string | null = null;

  private constructor(world: WritableWorld, path: string, content: JournalContent) {
    this.#world = world;
    this.path = path;
    this.#content = content;
  }

  /** The file's name, by which an undo refers to it. */
  get name(): string {
    return basename(this.path);
  }

  get content(): JournalContent {
    return this.#content;
  }

  /**
   * A new journal; its file appears with the first step.
   * @throws Failure `auth` if the folder cannot be made
   */
  static async create(
    world: WritableWorld,
    stateDir: string,
    head: Pick<JournalContent, "cloudera" | "undoes" | "planned" | "saves">,
  ): Promise<Journal> {
    const folder = join(stateDir, "journal");
    try {
      await world.write.folder(folder, 0o700);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw applyFailure("state-dir", { reason: systemText(error), reading: false });
    }
    const at = world.now().toISOString();
    const stamp = at.replaceAll(/[-:.]/g, "");
    const content = { version: 1, at, tool: world.version, ...head, steps: [] } as const;
    return new Journal(world, join(folder, `${stamp}${SUFFIX}`), content);
  }

  /** Records a step about to be made; call the returned function once it is done. */
  async begin(step: Step): Promise<(done?: Pick<FileStep, "backup" | "folders">) => Promise<void>> {
    const index = this.#content.steps.length;
    await this.#write([...this.#content.steps, step]);
    return async (done) => {
      const steps = [...this.#content.steps];
      steps[index] = {
        ...step,
        ...done,
        status: "done",
      } as Step;
      await this.#write(steps);
    };
  }

  async #write(steps: readonly Step[]): Promise<void> {
    this.#content = { ...this.#content, steps };
    const bytes = Buffer.from(`${JSON.stringify(this.#content, null, 1)}\n`);
    await this.#world.write.file(this.path, bytes, { expected: this.#hash, mode: 0o600, backup: false });
    this.#hash = sha256(bytes);
  }

  /**
   * The applies that can be undone, newest first: they have changed more than Hue's restart, and are not undone yet.
   */
  static async *undoable(stateDir: string, world: Reading): AsyncGenerator<Recorded> {
    const undone = new Set<string>();
    for await (const { name, content } of Journal.all(stateDir, world)) {
      if (content.undoes !== undefined) {
        if (isComplete(content)) undone.add(content.undoes);
      } else if (!undone.has(name) && content.steps.some(({ kind }) => kind !== "command")) {
        yield { name, content };
      }
    }
  }

  /**
   * Every journal in the state folder, newest first.
   * @throws Failure `state-dir`, `journal-unreadable`; with `readable` those that cannot be read are left out
   */
  static async *all(stateDir: string, world: Reading, { readable = false } = {}): AsyncGenerator<Recorded> {
    const folder = join(stateDir, "journal");
    for (const name of (await names(folder, world)).reverse()) {
      const content = await load(join(folder, name), world).catch((error: unknown) => {
        if (readable && error instanceof Failure) return undefined;
        throw error;
      });
      if (content !== undefined) yield { name, content };
    }
  }
}

/** A journal by the name of its file. */
export interface Recorded {
  readonly name: string;
  readonly content: JournalContent;
}

/** An undo that failed on the way has left something to undo. */
function isComplete({ steps, planned = steps.length }: JournalContent): boolean {
  return steps.length === planned && steps.every(({ status }) => status === "done");
}

async function names(folder: string, { state }: Reading): Promise<string[]> {
  try {
    return (await state.names(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    if (error instanceof Failure) throw error;
    throw applyFailure("state-dir", { reason: systemText(error), reading: true });
  }
}

const JOURNAL = { en: "the journal", ja: "ジャーナル" };

async function load(path: string, { state }: Reading): Promise<JournalContent> {
  try {
    return JSON.parse(Buffer.from(await state.read(path, JOURNAL)).toString("utf8")) as JournalContent;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw applyFailure("journal-unreadable", { path, reason: systemText(error) });
  }
}
