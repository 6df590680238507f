import { warningRow, warningsOf } from "../../domain/catalogue.ts";

/** What the administrator should know about Cloudera Manager, or about balancing the cluster behind it. */
export const CLOUDERA_WARNINGS = {
  "cm-insecure": warningRow({
    message: {
      en: "the certificate of Cloudera Manager is NOT verified (--cm-insecure): anyone on the network path can read the password and change the answers",
      ja: "Cloudera Manager の証明書を検証していません (--cm-insecure)。通信経路上の第三者がパスワードを読み取り、応答を改ざんできます",
    },
  }),
  "cm-redirected": warningRow<{ from: string; to: string }>({
    message: ({ from, to }) => ({
      en: `${from} redirects to ${to}, which is used instead`,
      ja: `${from} は ${to} にリダイレクトします。リダイレクト先を使います`,
    }),
    example: { from: "http://cm.example.com:7180", to: "https://cm.example.com:7183" },
  }),
  "cm-plain-http": warningRow<{ url: string }>({
    message: ({ url }) => ({
      en: `${url} is not encrypted: the password and Hue's configuration can be read on the network`,
      ja: `${url} は暗号化されていません。パスワードと Hue の設定をネットワーク上で読み取られる可能性があります`,
    }),
    example: { url: "http://cm.example.com:7180" },
  }),
  "role-overrides-unread": warningRow<{ impalads: number }>({
    message: ({ impalads }) => ({
      en: `this Cloudera Manager lists the settings of single roles only one by one; for ${impalads} impalads they were not read, so a port that is overridden for one impalad alone is not known`,
      ja: `この Cloudera Manager はロール個別の設定を 1 つずつしか返しません。impalad が ${impalads} 個あるため読み取っておらず、個別に上書きされたポートは把握できません`,
    }),
    example: { impalads: 200 },
  }),
  "kerberos-unknown": warningRow({
    message: {
      en: "Cloudera Manager does not say whether the cluster uses Kerberos; if it does, a balancer works only when its host is set as Impala Daemons Load Balancer",
      ja: "クラスターが Kerberos を使っているかどうか Cloudera Manager から取得できません。使っている場合、ロードバランサーはそのホストが「Impala Daemons Load Balancer」に設定されているときだけ機能します",
    },
  }),
  "impala-tls": warningRow<{ host: string | undefined }>({
    message: ({ host }) => ({
      en: `Impala serves its clients with TLS: every impalad's certificate must also hold the name Hue connects to${host === undefined ? "" : ` (${host})`}, and [impala] [[ssl]] must be enabled in Hue`,
      ja: `Impala はクライアントと TLS で通信します。各 impalad の証明書に Hue の接続先の名前${host === undefined ? "" : ` (${host})`} を含め、Hue の [impala] [[ssl]] を有効にする必要があります`,
    }),
    example: { host: "lb.example.com" },
  }),
  "kerberos-principal-needed": warningRow<{ principal: string }>({
    message: ({ principal }) => ({
      en: `Hue logs in with Kerberos and will ask for a ticket of ${principal}: whoever answers there must have its key (Impala's load balancer principal on every Impalad, or the bundled balancer with --kerberos-keytab); impala_principal does not change the host`,
      ja: `Hue は Kerberos でログインし、${principal} のチケットを要求します。接続先がその鍵を持つ必要があります (全 Impalad に Impala のロードバランサーのプリンシパルを持たせるか、付属のロードバランサーで --kerberos-keytab を指定する)。impala_principal を変えてもホスト名は変わりません`,
    }),
    example: { principal: "impala/lb.example.com" },
  }),
  "impala-ldap": warningRow({
    message: {
      en: "Impala authenticates its clients by LDAP: Hue needs [impala] auth_username and auth_password, and they cross the balancer in clear unless Impala uses TLS",
      ja: "Impala は LDAP でクライアントを認証します。Hue に [impala] auth_username と auth_password が必要で、Impala が TLS を使わない場合は平文でロードバランサーを通過します",
    },
  }),
  "load-balancer-differs": warningRow<{
    settings: readonly { value: string; scope: "group" | "service"; owner: string }[];
  }>({
    message: ({ settings }) => ({
      en: `Cloudera Manager holds different Impala load balancers: ${settings.map(({ value, scope, owner }) => `${value} (${scope} ${owner})`).join(", ")}`,
      ja: `Cloudera Manager に異なる Impala のロードバランサーが設定されています: ${settings.map(({ value, scope, owner }) => `${value} (${scope === "group" ? "グループ" : "サービス"} ${owner})`).join("、")}`,
    }),
    example: {
      settings: [
        { value: "lb1.example.com:21050", scope: "group", owner: "coordinators" },
        { value: "lb2.example.com:21050", scope: "group", owner: "others" },
      ],
    },
  }),
  "load-balancer-set": warningRow<{ values: readonly string[] }>({
    message: ({ values }) => ({
      en: `Cloudera Manager already knows an Impala load balancer: ${values.join(", ")}`,
      ja: `Cloudera Manager には Impala のロードバランサーが既に設定されています: ${values.join("、")}`,
    }),
    example: { values: ["lb.example.com:21050"] },
  }),
  "load-balancer-other": warningRow<{ values: readonly string[] }>({
    message: ({ values }) => ({
      en: `Cloudera Manager already knows an Impala load balancer, ${values.join(", ")}; Hue's own setting overrides it, other clients of Cloudera Manager's configuration stay with it`,
      ja: `Cloudera Manager には Impala のロードバランサー ${values.join("、")} が既に設定されています。Hue では Hue 自身の設定が優先され、Cloudera Manager の設定を使うほかのクライアントはそのままです`,
    }),
    example: { values: ["lb.example.com:21050"] },
  }),
  "hue-without-impala": warningRow<{ service: string }>({
    message: ({ service }) => ({
      en: `Hue's property impala_service is not set, so Hue may hide Impala or miss its security settings; set it to ${service} in Hue's configuration`,
      ja: `Hue のプロパティ impala_service が未設定です。Hue に Impala が表示されない、またはセキュリティ設定が反映されない可能性があります。Hue の設定で ${service} にしてください`,
    }),
    example: { service: "impala" },
  }),
  "conn-timeout-field": warningRow<{ field: string; value: string }>({
    message: ({ field, value }) => ({
      en: `Cloudera Manager's field hs2_conn_timeout of Hue is ${field}, but the safety valve's server_conn_timeout of ${value} wins over it for Impala; set the field to the same, or take the line out of the valve`,
      ja: `Cloudera Manager の Hue のフィールド hs2_conn_timeout は ${field} ですが、Impala では安全バルブの server_conn_timeout = ${value} が優先されます。フィールドを同じ値にするか、安全バルブからその行を削除してください`,
    }),
    example: { field: "7200", value: "3600" },
  }),
  "conn-timeout-field-stays": warningRow<{ field: string; byDefault: string }>({
    message: ({ field, byDefault }) => ({
      en: `Cloudera Manager's field hs2_conn_timeout of Hue is ${field}, which stays: the default of ${byDefault} is no better (--server-conn-timeout sets another in the safety valve)`,
      ja: `Cloudera Manager の Hue のフィールド hs2_conn_timeout = ${field} はそのままにします。既定値の ${byDefault} より劣りません (安全バルブで変更するには --server-conn-timeout)`,
    }),
    example: { field: "7200", byDefault: "3600" },
  }),
  "hue-other-impala": warningRow<{ set: string; service: string }>({
    message: ({ set, service }) => ({
      en: `Hue's property impala_service is ${set}, but the impalads are those of ${service}`,
      ja: `Hue のプロパティ impala_service は ${set} ですが、impalad は ${service} のものです`,
    }),
    example: { set: "impala2", service: "impala" },
  }),
} as const;

export const clouderaWarning = warningsOf(CLOUDERA_WARNINGS);
