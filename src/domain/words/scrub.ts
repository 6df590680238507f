const MASK = "***";
/** Characters. Shorter secrets stand in ordinary words: they are found by where they stand. */
const SEARCHED = 4;
/** Characters of base64 or hexadecimal digits that are no coincidence. */
const LEAST_ENCODED = 6;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};
const JSON_LETTERS: Readonly<Record<string, string>> = {
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
};

export interface Secrets {
  readonly user: string;
  readonly password: string;
  /** Session cookies and the like, which are never short. */
  readonly tokens?: readonly string[];
}

/**
 * Takes secrets out of a text that came from outside, which may echo what it was sent: as they are, with the escapes of
 * JSON, percent-encoded, in HTML entities, quoted-printable (character by character, in any mixture), in base64 and in
 * hexadecimal digits, also as part of something longer. A password of less than four characters is found where
 * passwords stand: behind `password=`, in the authority of a URL, in an `Authorization` header, alone in quotes. Scrub
 * before cutting.
 */
export function scrubber({ user, password, tokens = [] }: Secrets): (text: string) => string {
  const searched = [password, ...tokens].filter((secret) => secret.length >= SEARCHED);
  const plain = searched.map((secret) => new RegExp(encodedText(secret), "gu"));
  const pair = new RegExp(`${encodedText(`${user}:${password}`)}(?![\\p{L}\\p{N}])`, "gu");
  const alone = new RegExp(`(["'\`(<[])${encodedText(password)}(?=["'\`)>\\]])`, "gu");
  const binary = [`${user}:${password}`, ...searched].flatMap(binaryForms);
  return (text) => {
    let clean = text;
    if (password !== "") {
      clean = clean.replaceAll(pair, MASK).replaceAll(alone, `$1${MASK}`);
    }
    for (const form of plain) clean = clean.replaceAll(form, MASK);
    for (const form of binary) clean = withoutTokens(clean, form);
    return byPosition(clean);
  };
}

/** Where passwords stand, whatever they are. */
function byPosition(text: string): string {
  return text
    .replaceAll(/\b(Basic\s+)([A-Za-z0-9+/_=-]{4,})/gi, (all, word: string, token: string) =>
      Buffer.from(token, "base64").toString("latin1").includes(":") ? `${word}${MASK}` : all,
    )
    .replaceAll(/(:\/\/)[^\s/@]{1,500}@/g, `$1${MASK}@`)
    .replaceAll(
      /((?:pass(?:word|wd|phrase)?|pwd)\\?["']?\s{0,5}[:=]\s{0,5})(\\?"(?:[^"\\]|\\.){1,500}?\\?"|'[^']{1,500}'|[^\s,;&"'<>}]{1,500})/gi,
      `$1${MASK}`,
    );
}

/** A regular expression for a text in which each character may be encoded in a way of its own. */
function encodedText(text: string): string {
  // A soft line break of quoted-printable may stand anywhere; cleaned texts have a blank for the line end.
  return [...text].map(encodedCharacter).join("(?:=[\\r\\n ]{1,4})?");
}

function encodedCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const utf8 = [...Buffer.from(character, "utf8")];
  const spellings = [utf8, ...(code > 0x7f && code <= 0xff ? [[code]] : [])];
  const name = ENTITIES[character];
  const letter = JSON_LETTERS[character];
  const literal = character.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
  const forms = [
    /[\p{L}\p{N}]/u.test(character) ? literal : `\\\\{0,8}${literal}`,
    units.map((unit) => `\\\\{1,8}u${hex(unit, 4)}`).join(""),
    ...spellings.map((bytes) => bytes.map((byte) => `%(?:25){0,3}${hex(byte, 2)}`).join("")),
    ...spellings.map((bytes) => bytes.map((byte) => `=${hex(byte, 2)}`).join("")),
    `&(?:amp;){0,3}#(?:0{0,4}${code}|[xX]0{0,4}${hex(code, 0)});`,
    ...(name === undefined ? [] : [`&(?:amp;){0,3}${name};`]),
    ...(letter === undefined ? [] : [`\\\\{1,8}${letter}`]),
    ...(character === " " ? ["\\+"] : []),
    // What is left of a control character in a cleaned text.
    ...(/[\t\r\n]/.test(character) ? [" "] : []),
  ];
  return `(?:${forms.join("|")})`;
}

/** Hexadecimal digits in either case. */
function hex(value: number, digits: number): string {
  return value
    .toString(16)
    .padStart(digits, "0")
    .replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** What shows that a token is, or contains, the secret in base64 (wherever in it) or in hexadecimal digits. */
function binaryForms(secret: string): RegExp[] {
  const bytes = Buffer.from(secret, "utf8");
  const cores = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64url");
    // Only the characters that are made of nothing but the secret's bits.
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const base64 = cores
    .filter((core) => core.length >= LEAST_ENCODED)
    .map((core) => [...core].map(base64Character).join("(?:=?[\\r\\n ]{1,2})?"));
  const digits =
    bytes.length * 2 < LEAST_ENCODED + 2 ? [] : [[...bytes].map((byte) => hex(byte, 2)).join("")];
  return [...base64, ...digits.flat()].map((form) => new RegExp(form, "g"));
}

/** A character of base64url, also in the standard alphabet and percent-encoded there. */
function base64Character(character: string): string {
  if (character === "-") return "(?:-|\\+|%(?:25)?2[bB])";
  if (character === "_") return "(?:_|\\\\?/|%(?:25)?2[fF])";
  return character;
}

/** Masks every run of base64 characters that holds a match: its ends would tell the rest. */
function withoutTokens(text: string, form: RegExp): string {
  let result = "";
  let done = 0;
  for (const { index, 0: match } of text.matchAll(form)) {
    let from = index;
    let to = index + match.length;
    while (from > done && isBase64(text[from - 1])) from--;
    while (to < text.length && isBase64(text[to])) to++;
    if (to <= done) continue;
    result += `${text.slice(done, Math.max(done, from))}${MASK}`;
    done = to;
  }
  return result + text.slice(done);
}

function isBase64(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9+/_=%-]/.test(character);
}
