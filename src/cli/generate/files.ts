import type { Language } from "../../domain/text.ts";
import { answersSchema } from "./answers-schema.ts";
import { type Catalogue, codesPage } from "./codes.ts";
import { completion } from "./completion/completion.ts";
import { manPage } from "./man.ts";
import { fillSections } from "./readme.ts";

/** Date of the manual page: changes with the text, not with the day of the build. */
const MAN_DATE = "November 22, 2026";

/** The pages whose marked sections are generated, and their language. */
export const READMES: Readonly<Record<string, Language>> = { "README.md": "en", "README.ja.md": "ja" };

/**
 * Every generated file, by its path from the project's root.
 * @param catalogue what the program can say, for the page of codes
 * @param readmes the present text of those {@link READMES} that exist
 */
export function generatedFiles(
  readmes: ReadonlyMap<string, string>,
  catalogue: Catalogue,
): Map<string, string> {
  const files = new Map([
    ["docs/hue-impala-setup.1", manPage(MAN_DATE)],
    ["docs/answers.schema.json", `${JSON.stringify(answersSchema(), null, 2)}\n`],
    ["docs/codes.md", codesPage(catalogue)],
    ["docs/completion/hue-impala-setup.bash", completion("bash")],
    ["docs/completion/_hue-impala-setup", completion("zsh")],
  ]);
  for (const [path, text] of readmes) files.set(path, fillSections(text, READMES[path] ?? "en"));
  return files;
}
