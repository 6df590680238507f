import { failureRow, failuresOf } from "../../../domain/catalogue.ts";

/** Options of `balancer run` that do not go together. */
export const BALANCER_RUN_FAILURES = {
  "spec-and-impalad": failureRow({
    kind: "usage",
    message: {
      en: "--spec and --impalad exclude each other",
      ja: "--spec と --impalad は同時に指定できません",
    },
    hint: { en: "name the Impalads in the file", ja: "Impalad はファイルに記述してください" },
  }),
  "spec-and-tls": failureRow({
    kind: "usage",
    message: {
      en: "--spec and the options of TLS exclude each other",
      ja: "--spec と TLS のオプションは同時に指定できません",
    },
    hint: {
      en: 'set "tls" and "backendTls" of the listener in the file',
      ja: 'ファイルのリスナーの "tls" と "backendTls" で指定してください',
    },
  }),
  "tls-key-alone": failureRow({
    kind: "usage",
    message: {
      en: "--tls-key and --tls-key-password-file belong to --tls-certificate, which is missing",
      ja: "--tls-key と --tls-key-password-file は --tls-certificate と併せて指定してください",
    },
  }),
  "spec-and-socket": failureRow({
    kind: "usage",
    message: {
      en: "--spec and --socket exclude each other",
      ja: "--spec と --socket は同時に指定できません",
    },
    hint: {
      en: "set admin.socket in the file",
      ja: "ファイルの admin.socket で指定してください",
    },
  }),
} as const;

export const balancerRunFailure = failuresOf(BALANCER_RUN_FAILURES);
