import { describe, expect, it } from "vitest";
import { effectiveImpala, effectiveSecurity, type HueSecurity } from "../../../src/hue/effective.ts";

const files = (texts: readonly string[]) =>
  texts.map((text, index) => ({ path: `${index}.ini`, bytes: Buffer.from(text) }));
const security = (...texts: string[]) => effectiveSecurity(files(texts));
const transport = (...texts: string[]) => effectiveImpala(files(texts)).transport;

const yarn = (...clusters: string[]) => `[hadoop]\n[[yarn_clusters]]\n${clusters.join("")}`;
const cluster = (name: string, ...keys: string[]) => `[[[${name}]]]\n${keys.join("\n")}\n`;
const KEYTAB = "[desktop]\n[[kerberos]]\nhue_keytab=/etc/hue/hue.keytab\n";

describe("how Hue logs in to Impala", () => {
  it.each<[string, string, HueSecurity["login"]]>([
    [
      "the cluster that jobs go to has Kerberos",
      yarn(cluster("default", "security_enabled=true", "submit_to=True")),
      "kerberos",
    ],
    [
      "a cluster with Kerberos that no job goes to",
      yarn(cluster("default", "security_enabled=true")),
      "none",
    ],
    [
      "the second of two clusters takes the jobs",
      yarn(cluster("a", "security_enabled=true"), cluster("b", "security_enabled=1", "submit_to=on")),
      "kerberos",
    ],
    [
      "the first with submit_to decides",
      yarn(
        cluster("a", "security_enabled=false", "submit_to=true"),
        cluster("b", "security_enabled=true", "submit_to=true"),
      ),
      "none",
    ],
    [
      "MapReduce 1",
      "[hadoop]\n[[mapred_clusters]]\n[[[default]]]\nsubmit_to=true\nsecurity_enabled=true\n",
      "kerberos",
    ],
    [
      "YARN before MapReduce 1",
      `${yarn(cluster("default", "submit_to=true", "security_enabled=false"))}[[mapred_clusters]]\n[[[default]]]\nsubmit_to=true\nsecurity_enabled=true\n`,
      "none",
    ],
    [
      "the cluster that jobs go to says no, whatever Hue's keytab",
      KEYTAB + yarn(cluster("default", "submit_to=true", "security_enabled=false")),
      "none",
    ],
    [
      "the template's YARN cluster says nothing, Hue has a keytab",
      KEYTAB + yarn(cluster("default", "submit_to=True")),
      "kerberos",
    ],
    ["HDFS of any name", "[hadoop]\n[[hdfs_clusters]]\n[[[ns1]]]\nsecurity_enabled=true\n", "kerberos"],
    ["a password of [desktop]", "[desktop]\nauth_username=svc\nauth_password=x\n", "plain"],
    ["a user of [desktop] without a password", "[desktop]\nauth_username=svc\n", "none"],
    ["a script of [desktop]", "[desktop]\nauth_password_script=/bin/pass\n", "plain"],
    ["a script of [impala]", "[impala]\nauth_password_script=/bin/pass\n", "plain"],
    ["the older names of [desktop]", "[desktop]\nldap_password=x\n", "plain"],
    ["an empty password", "[desktop]\nauth_password=\n[impala]\nauth_password=\n", "none"],
    [
      "a password on a Kerberos cluster",
      `[desktop]\nauth_password=x\n[[kerberos]]\nhue_keytab=/k\n`,
      "plain",
    ],
    [
      "use_sasl without a password",
      "[impala]\nimpala_principal=impala/lb.example.org@EXAMPLE.ORG\nuse_sasl=true\n",
      "kerberos",
    ],
    ["use_sasl with a password", "[impala]\nuse_sasl=true\nauth_password=x\n", "plain"],
    ["use_sasl switched off", `${KEYTAB}[impala]\nuse_sasl=false\n`, "none"],
    ["use_sasl switched off with a password", "[impala]\nuse_sasl=false\nauth_password=x\n", "none"],
    ["nothing", "", "none"],
  ])("%s", (_, text, login) => {
    expect(security(text).login).toBe(login);
  });

  it("reads clusters, too, that a later file adds or changes", () => {
    const later = yarn(cluster("default", "security_enabled=true"));
    expect(transport(yarn(cluster("default", "submit_to=true")), later)).toBe("sasl-gssapi");
  });

  it("knows Hue's keytab and principal, and the service of the name that it asks a ticket for", () => {
    const text = `${KEYTAB}hue_principal=hue/edge.example.org@EXAMPLE.ORG\n[impala]\nimpala_principal=imp/x@R\n`;
    expect(security(text)).toMatchObject({
      keytab: "/etc/hue/hue.keytab",
      principal: "hue/edge.example.org@EXAMPLE.ORG",
      service: "imp",
    });
    expect(security("[impala]\nimpala_principal=/x\n").service).toBe("impala");
  });
});

describe("TLS of Hue to Impala", () => {
  it.each<[string, string, HueSecurity["tls"]]>([
    ["off", "[desktop]\nssl_cacerts=/ca.pem\n[impala]\n[[ssl]]\nenabled=false\n", undefined],
    [
      "of the sub-section",
      "[desktop]\nssl_cacerts=/a\nssl_validate=true\n[impala]\n[[ssl]]\nenabled=1\ncacerts=/b\nvalidate=no\n",
      { caFile: "/b", validate: false },
    ],
    [
      "inherited from [desktop]",
      "[desktop]\nssl_cacerts=/a\nssl_validate=false\n[impala]\n[[ssl]]\nenabled=true\n",
      { caFile: "/a", validate: false },
    ],
    ["Hue validates unless it is told not to", "[impala]\n[[ssl]]\nenabled=true\n", { validate: true }],
    ["over HTTP", "[impala]\nuse_thrift_http=true\n[[ssl]]\nenabled=true\n", { validate: true }],
  ])("%s", (_, text, tls) => {
    expect(security(text).tls).toEqual(tls);
    expect(transport(text) === "tls").toBe(tls !== undefined);
  });
});
