/**
 * What steers a terminal or hides itself in it: C0 and C1 controls, delete, line and paragraph separators,
 * bidirectional marks and overrides, zero-width and other format characters, Hangul fillers, halves of surrogate pairs.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/** Most text is plain ASCII, and this is cheaper. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Text from outside (files, other hosts, other programs) as one line for a terminal: what would steer the terminal,
 * start another line or not be seen at all is shown instead, as `^[`, `^J` or `<U+202E>`. Everything that is printed
 * for people goes through here or through {@link visibleLines}; what goes into files, pipes and JSON does not.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, shown);
}

/**
 * Text of several lines, our own or another program's, with text from outside in it. Tabs and line ends stay; each line
 * but the first begins with `indent` blanks at least, so that none can pass for one of ours.
 */
export function visibleLines(text: string, indent = 2): string {
  const margin = " ".repeat(indent);
  return text
    .split("\n")
    .map((line, index) => {
      const shown = visibleInLine(line);
      return index === 0 || line === "" || line.startsWith(margin) ? shown : margin + shown;
    })
    .join("\n");
}

/** A whole line of a document, where tabs and a carriage return at its end are part of the layout. */
export function visibleInLine(line: string): string {
  if (PLAIN.test(line)) return line;
  const end = line.endsWith("\r") ? line.length - 1 : line.length;
  return line.slice(0, end).split("\t").map(visible).join("\t") + line.slice(end);
}

/** JSON whose strings are escaped wherever they would steer or deceive a terminal; it means the same. */
export function visibleJson(json: string): string {
  return PLAIN.test(json) ? json : json.replace(UNSEEN, escaped);
}

/** Caret notation for C0 and delete, as `cat -v` has it; the code point for the rest, as `less` has it. */
function shown(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code === 0x7f) return "^?";
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  return `<U+${hex(code)}>`;
}

function escaped(char: string): string {
  // A line end of a formatted document is no part of a string: there it is escaped already.
  if (char === "\n") return char;
  return Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at))}`).join("");
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}
