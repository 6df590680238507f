import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { ConfigObjError, parseConfigObj } from "../../src/hue/configobj.ts";
import { editHueIni } from "../../src/hue/edit.ts";

const MEGABYTE = 2 ** 20;
const SETTINGS = { serverHost: "lb.example.com", serverPort: 10001, serverConnTimeout: 3600 };

/** A document of about `size` bytes; each is made to hurt one scanner. */
const HOSTILE: Record<string, (size: number) => string> = {
  "blanks on one line": (size) => " ".repeat(size),
  "blanks, then a letter": (size) => `${" ".repeat(size)}x`,
  "a value of blanks": (size) => `k=a${" ".repeat(size)}x`,
  "a list with blanks": (size) => `k=a,${" ".repeat(size)}"x`,
  "opening brackets": (size) => "[".repeat(size),
  "closing brackets": (size) => `[${"]".repeat(size)}x`,
  "closing brackets and blanks": (size) => `[a${" ]".repeat(size / 2)}x`,
  "brackets and quotes": (size) => `["a${'"]x'.repeat(size / 3)}`,
  "headers in one line": (size) => "[a]".repeat(size / 3),
  "double quotes in a key": (size) => '"'.repeat(size),
  "quotes and blanks in a key": (size) => `"a${'" '.repeat(size / 2)}x`,
  "quotes in a value": (size) => `k=${'"'.repeat(size)}x`,
  "quotes and commas": (size) => `k=${'",'.repeat(size / 2)}x"y`,
  "open quotes and commas": (size) => `k=a${', "b'.repeat(size / 4)}`,
  "open quotes, commas, an item": (size) => `k=a${', "b'.repeat(size / 4)}, c`,
  "both quotes and commas": (size) => `k=a${`, "b, 'c`.repeat(size / 8)}, d`,
  "quoted items": (size) => `k=${'"a", '.repeat(size / 5)}`,
  commas: (size) => `k=${",".repeat(size)}`,
  items: (size) => `k=${"a,".repeat(size / 2)}`,
  "items without text": (size) => `k=a${", ".repeat(size / 2)}`,
  "hash marks in a value": (size) => `k="${"#".repeat(size)}`,
  "quotes and hash marks": (size) => `k=${'"#'.repeat(size / 2)}`,
  "triple quotes in a value": (size) => `k='''${"''' x".repeat(size / 5)}`,
  "open triple quotes": (size) => "k='''x\n".repeat(size / 7),
  "triple quotes of both kinds": (size) => `k='''x\nk="""x\n`.repeat(size / 14),
  "a value over all lines": (size) => `k='''\n${"x\n".repeat(size / 2)}`,
  "lines that are nothing": (size) => "x\n".repeat(size / 2),
  "a long line that is nothing": (size) => "\u0001".repeat(size),
  "empty lines": (size) => "\n".repeat(size),
  "carriage returns": (size) => `${"\r".repeat(size)}\n`,
  "carriage returns before the end": (size) => `${"\r".repeat(size)}x`,
  comments: (size) => "#\n".repeat(size / 2),
  keys: (size) => Array.from({ length: size / 9 }, (_, at) => `k${at}=v\n`).join(""),
  "100,000 sections a megabyte": (size) =>
    Array.from({ length: size / 10 }, (_, at) => `[s${at}]\n`).join(""),
  "one header with 10,000 brackets and more": (size) => `${"[".repeat(size / 2)}a${"]".repeat(size / 2)}`,
  "sections within sections": (size) => {
    const depth = Math.floor(Math.sqrt(size));
    return Array.from({ length: depth }, (_, at) => `${"[".repeat(at + 1)}a${"]".repeat(at + 1)}\n`).join("");
  },
  "names that are properties": (size) => "[__proto__]\n[[__proto__]]\n".repeat(size / 26),
  "commented defaults": (size) => `[impala]\n${"## server_host=\n".repeat(size / 16)}`,
  "almost commented defaults": (size) => `[impala]\n#${"#".repeat(size)}\n`,
};

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A bound is missed only if so many attempts miss it. */
const ATTEMPTS = 12;

/** What a megabyte may cost, in yardsticks: about twice what it costs, whatever the machine. */
const PARSE = 8;
const EDIT = 24;

const LINES = Array.from({ length: MEGABYTE / 9 }, (_, at) => `k${at}=v`).join("\n");

/**
 * The work that others are measured against: a megabyte of plain lines, split and matched with nothing kept in mind.
 */
function yardstick(): void {
  const values = new Map<string, { readonly value: string; readonly line: number }>();
  for (const [at, line] of LINES.split("\n").entries()) {
    const [, key = "", value = ""] = /^\s*([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
    values.set(key, { value, line: at + 1 });
  }
}

/** Seconds of CPU time of this process. */
function cpuSeconds(run: () => void): number {
  // The garbage of earlier attempts is not this one's work.
  collectGarbage();
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The least of several measurements, as other work on the machine only ever adds; stops below `enough`. */
function best(run: () => void, times: number, enough: number, known = Number.POSITIVE_INFINITY): number {
  let least = known;
  for (let at = 0; at < times && least >= enough; at++) least = Math.min(least, cpuSeconds(run));
  return least;
}

function tolerant(run: () => void): () => void {
  return () => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof ConfigObjError)) throw error;
    }
  };
}

describe("hostile input is read or refused in linear time", () => {
  const unit = best(yardstick, ATTEMPTS, 0);

  test.each(Object.entries(HOSTILE))("%s", (_name, document) => {
    const one = Buffer.from(document(MEGABYTE));
    const four = Buffer.from(document(4 * MEGABYTE));
    const parse = (bytes: Buffer) => tolerant(() => parseConfigObj(bytes));
    const small = best(parse(one), 2, 0);
    expect(best(parse(one), ATTEMPTS, PARSE * unit, small), "1 MB").toBeLessThan(PARSE * unit);
    // Two yardsticks for the garbage of millions of lines; at this size, anything quadratic takes minutes.
    const limit = 5 * small + 2 * unit;
    expect(best(parse(four), ATTEMPTS, limit), "4 MB against 1 MB").toBeLessThan(limit);
  });

  test.each([
    "empty lines",
    "comments",
    "keys",
    "100,000 sections a megabyte",
    "carriage returns",
    "commented defaults",
    "almost commented defaults",
  ])("%s, edited", (name) => {
    const bytes = Buffer.from(HOSTILE[name]?.(MEGABYTE) ?? "");
    expect(bytes.length).toBeGreaterThan(MEGABYTE / 2);
    const edit = tolerant(() => editHueIni(bytes, SETTINGS));
    expect(best(edit, ATTEMPTS, EDIT * unit), "parsed, edited and parsed").toBeLessThan(EDIT * unit);
  });
});
