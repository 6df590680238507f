import { join } from "node:path";
import { errnoOf, Failure, messageOf } from "../../domain/failure.ts";
import { Secret } from "../../domain/secret.ts";
import type { Warning } from "../../domain/warning.ts";
import { readInput, readInputText } from "../../system/files/read-input.ts";
import { type Answers, answerOf, isSet } from "./answers.ts";

export const PASSWORD_VARIABLE = "HUE_IMPALA_SETUP_CM_PASSWORD";
/** Name of the systemd credential (`LoadCredential=cm-password:…`). */
const CREDENTIAL = "cm-password";
const READABLE_BY_OTHERS = 0o077;
const WHAT = { en: "the password", ja: "パスワード" };

export interface Password {
  readonly secret: Secret;
  readonly warnings: readonly Warning[];
}

/**
 * Cloudera Manager's password from where a script can leave it: standard input, a file, the variable, a systemd
 * credential, in this order. Undefined: nobody said, ask. One final line end is not part of it.
 * @throws Failure `settings` or `auth` if a named source cannot be read or is empty
 */
export async function readPassword(
  answers: Answers,
  environment: NodeJS.ProcessEnv,
  standardInput: () => Promise<string>,
): Promise<Password | undefined> {
  if (isSet(answers, "cmPasswordStdin")) return password(await standardInput(), "--cm-password-stdin", []);
  const file = answerOf(answers, "cmPasswordFile");
  if (file !== undefined) return passwordFile(file);
  const variable = environment[PASSWORD_VARIABLE];
  if (variable !== undefined && variable !== "") return password(variable, PASSWORD_VARIABLE, []);
  const credentials = environment["CREDENTIALS_DIRECTORY"];
  if (credentials === undefined) return undefined;
  const text = await readInputText(join(credentials, CREDENTIAL), { what: WHAT }).catch(() => undefined);
  return text === undefined ? undefined : password(text, `credential ${CREDENTIAL}`, []);
}

async function passwordFile(path: string): Promise<Password> {
  try {
    const { mode, bytes } = await readInput(path, { what: WHAT });
    const warnings = [];
    if ((mode & READABLE_BY_OTHERS) !== 0) {
      warnings.push({
        code: "password-file-readable",
        message: `${path} can be read by others than its owner: chmod 600 ${path}`,
      });
    }
    return password(bytes.toString("utf8"), `--cm-password-file ${path}`, warnings);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const kind = errnoOf(error) === "EACCES" ? "auth" : "settings";
    throw new Failure(
      kind,
      "password-unreadable",
      `--cm-password-file: ${messageOf(error)}`,
      "name a readable file",
    );
  }
}

function password(text: string, source: string, warnings: readonly Warning[]): Password {
  const [line = ""] = text.split(/\r?\n/, 1);
  if (line === "") throw new Failure("settings", "password-empty", `${source}: the password is empty`);
  return { secret: new Secret(line), warnings };
}
