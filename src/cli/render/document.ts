import { visibleInLine } from "../../domain/words/visible.ts";

/** A document that is printed: as it is for files and pipes, fit to be looked at for a terminal. */
export function documentFor(stream: { readonly isTTY?: boolean }, text: string): string {
  return stream.isTTY === true ? text.split("\n").map(visibleInLine).join("\n") : text;
}
