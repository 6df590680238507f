import type { Text } from "../../domain/text.ts";
import { UNUSABLE } from "../../messages/failures/cloudera/answers.ts";

/** Deepest nesting of an answer that is read: the API's own answers have fewer than 10 levels. */
const DEEPEST = 64;

/** Most values of an answer that are read: a service with a thousand roles in the export view has some 100,000. */
const MOST_VALUES = 2_000_000;

/** Whether a body starts like JSON: an object or a list. */
export function startsLikeJson(body: Buffer): boolean {
  return /^\s*[{[]/.test(body.subarray(0, 1024).toString("latin1"));
}

/**
 * Why a body is not to be parsed, or undefined: V8 takes 30 bytes of memory and more for each level and each value that
 * a byte or two of the body make. Reads the bytes once and keeps nothing.
 */
export function tooIntricate(body: Buffer): Text | undefined {
  let depth = 0;
  let values = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
      continue;
    }
    switch (byte) {
      case QUOTE:
        inString = true;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        values += 1;
        if (depth > DEEPEST) return UNUSABLE.tooDeep(DEEPEST);
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        values += 1;
        break;
      default:
        break;
    }
    if (values > MOST_VALUES) return UNUSABLE.tooMany(MOST_VALUES);
  }
  return undefined;
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
] as const;
