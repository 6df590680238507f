import { join } from "node:path";
import { errnoOf, Failure } from "../../domain/failure.ts";
import { failureIn } from "../../domain/failure-record.ts";
import { Secret } from "../../domain/secret.ts";
import { sameText, type Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { PASSWORD_VARIABLE } from "../../domain/well-known.ts";
import { systemText } from "../../messages/errno.ts";
import { answersFailure } from "../../messages/failures/setup/answers.ts";
import { answersWarning } from "../../messages/warnings/answers.ts";
import { textOf } from "../../system/input-text.ts";
import type { World } from "../world/world.ts";
import { type Answers, answerOf, isSet } from "./answers.ts";
import { OPTIONS } from "./options.ts";

/** Name of the systemd credential (`LoadCredential=cm-password:…`). */
const CREDENTIAL = "cm-password";
const CREDENTIAL_NAME = { en: `credential ${CREDENTIAL}`, ja: `クレデンシャル ${CREDENTIAL}` };
const READABLE_BY_OTHERS = 0o077;
const WHAT = { en: "the password", ja: "パスワード" };

/** Where a password may be. */
type Sources = Pick<World, "environment" | "standardInput" | "readInput">;

export interface Password {
  readonly secret: Secret;
  readonly warnings: readonly Warning[];
}

/**
 * Cloudera Manager's password from where a script can leave it: standard input, a file, the variable, a systemd
 * credential, in this order. Undefined: nobody said, ask. One final line end is not part of it. The variable is taken
 * out of the environment, whoever has given the password.
 * @throws Failure `settings` or `auth` if a named source cannot be read or is empty
 */
export async function readPassword(answers: Answers, world: Sources): Promise<Password | undefined> {
  const { environment } = world;
  const variable = environment[PASSWORD_VARIABLE];
  delete environment[PASSWORD_VARIABLE];
  if (isSet(answers, "cmPasswordStdin"))
    return password(await world.standardInput(), sameText(OPTIONS.cmPasswordStdin.flag), []);
  const file = answerOf(answers, "cmPasswordFile");
  if (file !== undefined) return passwordFile(file, world);
  if (variable !== undefined && variable !== "") return password(variable, sameText(PASSWORD_VARIABLE), []);
  const credentials = environment["CREDENTIALS_DIRECTORY"];
  if (credentials === undefined) return undefined;
  const input = await world.readInput(join(credentials, CREDENTIAL), WHAT).catch(() => undefined);
  if (input === undefined) return undefined;
  return password(textOf(input.bytes, CREDENTIAL, WHAT), CREDENTIAL_NAME, []);
}

async function passwordFile(path: string, world: Sources): Promise<Password> {
  const { flag } = OPTIONS.cmPasswordFile;
  const { mode, bytes } = await world.readInput(path, WHAT).catch((error: unknown) => {
    if (error instanceof Failure) throw error.kind === "interrupted" ? error : failureIn(flag, error);
    const denied = errnoOf(error) === "EACCES";
    throw answersFailure("password-unreadable", { reason: systemText(error), denied });
  });
  const isReadable = (mode & READABLE_BY_OTHERS) !== 0;
  const warnings = isReadable ? [answersWarning("password-file-readable", { path })] : [];
  return password(textOf(bytes, `${flag} ${path}`, WHAT), sameText(`${flag} ${path}`), warnings);
}

function password(text: string, source: Text, warnings: readonly Warning[]): Password {
  const [line = ""] = text.split(/\r\n|\r|\n/, 1);
  if (line === "") throw answersFailure("password-empty", { source });
  return { secret: new Secret(line), warnings };
}
