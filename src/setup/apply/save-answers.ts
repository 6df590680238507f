import { sha256 } from "../../system/files/sha256.ts";
import type { Answers } from "../answers/answers.ts";
import { printAnswers } from "../answers/file.ts";
import type { WritableWorld } from "../world/world.ts";
import { sweepFolderOf } from "./sweep.ts";

/** Writes the answers of a run as an answers file, without what was discovered and without the password. */
export async function saveAnswers(file: string, answers: Answers, world: WritableWorld): Promise<void> {
  // One that was killed may have been told to save them in this folder as well.
  await sweepFolderOf(file, world);
  const before = await world.readFile(file);
  const expected = before === null ? null : sha256(before);
  const text = Buffer.from(await printAnswers(answers));
  await world.write.file(file, text, { expected, mode: 0o600, backup: false });
}
