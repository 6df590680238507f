import { describe, expect, it } from "vitest";
import { effectiveImpala } from "../../../src/hue/effective.ts";

const of = (...texts: string[]) =>
  effectiveImpala(texts.map((text, index) => ({ path: `${index}.ini`, bytes: Buffer.from(text) }))).transport;

describe("what Hue will speak to Impala", () => {
  it.each([
    ["[impala]\nserver_host=a\n", "thrift"],
    ["[impala]\nauth_username=hue\n", "sasl-plain"],
    ["[impala]\nauth_password=x\n[[ssl]]\nenabled=True\n", "tls"],
    ["[impala]\n[[ssl]]\nenabled=false\n", "thrift"],
    ["[impala]\nuse_thrift_http=on\n", "http"],
    ["[desktop]\n[[kerberos]]\nhue_keytab=/etc/hue.keytab\n", "sasl-gssapi"],
    ["[hadoop]\n[[hdfs_clusters]]\n[[[default]]]\nsecurity_enabled=true\n", "sasl-gssapi"],
    ["[beeswax]\n[[ssl]]\nenabled=true\n", "thrift"],
    ["", "thrift"],
  ])("%j", (text, transport) => {
    expect(of(text)).toBe(transport);
  });

  it("lets a later file win", () => {
    expect(of("[impala]\n[[ssl]]\nenabled=true\n", "[impala]\n[[ssl]]\nenabled=false\n")).toBe("thrift");
    expect(of("[impala]\nuse_thrift_http=1\n", "[desktop]\n")).toBe("http");
  });
});
