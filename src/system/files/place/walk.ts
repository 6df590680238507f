import { resolve } from "node:path";
import { errnoOf } from "../../../domain/failure.ts";
import { systemFailure } from "../../../messages/failures/system/system.ts";
import { type FileStat, type FsPort, type OpenFolder, statIfPresent } from "../port/fs-port.ts";

const MOST_LINKS = 40;
/** A name that somebody keeps swapping between a folder and a link is not worth more looks. */
const MOST_LOOKS = 5;

/** A symbolic link on the way to a file. */
export interface LinkStep {
  readonly path: string;
  /** Who made it. */
  readonly uid: number;
  /** Who may replace it: the owner of the folder that it is in. */
  readonly folderUid: number;
}

/** Where a path leads. Its folder is open and must be closed. */
export interface Walked {
  /** The deepest folder on the way that exists. */
  readonly nearest: OpenFolder;
  /** Names of the folders below `nearest` that do not exist, outermost first. */
  readonly missing: readonly string[];
  /** Name of the file itself, after all links. */
  readonly base: string;
  /** Undefined: there is no such file. Never a link. */
  readonly stat: FileStat | undefined;
  readonly links: readonly LinkStep[];
  /** Every folder gone through, those before a link too; the last one is `nearest`. */
  readonly way: readonly { readonly path: string; readonly stat: FileStat }[];
}

/** What /proc shows for an open pipe or socket: a link whose text is no path. */
const NO_PATH = /^(pipe|socket|anon_inode):/;

/**
 * Goes to a file step by step from the root, each folder held open before the next name is looked at, so that nobody
 * can put another folder under the way already gone. The links are followed here and not by the kernel; who made them
 * is for the caller to judge (judge.ts).
 * @throws Failure `link-loop`, Node's system errors
 */
export async function walk(fs: FsPort, path: string): Promise<Walked> {
  const steps = stepsOf(resolve(path));
  const links: LinkStep[] = [];
  let folder = await fs.openRoot();
  let here = await folder.stat();
  const way = [{ path: folder.path, stat: here }];
  const move = async (next: Promise<OpenFolder>): Promise<void> => {
    const opened = await next;
    await folder.close();
    folder = opened;
    here = await folder.stat();
    way.push({ path: folder.path, stat: here });
  };
  try {
    for (let looks = 0; ; ) {
      const step = steps.shift();
      // A path that ends in a folder ("/", "..") has no file to name: the folder stands for it.
      if (step === undefined) return { nearest: folder, missing: [], base: ".", stat: here, links, way };
      if (step === "..") {
        await move(folder.openFolder(".."));
        continue;
      }
      const stat = await statIfPresent(folder, step);
      if (stat === undefined) {
        const names = plainSteps([step, ...steps]);
        return { nearest: folder, missing: names.slice(0, -1), base: names.at(-1) ?? step, stat, links, way };
      }
      if (stat.kind === "link") {
        if (links.length === MOST_LINKS) throw linkLoop(path);
        const target = await readlinkOf(folder, step, stat);
        links.push({
          path: `${folder.path === "/" ? "" : folder.path}/${step}`,
          uid: stat.uid,
          folderUid: here.uid,
        });
        if (target === undefined)
          return { nearest: folder, missing: [], base: step, stat: { ...stat, kind: "pipe" }, links, way };
        if (target.startsWith("/")) await move(fs.openRoot());
        steps.unshift(...stepsOf(target));
      } else if (steps.length === 0) {
        return { nearest: folder, missing: [], base: step, stat, links, way };
      } else {
        try {
          await move(folder.openFolder(step));
          looks = 0;
        } catch (error) {
          looks += 1;
          // A link has taken the folder's place since the look: look again.
          const swapped =
            ["ELOOP", "ENOTDIR", "ENOENT"].includes(errnoOf(error) ?? "") && stat.kind === "folder";
          if (!swapped || looks === MOST_LOOKS) throw error;
          steps.unshift(step);
        }
      }
    }
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** A link's text, if it still is the link that was looked at; undefined for an open pipe or socket in /proc. */
async function readlinkOf(folder: OpenFolder, name: string, seen: FileStat): Promise<string | undefined> {
  const target = await folder.readlink(name).catch((error: unknown) => {
    if (["EINVAL", "ENOENT"].includes(errnoOf(error) ?? "")) throw swapped(`${folder.path}/${name}`);
    throw error;
  });
  // The links of /proc are made anew at each look.
  const now = folder.path.startsWith("/proc") ? seen : await statIfPresent(folder, name);
  if (now?.identity !== seen.identity || now.ctimeNs !== seen.ctimeNs)
    throw swapped(`${folder.path}/${name}`);
  return NO_PATH.test(target) ? undefined : target;
}

function swapped(path: string): Error {
  return Object.assign(new Error(`ESTALE: the link was swapped, readlink '${path}'`), {
    code: "ESTALE",
    path,
  });
}

function stepsOf(path: string): string[] {
  return path.split("/").filter((step) => step !== "" && step !== ".");
}

/** Steps into what does not exist, with `..` taken back by name: there is nothing to open. */
function plainSteps(steps: readonly string[]): string[] {
  const plain: string[] = [];
  for (const step of steps) {
    if (step === "..") plain.pop();
    else plain.push(step);
  }
  return plain;
}

function linkLoop(path: string): Error {
  const reason = {
    en: `the symbolic links of ${path} go in a circle`,
    ja: `${path} のシンボリックリンクが循環しています`,
  };
  return systemFailure("link-loop", { reason });
}
