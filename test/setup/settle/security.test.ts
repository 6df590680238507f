import { describe, expect, it } from "vitest";
import { advise, type Intention, type SecurityFacts } from "../../../src/cloudera/discovery/advice.ts";
import type { HueSecurity } from "../../../src/hue/effective.ts";
import { type Desired, desire } from "../../../src/setup/desired/desired.ts";
import { askedName, huesPrincipal } from "../../../src/setup/settle/security/keytab-names.ts";
import { isSecured, securityFacts } from "../../../src/setup/survey/security-facts.ts";
import type { Survey } from "../../../src/setup/survey/survey.ts";
import { BARE, decided, discovery } from "../support.ts";

const REALM = "EXAMPLE.COM";
const KERBEROS: HueSecurity = { http: false, login: "kerberos", service: "impala" };
const TLS: HueSecurity = { http: false, login: "none", service: "impala", tls: { validate: true } };
const HERE = { name: "hue1.example.com", address: "10.0.0.7" };
const KEYTAB = {
  path: "/etc/hue/hue.keytab",
  names: [`hue/hue1.example.com@${REALM}`, `HTTP/hue1.example.com@${REALM}`],
};
const TYPED = { hueIni: "/etc/hue/hue.ini", impalads: [{ host: "node1.example.com", port: 21050 }] };

const host = (more: Partial<Survey>): Survey => ({ ...BARE, fullName: HERE, ...more });
const embedded = ({ files }: Desired) => {
  const text = (end: string) =>
    Buffer.from(files.find(({ path }) => path.endsWith(end))?.content ?? "").toString();
  return { listener: JSON.parse(text(".json")).listeners[0], unit: text("balancer.service") };
};

describe("what is advised where only Hue's files are known", () => {
  const kerberos: SecurityFacts = securityFacts(undefined, KERBEROS);
  const tls: SecurityFacts = securityFacts(undefined, TLS);
  const lax = securityFacts(undefined, { ...TLS, tls: { validate: false } });

  it.each<[string, SecurityFacts, Intention, string[], string[]]>([
    [
      "an address, Kerberos",
      kerberos,
      { serverHost: "10.0.0.9", hostGiven: true },
      [],
      ["kerberos-needs-host-name"],
    ],
    [
      "localhost, Kerberos, though the balancer takes part",
      kerberos,
      { serverHost: "localhost", kerberosEnd: true },
      [],
      ["kerberos-needs-host-name"],
    ],
    [
      "a given name, Kerberos",
      kerberos,
      { serverHost: "lb.example.com", hostGiven: true },
      ["kerberos-principal-needed"],
      [],
    ],
    [
      "this host's name without means, Kerberos",
      kerberos,
      { serverHost: "hue1.example.com", hostGiven: false },
      [],
      ["kerberos-without-keytab"],
    ],
    [
      "this host's name with a keytab",
      kerberos,
      { serverHost: "hue1.example.com", kerberosEnd: true },
      [],
      [],
    ],
    ["an address, TLS", tls, { serverHost: "::1", hostGiven: true }, [], ["tls-needs-host-name"]],
    ["LOCALHOST, TLS", tls, { serverHost: "LOCALHOST" }, [], ["tls-needs-host-name"]],
    ["a given name, TLS", tls, { serverHost: "lb.example.com", hostGiven: true }, ["impala-tls"], []],
    [
      "this host's name without means, TLS",
      tls,
      { serverHost: "hue1.example.com", hostGiven: false },
      [],
      ["tls-without-certificate"],
    ],
    ["this host's name with a certificate", tls, { serverHost: "hue1.example.com", tlsEnd: true }, [], []],
    [
      "an address, Hue does not validate",
      lax,
      { serverHost: "10.0.0.9", hostGiven: false },
      ["impala-tls"],
      [],
    ],
    [
      "no security",
      securityFacts(undefined, { ...TLS, tls: undefined } as never),
      { serverHost: "127.0.0.1" },
      [],
      [],
    ],
  ])("%s", (_, facts, intention, warnings, refusals) => {
    const advice = advise(facts, "", intention);
    expect(advice.warnings.map(({ code }) => code)).toEqual(warnings);
    expect(advice.refusals.map(({ code }) => code)).toEqual(refusals);
  });
});

describe("Cloudera Manager and Hue's files together", () => {
  const cluster = { kerberos: true, impalaTls: true, ldap: true, loadBalancers: [] };
  it("a password in Hue's files means that Hue asks for no ticket", () => {
    expect(securityFacts(cluster, { ...KERBEROS, login: "plain" }).kerberos).toBe(false);
    expect(securityFacts({ ...cluster, kerberos: null }, { ...KERBEROS, login: "plain" }).kerberos).toBe(
      null,
    );
  });
  it("either tells of Kerberos and of TLS", () => {
    expect(securityFacts(cluster, { ...TLS, login: "none" })).toMatchObject({
      kerberos: true,
      impalaTls: true,
    });
    expect(securityFacts({ ...cluster, kerberos: false, impalaTls: false }, KERBEROS).kerberos).toBe(true);
    expect(securityFacts({ ...cluster, impalaTls: false }, TLS)).toMatchObject({
      impalaTls: true,
      hueValidates: true,
    });
  });
  it("names are needed for tickets and for certificates that are verified", () => {
    expect(isSecured(securityFacts(undefined, KERBEROS))).toBe(true);
    expect(isSecured(securityFacts(undefined, TLS))).toBe(true);
    expect(isSecured(securityFacts(undefined, { ...TLS, tls: { validate: false } }))).toBe(false);
    expect(isSecured(securityFacts(undefined, undefined))).toBe(false);
  });
});

describe("a keytab's names", () => {
  it("Hue logs in as its files say, else as it is called here, else by the only name there is", () => {
    const names = [`hue/a@${REALM}`, `hue/hue1.example.com@${REALM}`, `impala/a@${REALM}`];
    const hue = { ...KERBEROS, principal: "hue/a" };
    expect(huesPrincipal(names, host({ hue }))).toBe(`hue/a@${REALM}`);
    expect(huesPrincipal(names, host({ hue: { ...hue, principal: `hue/a@${REALM}` } }))).toBe(
      `hue/a@${REALM}`,
    );
    expect(huesPrincipal(names, host({ hue: KERBEROS }))).toBe(`hue/hue1.example.com@${REALM}`);
    expect(huesPrincipal([`hue/b@${REALM}`], host({}))).toBe(`hue/b@${REALM}`);
    expect(huesPrincipal([`hue/b@${REALM}`, `hue/c@${REALM}`], host({}))).toBeUndefined();
  });
  it("impala_principal stays where the keytab opens what Hue asks for", () => {
    expect(askedName([`impala/h.x@${REALM}`, `hue/h.x@${REALM}`], "impala", "h.x")).toBeUndefined();
    expect(askedName([`hue/H.x@${REALM}`], "impala", "h.x")).toBe(`hue/H.x@${REALM}`);
    expect(askedName([`hue/other@${REALM}`], "impala", "h.x")).toBeUndefined();
  });
});

describe("a set-up beside a Hue with Kerberos", () => {
  it("gives Hue this host's name and a name of the keytab, and the balancer its means", () => {
    const desired = desire(decided(TYPED, host({ hue: KERBEROS, keytab: KEYTAB })));
    expect(desired.settings).toMatchObject({
      serverHost: HERE.name,
      impalaPrincipal: `hue/${HERE.name}@${REALM}`,
    });
    const { listener, unit } = embedded(desired);
    expect(listener).toMatchObject({
      bind: `${HERE.address}:10001`,
      balance: "session",
      kerberos: {
        keytab: "/run/credentials/hue-impala-setup-balancer.service/keytab",
        principal: `hue/${HERE.name}@${REALM}`,
        service: "impala",
        clients: [],
      },
    });
    expect(unit).toContain("LoadCredential=keytab:/etc/hue/hue.keytab\n");
    expect(desired.warnings.map(({ code }) => code)).toEqual([]);
  });

  it("names the keytab itself where no systemd starts the balancer", () => {
    const { listener, unit } = embedded(
      desire(decided({ ...TYPED, unitDir: "/tmp/units" }, host({ hue: KERBEROS, keytab: KEYTAB }))),
    );
    expect(listener.kerberos.keytab).toBe(KEYTAB.path);
    expect(unit).not.toContain("LoadCredential");
  });

  it("leaves impala_principal to a Hue that asks for what the keytab opens", () => {
    const keytab = { ...KEYTAB, names: [...KEYTAB.names, `impala/${HERE.name}@${REALM}`] };
    const { settings } = desire(decided(TYPED, host({ hue: KERBEROS, keytab })));
    expect(settings.impalaPrincipal).toBeUndefined();
  });

  it("is the same with Cloudera Manager, without Impala's load balancer", () => {
    const survey = host({ discovery: discovery({ kerberos: true }), keytab: KEYTAB });
    const values = { target: "cloudera-manager", cmUrl: "cm.example.com" } as const;
    const { settings } = desire(decided(values, survey));
    expect(settings.impalaPrincipal).toBe(`hue/${HERE.name}@${REALM}`);
    expect(() => desire(decided(values, { ...survey, keytab: undefined } as never))).toThrow(
      expect.objectContaining({ code: "kerberos-without-proxy-principal" }),
    );
  });

  it("is refused without means, and with a keytab of another host", () => {
    expect(() => desire(decided(TYPED, host({ hue: KERBEROS })))).toThrow(
      expect.objectContaining({ code: "kerberos-without-keytab", kind: "settings" }),
    );
    const names = [`hue/other.example.com@${REALM}`];
    expect(() => decided(TYPED, host({ hue: KERBEROS, keytab: { ...KEYTAB, names } }))).toThrow(
      expect.objectContaining({ code: "keytab-not-for-host" }),
    );
    expect(() => decided({ ...TYPED, kerberosKeytab: "/k" }, host({ hue: KERBEROS }))).toThrow(
      expect.objectContaining({ code: "keytab-and-principal" }),
    );
  });

  it("says that the name leads where the balancer does not listen", () => {
    const typed = { ...TYPED, listen: { host: "127.0.0.1", port: 10001 } };
    const { warnings } = desire(decided(typed, host({ hue: KERBEROS, keytab: KEYTAB })));
    expect(warnings.map(({ code }) => code)).toEqual(["name-leads-elsewhere"]);
  });

  it("HAProxy takes no part in Kerberos: the Impalads must have its principal", () => {
    const typed = { ...TYPED, balancer: "haproxy", serverHost: HERE.name } as const;
    const { warnings } = desire(decided(typed, host({ hue: KERBEROS, keytab: KEYTAB })));
    expect(warnings.map(({ code }) => code)).toEqual(["kerberos-principal-needed"]);
  });
});
