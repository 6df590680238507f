import { warningRow, warningsOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

interface Words {
  /** Who writes the file. */
  readonly who: Text;
  /** Where to set it instead. */
  readonly instead: Text;
}

const same = (name: string): Text => ({ en: name, ja: name });

/** Programs that write a hue.ini, and where an administrator sets in them what shall stand there. */
export const GENERATORS = {
  ansible: {
    who: same("Ansible"),
    instead: {
      en: "set it in the template or the variables of the role that writes it",
      ja: "このファイルを書き出すロールのテンプレートまたは変数で設定してください",
    },
  },
  ambari: {
    who: same("Ambari"),
    instead: {
      en: "set it in Ambari: Hue, Configs, the hue.ini template",
      ja: "Ambari の Hue の Configs にある hue.ini テンプレートで設定してください",
    },
  },
  adcm: {
    who: same("ADCM"),
    instead: {
      en: "set it in ADCM: the configuration of the Hue service, hue.ini",
      ja: "ADCM の Hue サービスの設定 (hue.ini) で設定してください",
    },
  },
  emr: {
    who: same("Amazon EMR"),
    instead: {
      en: "set it in the cluster's configuration classification hue-ini (its section impala)",
      ja: "クラスターの設定分類 hue-ini (セクション impala) で設定してください",
    },
  },
  puppet: {
    who: same("Puppet"),
    instead: {
      en: "set it in the module's parameters or its template",
      ja: "モジュールのパラメーターまたはテンプレートで設定してください",
    },
  },
  chef: {
    who: same("Chef"),
    instead: {
      en: "set it in the cookbook's attributes or its template",
      ja: "クックブックの属性またはテンプレートで設定してください",
    },
  },
  salt: {
    who: same("Salt"),
    instead: {
      en: "set it in the pillar or the state's template",
      ja: "ピラーまたはステートのテンプレートで設定してください",
    },
  },
  terraform: {
    who: same("Terraform"),
    instead: {
      en: "set it in the template or its variables",
      ja: "テンプレートまたはその変数で設定してください",
    },
  },
  helm: {
    who: same("Helm"),
    instead: { en: "set it in the chart's values", ja: "チャートの values で設定してください" },
  },
  jinja: {
    who: { en: "Ansible, Salt or Helm", ja: "Ansible、Salt または Helm" },
    instead: {
      en: "edit what it generates, or set the values that it fills in",
      ja: "生成後のファイルを編集するか、埋め込まれる値を設定してください",
    },
  },
  shell: {
    who: {
      en: "envsubst, Ambari, Terraform or a container's start script",
      ja: "envsubst、Ambari、Terraform またはコンテナーの起動スクリプト",
    },
    instead: {
      en: "edit what it generates, or set the variables that it fills in",
      ja: "生成後のファイルを編集するか、埋め込まれる変数を設定してください",
    },
  },
  erb: {
    who: { en: "Puppet or Chef", ja: "Puppet または Chef" },
    instead: {
      en: "edit what it generates, or set the attributes that it fills in",
      ja: "生成後のファイルを編集するか、埋め込まれる属性を設定してください",
    },
  },
  unknown: {
    who: { en: "another program", ja: "別のプログラム" },
    instead: {
      en: "set it where that program takes it from",
      ja: "そのプログラムの入力元で設定してください",
    },
  },
} as const satisfies Record<string, Words>;

export type Generator = keyof typeof GENERATORS;

/** Files that another program writes. */
export const GENERATED_WARNINGS = {
  "generated-file": warningRow<Words & { place: string }>({
    message: ({ place, who, instead }) => ({
      en: `${place}: ${who.en} writes this file and will undo what is edited here; ${instead.en}`,
      ja: `${place}: このファイルは ${who.ja} が書き出すため、ここでの編集は上書きされます。${instead.ja}`,
    }),
    example: { place: "/etc/hue/conf/hue.ini:1", ...GENERATORS.ansible },
  }),
  "template-placeholder": warningRow<Words & { place: string; placeholder: string; count: number }>({
    message: ({ place, placeholder, count, who, instead }) => ({
      en: `${place}: ${placeholder} is a placeholder${count === 1 ? "" : ` (one of ${count})`}: this is a template of ${who.en}, and Hue reads what is generated from it; ${instead.en}`,
      ja: `${place}: ${placeholder} はプレースホルダーです${count === 1 ? "" : ` (全 ${count} 個)`}。このファイルは ${who.ja} のテンプレートで、Hue が読むのは生成後のファイルです。${instead.ja}`,
    }),
    example: { place: "hue.ini:2", placeholder: "{{ impala_host }}", count: 1, ...GENERATORS.jinja },
  }),
} as const;

export const generatedWarning = warningsOf(GENERATED_WARNINGS);
