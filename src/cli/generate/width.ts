/** Ranges of code points that take two columns (Unicode East Asian Width W and F, as far as Japanese needs them). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Must not begin a line in Japanese typesetting. */
const NOT_FIRST = "、。，．・：；？！ー）」』】〕ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/** Must not end a line. */
const NOT_LAST = "（「『【〔([";

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const character of text) columns += isWide(character) ? 2 : 1;
  return columns;
}

/** The text and as many blanks as make it `columns` wide; longer texts stay whole. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** Lines of at most `columns` columns, broken at blanks and between wide characters; a longer word stays whole. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text)) {
    const candidate = line + piece;
    if (line !== "" && displayWidth(candidate.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else {
      line = candidate;
    }
  }
  if (line.trimEnd() !== "") lines.push(line.trimEnd());
  return lines;
}

/** The unbreakable pieces of a text: words with the blank after them, wide characters with what must follow them. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let piece = "";
  let last = "";
  for (const character of text) {
    const breaks =
      (last === " " ||
        ((isWide(last) || isWide(character)) && character !== " " && !NOT_FIRST.includes(character))) &&
      !NOT_LAST.includes(last);
    if (piece !== "" && breaks) {
      found.push(piece);
      piece = "";
    }
    piece += character;
    last = character;
  }
  if (piece !== "") found.push(piece);
  return found;
}

function isWide(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return WIDE.some(([from, to]) => code >= from && code <= to);
}
