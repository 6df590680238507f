import { HASH, skipSpace } from "./chars.ts";
import type { Decoded } from "./decode.ts";
import { ConfigObjError, type ConfigObjErrorName, type ConfigObjProblem, MAX_PROBLEMS } from "./error.ts";
import { type Header, scanHeader } from "./header.ts";
import { scanKey } from "./key.ts";
import { Lines } from "./lines.ts";
import { reprForPeople } from "./python-repr.ts";
import { type ConfigObjTree, emptyTree } from "./tree.ts";
import { findTripleEnd, scanTripleStart, tripleQuote } from "./triple-quotes.ts";
import { scanValue } from "./value.ts";

/** A section; the root has depth 0 and `line` -1. Lines are indexes into {@link ConfigObjDocument.lines}. */
export interface SectionNode {
  readonly name: string;
  readonly depth: number;
  readonly parent: SectionNode | undefined;
  readonly line: number;
  readonly tree: ConfigObjTree;
}

/** A `key = value`, on the lines `line` to `lastLine`; the value's offsets in the text leave out blanks and comment. */
export interface KeyNode {
  readonly name: string;
  readonly section: SectionNode;
  readonly line: number;
  readonly lastLine: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly value: string | string[];
}

/** A document ConfigObj accepts: its text, lines, and nodes in the order in which they stand there. */
export interface ConfigObjDocument {
  readonly source: Decoded;
  readonly lines: Lines;
  readonly root: SectionNode;
  readonly sections: readonly SectionNode[];
  readonly keys: readonly KeyNode[];
}

/**
 * Parses a whole document as `ConfigObj(path)` without options does (Hue's way). Like ConfigObj it goes on after a
 * mistake, so that the error tells all of them.
 * @throws ConfigObjError
 */
export function parseDocument(source: Decoded): ConfigObjDocument {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: Decoded;
  readonly #lines: Lines;
  readonly #root: SectionNode = { name: "", depth: 0, parent: undefined, line: -1, tree: emptyTree() };
  readonly #sections: SectionNode[] = [];
  readonly #keys: KeyNode[] = [];
  readonly #problems: ConfigObjProblem[] = [];
  #problemCount = 0;
  #section = this.#root;

  constructor(source: Decoded) {
    this.#source = source;
    this.#lines = new Lines(source.text, source.bodyStart);
  }

  parse(): ConfigObjDocument {
    let index = 0;
    while (index < this.#lines.count) index = this.#parseLine(index, this.#lines.text(index));
    const [first] = this.#problems;
    if (first !== undefined) throw new ConfigObjError(first, this.#problems, this.#problemCount);
    return {
      source: this.#source,
      lines: this.#lines,
      root: this.#root,
      sections: this.#sections,
      keys: this.#keys,
    };
  }

  /** Handles the line (and, for a multi-line value, those after it); gives the index of the next one. */
  #parseLine(index: number, text: string): number {
    const isSpace = this.#source.isSpace;
    const start = skipSpace(text, 0, isSpace);
    if (start === text.length || text.charCodeAt(start) === HASH) return index + 1;
    const header = scanHeader(text, isSpace);
    if (header !== undefined) {
      this.#openSection(index, header);
      return index + 1;
    }
    const key = scanKey(text, isSpace);
    if (key !== undefined) return this.#parseValue(index, key.name, text, key.valueStart);
    this.#invalidLine(index, text);
    return index + 1;
  }

  #openSection(index: number, header: Header): void {
    if (header.opens !== header.closes) {
      this.#problem("NestingError", "Cannot compute the section depth", index);
      return;
    }
    if (header.opens > this.#section.depth + 1) {
      this.#problem("NestingError", "Section too nested", index);
      return;
    }
    let parent = this.#section;
    while (parent.depth >= header.opens && parent.parent !== undefined) parent = parent.parent;
    if (header.name in parent.tree) {
      this.#problem("DuplicateError", "Duplicate section name", index);
      return;
    }
    const section = { name: header.name, depth: header.opens, parent, line: index, tree: emptyTree() };
    parent.tree[header.name] = section.tree;
    this.#sections.push(section);
    this.#section = section;
  }

  #parseValue(index: number, name: string, text: string, valueAt: number): number {
    const value = text.slice(valueAt);
    const quote = tripleQuote(value);
    if (quote !== undefined) return this.#parseTriple(index, name, value, valueAt, quote);
    const scanned = scanValue(value, this.#source.isSpace);
    if (scanned === undefined) this.#problem("ParseError", "Parse error in value", index);
    else {
      const start = this.#lines.start(index) + valueAt;
      this.#addKey(name, scanned.value, index, index, start, start + scanned.end);
    }
    return index + 1;
  }

  #parseTriple(index: number, name: string, value: string, valueAt: number, quote: string): number {
    const isSpace = this.#source.isSpace;
    const start = this.#lines.start(index) + valueAt;
    const first = scanTripleStart(value, quote, isSpace);
    if (first.kind === "closed") {
      this.#addKey(name, first.text, index, index, start, start + first.end);
      return index + 1;
    }
    const last = first.kind === "open" ? this.#lineWith(quote, index + 1) : -1;
    const lastText = last < 0 ? "" : this.#lines.text(last);
    const close = findTripleEnd(lastText, quote, 0, isSpace);
    if (first.kind !== "open" || close < 0) {
      this.#problem("ParseError", "Parse error in multiline value", index);
      return index + 1;
    }
    const inner: string[] = [first.text];
    for (let at = index + 1; at < last; at++) inner.push(this.#lines.text(at));
    inner.push(lastText.slice(0, close));
    this.#addKey(name, inner.join("\n"), index, last, start, this.#lines.start(last) + close + quote.length);
    return last + 1;
  }

  /** Index of the first line at or after `index` that holds the quote, or -1. */
  #lineWith(quote: string, index: number): number {
    for (let at = index; at < this.#lines.count; at++) if (this.#lines.text(at).includes(quote)) return at;
    return -1;
  }

  #addKey(
    name: string,
    value: string | string[],
    line: number,
    lastLine: number,
    valueStart: number,
    valueEnd: number,
  ): void {
    const section = this.#section;
    if (name in section.tree) {
      // ConfigObj counts a duplicate at the last line of its value.
      this.#problem("DuplicateError", "Duplicate keyword name", lastLine);
      return;
    }
    section.tree[name] = value;
    this.#keys.push({ name, section, line, lastLine, valueStart, valueEnd, value });
  }

  /** Quotes the line only while problems are kept: there may be a million. */
  #invalidLine(index: number, text: string): void {
    const line = this.#problems.length < MAX_PROBLEMS ? reprForPeople(text) : "";
    this.#problem("ParseError", `Invalid line (${line}) (matched as neither section nor keyword)`, index);
  }

  #problem(error: ConfigObjErrorName, text: string, index: number): void {
    this.#problemCount++;
    if (this.#problems.length >= MAX_PROBLEMS) return;
    this.#problems.push({ error, line: index + 1, message: `${text} at line ${index + 1}.` });
  }
}
