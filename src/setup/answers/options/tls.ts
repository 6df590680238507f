import type { OptionRow } from "../option.ts";

/** TLS of a balancer that is run from flags; a specification names the same files. */
export const TLS_OPTIONS = {
  tlsCertificate: {
    flag: "--tls-certificate",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "command",
    commands: ["balancer run"],
    help: {
      en: "speak TLS with clients: this host's certificate and its chain (PEM)",
      ja: "クライアントと TLS で通信する: このホストの証明書とチェーン (PEM)",
    },
  },
  tlsKey: {
    flag: "--tls-key",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "command",
    commands: ["balancer run"],
    help: {
      en: "private key of --tls-certificate (PEM); without it in the same file",
      ja: "--tls-certificate の秘密鍵 (PEM)。省略時は同じファイル",
    },
  },
  tlsKeyPasswordFile: {
    flag: "--tls-key-password-file",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "command",
    commands: ["balancer run"],
    help: { en: "file with the password of --tls-key", ja: "--tls-key のパスワードのファイル" },
  },
  impalaTls: {
    flag: "--impala-tls",
    type: { kind: "flag" },
    group: "command",
    commands: ["balancer run"],
    help: {
      en: "speak TLS with the Impalads, verified with the system's authorities",
      ja: "Impalad と TLS で通信し、システムの認証局で検証する",
    },
  },
  impalaCaFile: {
    flag: "--impala-ca-file",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "command",
    commands: ["balancer run"],
    help: {
      en: "speak TLS with the Impalads, verified with these authorities (PEM)",
      ja: "Impalad と TLS で通信し、この認証局 (PEM) で検証する",
    },
  },
} as const satisfies Record<string, OptionRow>;
