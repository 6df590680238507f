import { constants, existsSync } from "node:fs";
import { link, lstat, mkdir, open, readdir, readlink, rename, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FsPort, OpenFolder } from "./fs-port.ts";
import { mountedElsewhere } from "./mounts.ts";
import { fileStat, openedFile } from "./real-file.ts";

const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_DIRECTORY } =
  constants;
/**
 * Linux, open(2): a handle on the place itself, which asks for no right to read the folder. Node has no name for it.
 */
const O_PATH = 0x20_0000;

const FLAGS = {
  r: O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
  "r+": O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
  wx: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
};

/** How the names below a folder are told to the system, so that they mean this folder and no other. */
interface Anchor {
  /** The folder itself. */
  readonly own: string;
  /** Makes sure that the names still lead to the folder; throws `ESTALE` if not. */
  hold(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Linux: the kernel leads every name through the open descriptor, `/proc/self/fd/N/NAME` (proc_pid_fd(5)), as the `*at`
 * calls do, which Node lacks.
 */
async function heldByDescriptor(path: string): Promise<Anchor> {
  const handle = await open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  return {
    own: `/proc/self/fd/${handle.fd}`,
    hold: async () => undefined,
    close: () => handle.close(),
  };
}

/**
 * Where there is no /proc (macOS, a bare chroot) names are told by path. The folder is looked at before each call: a
 * moment remains in which somebody who owns a folder on the way can swap it.
 */
async function heldByPath(path: string): Promise<Anchor> {
  const { dev, ino } = await folderAt(path);
  return {
    own: path,
    hold: async () => {
      const now = await folderAt(path);
      if (now.dev === dev && now.ino === ino) return;
      throw Object.assign(new Error(`ESTALE: another folder has taken its place, open '${path}'`), {
        code: "ESTALE",
      });
    },
    close: async () => undefined,
  };
}

async function folderAt(path: string): Promise<{ dev: bigint; ino: bigint }> {
  const stat = await lstat(path, { bigint: true });
  if (stat.isDirectory()) return stat;
  throw Object.assign(new Error(`ENOTDIR: not a directory, open '${path}'`), { code: "ENOTDIR" });
}

type Holder = (path: string) => Promise<Anchor>;

function openedFolder(anchor: Anchor, path: string, holder: Holder): OpenFolder {
  const at = (name: string): string => {
    if (name === "" || name === "." || name.includes("/")) throw new TypeError(`not a single step: ${name}`);
    return `${anchor.own === "/" ? "" : anchor.own}/${name}`;
  };
  let closed = false;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    // The number of a closed descriptor may be another file's by now.
    if (closed) throw new TypeError(`${path} is closed`);
    try {
      await anchor.hold();
      return await work();
    } catch (error) {
      throw reworded(error, anchor.own, path);
    }
  };
  return {
    path,
    stat: () => call(async () => fileStat(await lstat(`${anchor.own}/.`, { bigint: true }))),
    lstat: (name) => call(async () => fileStat(await lstat(at(name), { bigint: true }))),
    readlink: (name) => call(() => readlink(at(name))),
    readdir: () => call(() => readdir(`${anchor.own}/.`)),
    openFolder: (name) =>
      call(async () => {
        const next = join(path, name);
        const inner = await holder(anchor.own === path ? next : at(name));
        return openedFolder(inner, next, holder);
      }),
    open: (name, flags, mode) => call(async () => openedFile(await open(at(name), FLAGS[flags], mode))),
    rename: (from, to) => call(() => rename(at(from), at(to))),
    link: (from, to) => call(() => link(at(from), at(to))),
    unlink: (name) => call(() => unlink(at(name))),
    mkdir: (name, mode) =>
      call(async () => {
        await mkdir(at(name), { mode });
      }),
    rmdir: (name) => call(() => rmdir(at(name))),
    sync: () =>
      call(async () => {
        const folder = await open(`${anchor.own}/.`, O_RDONLY | O_DIRECTORY);
        try {
          await folder.sync();
        } finally {
          await folder.close();
        }
      }),
    close: async () => {
      closed = true;
      await anchor.close();
    },
  };
}

/** People know the path, not the descriptor. */
function reworded(error: unknown, own: string, path: string): unknown {
  if (!(error instanceof Error) || own === path) return error;
  const plain = (text: string): string =>
    text.replaceAll(`${own}/.'`, `${path}'`).replaceAll(own, path === "/" ? "" : path);
  error.message = plain(error.message);
  if ("path" in error && typeof error.path === "string") error.path = plain(error.path);
  return error;
}

function fsBy(holder: Holder): FsPort {
  return { openRoot: async () => openedFolder(await holder("/"), "/", holder), mountedElsewhere };
}

/** The real file system with folders held by descriptor. */
export const descriptorFs: FsPort = fsBy(heldByDescriptor);
/** The real file system with folders known by their paths. */
export const pathFs: FsPort = fsBy(heldByPath);

/** The real file system, in the safest way that this system has. */
export const realFs: FsPort =
  process.platform === "linux" && existsSync("/proc/self/fd") ? descriptorFs : pathFs;
