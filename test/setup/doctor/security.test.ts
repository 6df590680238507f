import { describe, expect, it } from "vitest";
import { effectiveImpala, effectiveSecurity } from "../../../src/hue/effective.ts";
import { examineSecurity } from "../../../src/setup/doctor/security.ts";
import { examineTransport } from "../../../src/setup/doctor/transport.ts";
import { pretendWorld } from "../pretend-world.ts";
import { spec } from "../support.ts";

const KERBEROS = "[desktop]\n[[kerberos]]\nhue_keytab=/k\n[impala]\nserver_host=";
const TLS = "[impala]\n[[ssl]]\nenabled=true\n";
const kerberos = { keytab: "/k", principal: "hue/hue1.example.com@EXAMPLE.COM" };
const [END] = spec({ kerberos }).listeners;

async function findings(text: string, names: object, listener = undefined as typeof END) {
  const files = [{ path: "hue.ini", bytes: Buffer.from(text) }];
  const world = pretendWorld({});
  const network = { ...world.network, bothWays: async () => names };
  const found = await examineSecurity(effectiveSecurity(files), effectiveImpala(files), listener, {
    network,
  });
  return found.map(({ check, status }) => `${check} ${status}`);
}

describe("the doctor looks at names that tickets and certificates are made for", () => {
  const fine = { address: "10.0.0.7", reverse: "HUE1.example.com" };
  it.each<[string, string, object, typeof END, string[]]>([
    ["nothing secured", "[impala]\nserver_host=10.0.0.7\n", fine, undefined, []],
    ["an address, Kerberos", `${KERBEROS}10.0.0.7\n`, fine, END, ["kerberos-needs-host-name problem"]],
    ["nothing set, TLS", TLS, fine, undefined, ["tls-needs-host-name problem"]],
    ["a name, the balancer takes part", `${KERBEROS}hue1.example.com\n`, fine, END, ["server-host-name ok"]],
    [
      "a name without a keytab",
      `${KERBEROS}hue1.example.com\n`,
      fine,
      undefined,
      ["kerberos-principal-needed warning", "server-host-name ok"],
    ],
    ["a name that does not resolve", `${KERBEROS}hue1.example.com\n`, {}, END, ["server-host-name problem"]],
    [
      "no way back",
      `${KERBEROS}hue1.example.com\n`,
      { address: "10.0.0.7" },
      END,
      ["server-host-name warning"],
    ],
    [
      "another way back",
      `${KERBEROS}hue1.example.com\n`,
      { ...fine, reverse: "n7" },
      END,
      ["server-host-name warning"],
    ],
  ])("%s", async (_, text, names, listener, expected) => {
    expect(await findings(text, names, listener)).toEqual(expected);
  });

  it("Kerberos is routed by session where the balancer has Hue's keytab", () => {
    expect(examineTransport("sasl-gssapi", true).status).toBe("ok");
    expect(examineTransport("sasl-gssapi", false)).toMatchObject({
      status: "warning",
      remedy: expect.stringContaining("--kerberos-keytab"),
    });
  });
});
