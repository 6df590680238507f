import type { Text } from "../../domain/text.ts";
import type { CommandRow } from "../parse/command-table.ts";

/** A command line as typed, and what it is for. */
export interface Example {
  readonly line: string;
  readonly note: Text;
}

const CM = "--cm-url https://cm.example.com:7183 --cm-user admin --cm-password-file cm.pw";
const PAIR = "--interface eth0 --virtual-ip 192.0.2.10/24 --router-id 51";

/** Three examples of every command, by its words. A test parses each line against the command table. */
const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  "": [
    { line: "hue-impala-setup", note: { en: "the wizard, on a terminal", ja: "端末で対話的に設定する" } },
    {
      line: `hue-impala-setup --non-interactive --dry-run ${CM}`,
      note: { en: "show what would change, change nothing", ja: "変更内容を示すだけで、何も変更しない" },
    },
    {
      line: "hue-impala-setup --non-interactive --hue-ini /etc/hue/hue.ini --balancer external --server-host lb.example.com --server-port 10001",
      note: {
        en: "point a hue.ini at a balancer that exists already",
        ja: "既にあるロードバランサーを hue.ini に設定する",
      },
    },
  ],
  discover: [
    { line: `hue-impala-setup discover ${CM}`, note: { en: "as a table", ja: "表で" } },
    { line: `hue-impala-setup discover --json ${CM}`, note: { en: "for scripts", ja: "スクリプト向けに" } },
    {
      line: `hue-impala-setup discover --cluster "Cluster 1" --impala-service impala ${CM}`,
      note: { en: "of one cluster among several", ja: "複数のクラスターから 1 つを選んで" },
    },
  ],
  "balancer run": [
    {
      line: "hue-impala-setup balancer run --spec /etc/hue-impala-setup/balancer.json",
      note: { en: "as the systemd unit does", ja: "systemd ユニットと同じように" },
    },
    {
      line: "hue-impala-setup balancer run --listen 127.0.0.1:10001 --impalad server1.example.com --impalad server2.example.com",
      note: { en: "without a specification", ja: "仕様ファイルなしで" },
    },
    {
      line: "hue-impala-setup balancer run --listen 0.0.0.0:10001 --impalad server1.example.com:21050 --balance leastconn --allow 10.0.0.0/8",
      note: { en: "least connections, one network only", ja: "最少接続、1 つのネットワークからだけ" },
    },
  ],
  "balancer check": [
    {
      line: "hue-impala-setup balancer check",
      note: { en: "the specification in its usual place", ja: "既定の場所の仕様ファイル" },
    },
    {
      line: "hue-impala-setup balancer check --spec new.json",
      note: { en: "before it is put in place", ja: "配置する前に" },
    },
    {
      line: "hue-impala-setup balancer check --spec new.json --json",
      note: { en: "for scripts", ja: "スクリプト向けに" },
    },
  ],
  "balancer status": [
    { line: "hue-impala-setup balancer status", note: { en: "as a table", ja: "表で" } },
    { line: "hue-impala-setup balancer status --json", note: { en: "for scripts", ja: "スクリプト向けに" } },
    {
      line: "hue-impala-setup balancer status --socket /run/hue-impala-setup/balancer.sock",
      note: { en: "of the balancer behind this socket", ja: "このソケットのロードバランサー" },
    },
  ],
  "balancer drain": [
    {
      line: "hue-impala-setup balancer drain impala1",
      note: { en: "no new sessions for impala1", ja: "impala1 に新しいセッションを割り当てない" },
    },
    {
      line: "hue-impala-setup balancer drain impala1 --wait",
      note: { en: "and return when the last one has ended", ja: "最後のセッションが終わるまで待つ" },
    },
    {
      line: "hue-impala-setup balancer drain impala1 --json",
      note: { en: "for scripts", ja: "スクリプト向けに" },
    },
  ],
  "balancer ready": [
    {
      line: "hue-impala-setup balancer ready impala1",
      note: { en: "impala1 takes work again", ja: "impala1 に再び割り当てる" },
    },
    {
      line: "hue-impala-setup balancer ready impala1 --json",
      note: { en: "for scripts", ja: "スクリプト向けに" },
    },
    {
      line: "hue-impala-setup balancer ready impala1 --socket /run/hue-impala-setup/balancer.sock",
      note: { en: "of the balancer behind this socket", ja: "このソケットのロードバランサー" },
    },
  ],
  "balancer reload": [
    {
      line: "hue-impala-setup balancer reload",
      note: { en: "after the specification was changed", ja: "仕様ファイルを変更した後に" },
    },
    {
      line: "hue-impala-setup balancer reload --spec /etc/hue-impala-setup/balancer.json",
      note: { en: "the balancer of this specification", ja: "この仕様のロードバランサー" },
    },
    { line: "hue-impala-setup balancer reload --json", note: { en: "for scripts", ja: "スクリプト向けに" } },
  ],
  "haproxy print": [
    {
      line: `hue-impala-setup haproxy print ${CM}`,
      note: { en: "for the Impalads that Cloudera Manager names", ja: "Cloudera Manager の知る Impalad で" },
    },
    {
      line: "hue-impala-setup haproxy print --impalad server1.example.com --impalad server2.example.com",
      note: { en: "for named Impalads", ja: "Impalad を指定して" },
    },
    {
      line: "hue-impala-setup haproxy print --spec balancer.json",
      note: { en: "from a specification", ja: "仕様ファイルから" },
    },
  ],
  "haproxy check": [
    {
      line: "hue-impala-setup haproxy check",
      note: { en: "the file in its usual place", ja: "既定の場所のファイル" },
    },
    {
      line: "hue-impala-setup haproxy check --haproxy-config /tmp/new.conf",
      note: { en: "before it is put in place", ja: "配置する前に" },
    },
    { line: "hue-impala-setup haproxy check --json", note: { en: "for scripts", ja: "スクリプト向けに" } },
  ],
  "keepalived print": [
    {
      line: `hue-impala-setup keepalived print ${PAIR} --own-ip 192.0.2.11 --peer-ip 192.0.2.12 --preferred`,
      note: { en: "on the first host", ja: "1 台目で" },
    },
    {
      line: `hue-impala-setup keepalived print ${PAIR} --own-ip 192.0.2.12 --peer-ip 192.0.2.11`,
      note: { en: "on the second host", ja: "2 台目で" },
    },
    {
      line: `hue-impala-setup keepalived print ${PAIR} --own-ip 192.0.2.12 --peer-ip 192.0.2.11 > /etc/keepalived/keepalived.conf`,
      note: { en: "to where keepalived reads it", ja: "keepalived が読む場所へ" },
    },
  ],
  doctor: [
    {
      line: "hue-impala-setup doctor",
      note: { en: "this host's hue.ini and balancer", ja: "このホストの hue.ini とロードバランサー" },
    },
    {
      line: `hue-impala-setup doctor ${CM}`,
      note: { en: "a Hue under Cloudera Manager", ja: "Cloudera Manager の管理する Hue" },
    },
    { line: "hue-impala-setup doctor --json", note: { en: "for monitoring", ja: "監視向けに" } },
  ],
  undo: [
    {
      line: "hue-impala-setup undo",
      note: { en: "show what would be reversed, then ask", ja: "元に戻す内容を示して確認する" },
    },
    {
      line: "hue-impala-setup undo --dry-run",
      note: { en: "show it, change nothing", ja: "示すだけで、何も変更しない" },
    },
    {
      line: "hue-impala-setup undo --non-interactive --json",
      note: { en: "for scripts", ja: "スクリプト向けに" },
    },
  ],
  sync: [
    {
      line: "hue-impala-setup sync --answers /etc/hue-impala-setup/answers.yaml",
      note: { en: "from a timer", ja: "タイマーから" },
    },
    {
      line: "hue-impala-setup sync --check --answers /etc/hue-impala-setup/answers.yaml",
      note: { en: "exit 2 if the members are out of date", ja: "メンバーが古ければ終了コード 2" },
    },
    {
      line: "hue-impala-setup sync --dry-run --answers /etc/hue-impala-setup/answers.yaml",
      note: { en: "show the difference", ja: "差分を示す" },
    },
  ],
  "config show": [
    {
      line: "hue-impala-setup config show",
      note: { en: "what is set, and where", ja: "何がどこで設定されているか" },
    },
    {
      line: "hue-impala-setup config show --answers answers.yaml",
      note: { en: "with an answers file", ja: "回答ファイルを含めて" },
    },
    { line: "hue-impala-setup config show --json", note: { en: "for scripts", ja: "スクリプト向けに" } },
  ],
  completion: [
    {
      line: "source <(hue-impala-setup completion bash)",
      note: { en: "bash, this shell only", ja: "bash、このシェルだけ" },
    },
    {
      line: "hue-impala-setup completion bash > /etc/bash_completion.d/hue-impala-setup",
      note: { en: "bash, everyone on this host", ja: "bash、このホストの全員" },
    },
    {
      line: "hue-impala-setup completion zsh > /usr/local/share/zsh/site-functions/_hue-impala-setup",
      note: { en: "zsh, everyone on this host", ja: "zsh、このホストの全員" },
    },
  ],
};

/** The examples of a command; a command without any is a mistake that a test finds. */
export function examplesOf(command: CommandRow): readonly Example[] {
  return EXAMPLES[command.words.join(" ")] ?? [];
}
