import type { OptionRow } from "../option.ts";

const COMMANDS = ["setup", "balancer run", "config show"] as const;

/** Kerberos of the bundled balancer. */
export const KERBEROS_OPTIONS = {
  kerberosKeytab: {
    flag: "--kerberos-keytab",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "balancer",
    commands: COMMANDS,
    path: "balancer.kerberos.keytab",
    default: {
      described: {
        en: "on a Kerberos cluster, Hue's keytab if it is found",
        ja: "Kerberos クラスターでは、見つかれば Hue の keytab",
      },
    },
    help: {
      en: "keytab: Kerberos logins to the names in it are accepted and made again towards each Impalad",
      ja: "keytab。その中の名前への Kerberos ログインを受け付け、各 Impalad へあらためてログインする",
    },
  },
  kerberosPrincipal: {
    flag: "--kerberos-principal",
    placeholder: "PRINCIPAL",
    type: { kind: "text" },
    group: "balancer",
    commands: COMMANDS,
    path: "balancer.kerberos.principal",
    default: {
      described: {
        en: "Hue's principal in the keytab",
        ja: "keytab 内の Hue のプリンシパル",
      },
    },
    help: {
      en: "principal of the keytab that logs in to the Impalads, and the client that is served (Hue's own)",
      ja: "Impalad へのログインに使う keytab 内のプリンシパル。クライアントとしても許可される (Hue 自身のもの)",
    },
  },
  kerberosClients: {
    flag: "--kerberos-client",
    placeholder: "PRINCIPAL",
    type: { kind: "text" },
    repeatable: true,
    group: "balancer",
    commands: COMMANDS,
    path: "balancer.kerberos.clients",
    help: {
      en: "a further principal that is served under --kerberos-principal's name; repeatable",
      ja: "--kerberos-principal の名前で接続を許す追加のプリンシパル。繰り返し指定できる",
    },
  },
} as const satisfies Record<string, OptionRow>;
