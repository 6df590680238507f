import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { hostFault } from "../../domain/words/host-faults.ts";
import { hueWarning } from "../../messages/warnings/hue.ts";
import type { Located } from "../effective/conf-file.ts";

/**
 * What sort of value a setting takes. Nothing that ConfigObj would read differently gets through: no list, comment,
 * quotes or interpolation, so that no value ever needs quotes and each is written as `String(value)`.
 */
export interface ValueKind<V> {
  /** Why Hue would not read this value back as it is, or could not use it; undefined: it may be written. */
  fault(value: V): Text | undefined;
  /** What to give instead. */
  readonly hint: Text;
  /** What is to be said of a value that stands in a file already. */
  judge(key: string, found: Located<string | string[]>): Warning[];
}

/** One host: Hue knows no list of them. */
export const HOST: ValueKind<string> = {
  fault: writtenHostFault,
  hint: {
    en: "give one host name or address, for example lb.example.com",
    ja: "ホスト名かアドレスを 1 つ指定してください (例: lb.example.com)",
  },
  judge(key, found) {
    if (typeof found.value === "string") {
      const fault = hostFault(found.value);
      if (fault === undefined) return [];
      return [hueWarning("bad-host", { place: placeOf(found), key, value: found.value, ...fault })];
    }
    const asPython = `[${found.value.map((item) => `'${item}'`).join(", ")}]`;
    return [hueWarning("server-host-list", { place: placeOf(found), key, asPython })];
  },
};

/** A Kerberos principal, with or without its realm. */
export const PRINCIPAL: ValueKind<string> = {
  fault: (name) =>
    /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)?(@[A-Za-z0-9._-]+)?$/.test(name)
      ? undefined
      : { en: "is not a Kerberos principal", ja: "は Kerberos のプリンシパルではありません" },
  hint: {
    en: "give a principal, for example hue/hue1.example.com@EXAMPLE.COM",
    ja: "プリンシパルを指定してください (例: hue/hue1.example.com@EXAMPLE.COM)",
  },
  judge: () => [],
};

/** A TCP port. */
export const PORT: ValueKind<number> = wholeNumber({
  least: 1,
  most: 65_535,
  range: { en: "from 1 to 65535", ja: "1 から 65535 までの整数" },
  fault: () => ({ en: "is not a port", ja: "はポート番号ではありません" }),
  hint: { en: "give a whole number from 1 to 65535", ja: "1 から 65535 までの整数を指定してください" },
});

/** Python keeps a socket's timeout as nanoseconds in 64 bits. */
export const LONGEST_TIMEOUT = 9_223_372_036;

/**
 * A time in whole seconds.
 * @param zero why 0 must not be used; leave it out where Hue takes 0
 */
export function seconds(zero?: Text): ValueKind<number> {
  const least = zero === undefined ? 0 : 1;
  return wholeNumber({
    least,
    most: LONGEST_TIMEOUT,
    range: { en: `from ${least} up`, ja: `${least} 以上の整数` },
    fault: (value) =>
      value === 0 && zero !== undefined
        ? zero
        : { en: "is not a number of seconds", ja: "は秒数ではありません" },
    hint: {
      en: `give a whole number of seconds from ${least} up, for example 3600`,
      ja: `${least} 以上の整数で秒数を指定してください (例: 3600)`,
    },
  });
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly range: Text;
  fault(value: number): Text;
  readonly hint: Text;
}

function wholeNumber({ least, most, range, fault, hint }: Range): ValueKind<number> {
  return {
    hint,
    fault: (value) => (Number.isInteger(value) && value >= least && value <= most ? undefined : fault(value)),
    judge(key, found) {
      const number = pythonInt(found.value);
      if (number >= least && number <= most) return [];
      return [
        hueWarning("bad-number", { place: placeOf(found), key, value: JSON.stringify(found.value), range }),
      ];
    },
  };
}

/** Python's `int()` takes blanks around the number, a sign, and single underscores between digits; NaN: it does not. */
export function pythonInt(value: string | string[]): number {
  const text = typeof value === "string" ? value.trim() : "";
  return /^[+-]?[0-9]+(?:_[0-9]+)*$/.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
}

/** Why ConfigObj or Hue would not take it for that one host. */
function writtenHostFault(host: string): Text | undefined {
  if (host.includes(",")) {
    return {
      en: "holds a comma: ConfigObj reads a list, and Hue knows no list of hosts",
      ja: "はコンマを含みます。ConfigObj ではリストになりますが、Hue はホストのリストを扱えません",
    };
  }
  if (host.includes("#")) {
    return {
      en: "holds a #: ConfigObj reads the rest as a comment",
      ja: "は # を含みます。ConfigObj は # 以降をコメントとして読みます",
    };
  }
  if (host.includes('"') || host.includes("'")) {
    return {
      en: "holds a quote, which ConfigObj may take away",
      ja: "は引用符を含みます。ConfigObj が取り除くことがあります",
    };
  }
  if (host.includes("%(")) {
    return {
      en: "holds %(, which ConfigObj replaces by another setting",
      ja: "は %( を含みます。ConfigObj がほかの設定の値に置き換えます",
    };
  }
  return hostFault(host)?.why;
}

/** `file:line`. */
function placeOf({ path, line }: Located<unknown>): string {
  return `${path}:${line}`;
}
