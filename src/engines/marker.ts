import { createHash } from "node:crypto";

/** Whether a file was made by this tool and is still as it was made. */
export type Authorship = "ours" | "edited" | "foreign";

const MARK = /^# checksum sha256:([0-9a-f]{64})\n/m;

/**
 * Puts a comment header before a configuration file's text: what made it, and a checksum of everything below the
 * header, by which {@link authorship} later tells a hand edit from our own text.
 * @param body - the text below the header, with its final newline
 */
export function withMarker(body: string, about: readonly string[]): string {
  const lines = ["Made by hue-impala-setup.", ...about].map((line) => `# ${line}\n`).join("");
  return `${lines}# checksum sha256:${checksum(body)}\n\n${body}`;
}

/**
 * `ours`: made by {@link withMarker} and untouched; `edited`: changed since, by hand; `foreign`: without our header.
 */
export function authorship(text: string): Authorship {
  const mark = MARK.exec(text);
  if (mark === null || !text.startsWith("# Made by hue-impala-setup.")) return "foreign";
  const body = text.slice(mark.index + mark[0].length + 1);
  return mark[1] === checksum(body) ? "ours" : "edited";
}

function checksum(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}
