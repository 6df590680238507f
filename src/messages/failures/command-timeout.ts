import { failureRow } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

/** Commands of Cloudera Manager that are watched. */
export interface Watched {
  /** `Restart (command 4711)`, several separated by commas. */
  readonly commands: string;
  /** Pages of the web UI that show them. */
  readonly pages: readonly string[];
}

export const watchIt = ({ pages }: Watched): Text => ({
  en: `it was not aborted; watch it at ${pages.join(" ")}`,
  ja: `中止していません。次のページで確認できます: ${pages.join(" ")}`,
});

export const goesOn = ({ commands }: Watched, why: Text): Text => ({
  en: `${why.en}: ${commands} goes on in Cloudera Manager`,
  ja: `${why.ja}: ${commands} は Cloudera Manager で続いています`,
});

/** A program on this host that was ended, or a command of Cloudera Manager that goes on: one code for both. */
export const COMMAND_TIMEOUT = failureRow<{ seconds: number } & ({ command: string } | Watched)>({
  kind: (values) => ("pages" in values ? "partial" : "failed"),
  message: (values) => {
    const { seconds } = values;
    if ("pages" in values) {
      return goesOn(values, {
        en: `not finished after ${seconds} s`,
        ja: `${seconds} 秒たっても終了していません`,
      });
    }
    return {
      en: `${values.command} did not end within ${seconds} s`,
      ja: `${values.command} が ${seconds} 秒以内に終了しませんでした`,
    };
  },
  hint: (values) => ("pages" in values ? watchIt(values) : undefined),
  example: { command: "systemctl", seconds: 200 },
});
