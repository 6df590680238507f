import fastStringWidth from "fast-string-width";

/** Must not begin a line in Japanese typesetting. */
const NOT_FIRST = "、。，．・：；？！ー）」』】〕ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/** Must not end a line. */
const NOT_LAST = "（「『【〔([";

/** Columns that a text takes on a terminal; wide characters (Unicode East Asian Width W and F) take two. */
export function displayWidth(text: string): number {
  return fastStringWidth(text);
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
  return displayWidth(character) === 2;
}
