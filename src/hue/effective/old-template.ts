import type { Warning } from "../../domain/warning.ts";
import { hueWarning } from "../../messages/warnings/hue.ts";
import { endOfSection, sectionAt } from "../configobj/find.ts";
import { commentedKey } from "../edit/commented.ts";
import type { ParsedFile } from "./conf-file.ts";

/** Commented defaults that Hue's template has in [impala] since 3.6. */
const KEYS_SINCE_3_6 = [
  "server_conn_timeout",
  "querycache_rows",
  "close_queries",
  "query_timeout_s",
  "session_timeout_s",
];

/** Time limits of [beeswax], which Impala shared before it had one of its own. */
const SHARED_LIMITS = ["server_conn_timeout", "beeswax_server_conn_timeout"];

/** The template of Hue before 3.6 has a time limit in [beeswax] only. */
export function templateBefore36({ path, document }: ParsedFile): Warning[] {
  const impala = commentedKeys(document, "impala");
  const beeswax = commentedKeys(document, "beeswax");
  if (!impala.has("server_host") || KEYS_SINCE_3_6.some((key) => impala.has(key))) return [];
  if (!SHARED_LIMITS.some((key) => beeswax.has(key))) return [];
  const what = {
    en: `${path} looks like the template of a Hue before 3.6, which`,
    ja: `${path} は Hue 3.6 より前のテンプレートのようです。この版の Hue`,
  };
  return [hueWarning("hue-before-3.6", { what })];
}

/** The commented defaults between the header of a top section and the next header. */
function commentedKeys(document: ParsedFile["document"], name: string): Set<string> {
  const keys = new Set<string>();
  const section = sectionAt(document, [name]);
  if (section === undefined) return keys;
  for (let at = section.line + 1; at < endOfSection(document, section); at++) {
    const key = commentedKey(document.lines.text(at), document.source.isSpace);
    if (key !== undefined) keys.add(key);
  }
  return keys;
}
