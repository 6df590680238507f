import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** As `World.mayWrite`: a file is replaced where its folder can be written to, else written in place. */
export async function mayWrite(path: string): Promise<boolean> {
  const whole = resolve(path);
  return (existsSync(whole) && (await isWritable(whole))) || isWritable(folderOf(whole));
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** The folder that a file is, or would be, created in: the nearest one above it that exists. */
function folderOf(path: string): string {
  let folder = dirname(path);
  while (folder !== dirname(folder) && !existsSync(folder)) folder = dirname(folder);
  return folder;
}
