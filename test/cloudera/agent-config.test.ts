import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAgentConfig, readAgentConfig } from "../../src/cloudera/client/agent-config.ts";
import { failureOf } from "./support.ts";

const TYPICAL = `[General]
# Hostname of the CM server.
server_host=cm.example.com

# Port that the CM server is listening on.
server_port=7182

[Security]
# Use TLS and certificate validation when connecting to the CM server.
use_tls=1
verify_cert_file=/opt/cloudera/security/ca-certs/ca#1.pem
client_key_file=

[Hadoop]
#cdh_crunch_home=

[Cloudera]
mgmt_home=/usr/share/cmf

[JDBC]
#cloudera_mysql_connector_jar=/usr/share/java/mysql-connector-java.jar
`;

describe("the agent's config.ini", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agent-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("gives the server, TLS and the authority's file", async () => {
    const path = join(folder, "config.ini");
    await writeFile(path, TYPICAL);
    expect(await readAgentConfig(path)).toEqual({
      serverHost: "cm.example.com",
      useTls: true,
      verifyCertFile: "/opt/cloudera/security/ca-certs/ca#1.pem",
    });
  });

  it.each([
    ["nothing set", "[General]\n", { serverHost: "localhost", useTls: false }],
    ["no section at all", "", { serverHost: "localhost", useTls: false }],
    ["colons and capitals", "[General]\nServer_Host: cm2\n", { serverHost: "cm2", useTls: false }],
    [
      "CRLF and a BOM",
      "\ufeff[General]\r\nserver_host = cm3\r\n[Security]\r\nuse_tls=0\r\n",
      { serverHost: "cm3", useTls: false },
    ],
    [
      "a comment after a blank",
      "[General]\nserver_host=cm4 ; the old one\n",
      { serverHost: "cm4", useTls: false },
    ],
    [
      "a continued value is not a key",
      "[General]\nlib_dir=/var/lib\n server_host=wrong\nserver_host=cm5\n",
      { serverHost: "cm5", useTls: false },
    ],
    [
      "a value that begins on the next line",
      "[Security]\nverify_cert_file=\n  /etc/ca.pem\n",
      { serverHost: "localhost", useTls: false, verifyCertFile: "/etc/ca.pem" },
    ],
    [
      "dangerous keys",
      "[__proto__]\nserver_host=evil\n[General]\nserver_host=cm6\n",
      { serverHost: "cm6", useTls: false },
    ],
  ])("%s", async (_, text, wanted) => {
    expect(await parseAgentConfig(text)).toEqual(wanted);
  });

  it("is undefined where there is no agent, and a failure where it cannot be read", async () => {
    expect(await readAgentConfig(join(folder, "none.ini"))).toBeUndefined();
    expect(await readAgentConfig(join(folder, "config.ini", "below"))).toBeUndefined();
    expect(await failureOf(readAgentConfig(folder))).toMatchObject({
      kind: "settings",
      code: "agent-config-unreadable",
    });
  });
});
