import type { ConfigObjDocument } from "../configobj/document.ts";
import type { Edit } from "./apply-edits.ts";

/** Whole lines to be put into a document, each below a line of it; those below the same line keep their order. */
export class Insertions {
  readonly #document: ConfigObjDocument;
  readonly #below = new Map<number, string[]>();

  constructor(document: ConfigObjDocument) {
    this.#document = document;
  }

  /** @param index the line; -1: at the start of a document without lines */
  below(index: number, lines: readonly string[]): void {
    this.#below.set(index, [...(this.#below.get(index) ?? []), ...lines]);
  }

  edits(): Edit[] {
    return [...this.#below].map(([index, lines]) => this.#edit(index, lines));
  }

  /** Whether the document's last line ends in a newline stays as it is. */
  #edit(index: number, added: readonly string[]): Edit {
    const { lines, source } = this.#document;
    if (index < 0) return { offset: source.text.length, length: 0, content: added.join("\n") };
    const ended = lines.ending(index) !== "";
    const newline = this.#newlineLike(ended ? index : index - 1);
    const content = ended ? added.map((one) => one + newline) : added.map((one) => newline + one);
    return { offset: lines.next(index), length: 0, content: content.join("") };
  }

  /** The newline of that line; LF if there is no such line. */
  #newlineLike(index: number): string {
    return index >= 0 && this.#document.lines.ending(index).endsWith("\r\n") ? "\r\n" : "\n";
  }
}
