import type { Text } from "../domain/text.ts";
import { decodeText } from "../domain/words/decode-text.ts";
import { systemFailure } from "../messages/failures/system/system.ts";

/**
 * The text of an input, whatever system it was written on.
 * @param path how the person named it
 * @throws Failure `settings` `not-text`: nothing of it is to be sent or believed then
 */
export function textOf(bytes: Uint8Array, path: string, what: Text): string {
  const decoded = decodeText(bytes);
  if ("fault" in decoded) throw systemFailure("not-text", { what, path, reason: decoded.fault });
  return decoded.text;
}
