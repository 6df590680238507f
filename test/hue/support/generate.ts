import fc from "fast-check";

/** Fragments that mean something to ConfigObj, or to a scanner that gets it wrong. */
const TOKENS = [
  ..."[]\"'#=,;:%\\ab",
  " ",
  "  ",
  "\t",
  "'''",
  '"""',
  "[[",
  "]]",
  "''",
  '""',
  ", ",
  " ,",
  " # ",
  " = ",
  "=",
  "[a]",
  "[[b]]",
  "k=v",
  "impala",
  "server_host",
  "%(a)s",
  "é",
  "\u00a0",
  "\u0085",
  "\u3000",
  "\u2028",
  "\u2029",
  "\u001c",
  "\u001f",
  "\u000b",
  "\f",
  "\u0000",
  "\u001a",
  "\ufeff",
  "\u200b",
  "😀",
  "\r",
  "__proto__",
  "constructor",
] as const;

const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }).map((parts) => parts.join(""));
const blanks = fc.constantFrom("", "", "", " ", "  ", "\t", "\u00a0", "\u3000 ", "\u001c");
const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "a",
      "b",
      "c",
      "impala",
      "ssl",
      "server_host",
      "server_port",
      "x y",
      "__proto__",
      "é",
      "a]b",
      "#",
    ),
  },
  soup,
);
const quoted = fc
  .tuple(fc.constantFrom('"', "'", '"""', "'''"), fc.oneof(word, soup))
  .map(([quote, text]) => `${quote}${text}${quote}`);
const atom = fc.oneof(word, quoted, soup);
const comment = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  soup.map((text) => `#${text}`),
);
const list = fc
  .array(fc.tuple(blanks, atom, blanks), { minLength: 1, maxLength: 5 })
  .map((items) => items.map((item) => item.join("")).join(","));
const value = fc.oneof(
  word,
  quoted,
  list,
  atom,
  list,
  soup,
  fc.constant(""),
  fc.constantFrom(",", "a,", "'''", '"""', "'''x", '"""x'),
);

const header = fc
  .tuple(
    blanks,
    fc.constantFrom(1, 1, 1, 1, 2, 2, 3),
    blanks,
    fc.oneof(word, quoted),
    blanks,
    comment,
    fc.integer({ min: 0, max: 19 }),
  )
  .map(([indent, depth, gap, name, tail, rest, odd]) => {
    const closes = odd === 0 ? depth + 1 : depth;
    return `${indent}${`[${gap}`.repeat(depth)}${name}${`${gap}]`.repeat(closes)}${tail}${rest}`;
  });
const keyLine = fc
  .tuple(blanks, fc.oneof(word, quoted), blanks, blanks, value, blanks, comment)
  .map(
    ([indent, key, before, after, text, tail, rest]) =>
      `${indent}${key}${before}=${after}${text}${tail}${rest}`,
  );
const commentLine = fc.tuple(blanks, soup).map(([indent, text]) => `${indent}# ${text}`);
const tripleEnd = fc
  .tuple(soup, fc.constantFrom("'''", '"""'), blanks, comment)
  .map((parts) => parts.join(""));

const line = fc.oneof(
  { weight: 4, arbitrary: keyLine },
  { weight: 3, arbitrary: header },
  { weight: 1, arbitrary: commentLine },
  { weight: 1, arbitrary: tripleEnd },
  { weight: 1, arbitrary: soup },
  { weight: 1, arbitrary: blanks },
);
const ending = fc.constantFrom("\n", "\n", "\n", "\r\n", "\r\r\n");

/** Documents rich in what ConfigObj's patterns trip over; most lines are nearly right, many documents are refused. */
export const anyDocument = fc
  .tuple(
    fc.constantFrom("", "", "", "", "\ufeff"),
    fc.array(fc.tuple(line, ending), { maxLength: 6 }),
    fc.boolean(),
  )
  .map(([bom, lines, finalNewline]) => {
    const text = lines.map(([content, end]) => content + end).join("");
    return bom + (finalNewline ? text : text.replace(/[\r\n]+$/, ""));
  });

const soundKey = fc
  .tuple(
    fc.constantFrom("", "  ", "\t"),
    fc.constantFrom("server_host", "server_port", '"server_host"', "'server_conn_timeout'", "a", "b", "k k"),
    fc.constantFrom("=", " = ", "= "),
    fc.constantFrom(
      "lb",
      "21050",
      "",
      "a, b",
      '"q # q"',
      "'''x'''",
      "'''a\n[impala]\nserver_host=in\n'''",
      '"""t\n## server_port=1\n"""',
      "h.example.com",
      "  ",
      "5,",
    ),
    fc.constantFrom("", "", " # keep", "#c", "  "),
  )
  .map((parts) => parts.join(""));
const soundHeader = fc.constantFrom(
  "[impala]",
  "[ impala ]",
  '["impala"]',
  "  [impala] # lb",
  "[[ssl]]",
  "  [[ssl]]",
  "[[impala]]",
  "[desktop]",
  "[x]",
  "[[y]]",
  "[Impala]",
);
const soundComment = fc.constantFrom(
  "## server_host=localhost",
  "  ## server_port = 21050",
  "# server_port: prose",
  "#server_conn_timeout=120",
  "\t###  server_conn_timeout =120",
  "# café",
  "",
  "   ",
);

/** Documents of whole, sensible lines around [impala]; ConfigObj accepts many of them, and they are worth editing. */
export const editableDocument = fc
  .tuple(
    fc.constantFrom("", "\ufeff"),
    fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 3, arbitrary: soundKey },
          { weight: 3, arbitrary: soundHeader },
          { weight: 4, arbitrary: soundComment },
        ),
        fc.constantFrom("\n", "\r\n"),
      ),
      { maxLength: 9 },
    ),
    fc.boolean(),
  )
  .map(([bom, lines, finalNewline]) => {
    const text = lines.map(([content, end]) => content + end).join("");
    return bom + (finalNewline ? text : text.replace(/[\r\n]+$/, ""));
  });

const nestedHeader = fc.constantFrom(
  "[impala]",
  "  [impala]",
  "[[ssl]]",
  "  [[ssl]] # TLS",
  "[[ 'ssl' ]]",
  "[[other]]",
  "[[[deep]]]",
  "    [[[deep]]]",
  "[[[ssl]]]",
  "[x]",
);
const nestedComment = fc.constantFrom(
  "# [[ssl]]",
  "  ## [[ssl]]  # TLS",
  "# [[other]]",
  "# [[[deep]]]",
  "# [[ssl]] is the section of TLS",
  "## enabled=false",
  "  ## enabled = false",
  "# enabled: prose",
  "## server_host=localhost",
  "## cacerts=/etc/ca.pem",
  "####################",
  "",
);
const nestedKey = fc.constantFrom(
  "enabled=false",
  "  enabled = TRUE # yes",
  '"enabled"=1',
  "enabled='''a\n# [[ssl]]\n## enabled=1\n'''",
  "server_host=lb",
  "ssl=1",
  "deep=1",
  "a=1",
);

/**
 * Documents of whole lines around `[impala] [[ssl]] enabled`, its section there, commented, missing, or nested further.
 */
export const nestedDocument = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 4, arbitrary: nestedHeader },
          { weight: 5, arbitrary: nestedComment },
          { weight: 2, arbitrary: nestedKey },
        ),
        fc.constantFrom("\n", "\n", "\r\n"),
      ),
      { maxLength: 10 },
    ),
    fc.boolean(),
  )
  .map(([starts, lines, finalNewline]) => {
    const text = (starts ? "[impala]\n" : "") + lines.map(([content, end]) => content + end).join("");
    return finalNewline ? text : text.replace(/[\r\n]+$/, "");
  });

/** One key whose value is list-like: the part of the dialect with the most cases. */
export const valueDocument = fc
  .array(
    fc.constantFrom(
      ",",
      ",",
      ", ",
      " ,",
      '"',
      "'",
      '"',
      "'",
      "#",
      " ",
      "\t",
      "a",
      "b c",
      '"x"',
      "'y'",
      '"p,q"',
      "'#'",
      "é",
    ),
    { maxLength: 14 },
  )
  .map((parts) => `k=${parts.join("")}`);

/** One header line full of brackets and quotes. */
export const headerDocument = fc
  .array(fc.constantFrom("[", "[", "]", "]", '"', "'", "#", " ", "a", "b", "=", "\u00a0"), { maxLength: 12 })
  .map((parts) => `[${parts.join("")}`);

const utf8Byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(
    0x0a,
    0x0d,
    0x23,
    0x3d,
    0x61,
    0x80,
    0xbf,
    0xc0,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0x9f,
    0xa0,
  ),
);

/** Bytes that often are not UTF-8; UTF-16's marks at the start are left out, for we refuse those whatever follows. */
export const byteDocument = fc
  .array(utf8Byte, { maxLength: 10 })
  .map((values) => new Uint8Array([0x23, ...values]));
