import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REALM, Realm } from "../../../fixtures/kerberos/realm.ts";
import { checkSpec } from "../../../src/balancer/daemon/preflight.ts";
import { errorOf } from "../../../src/balancer/gssapi/status.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { missing, title } from "../../support/needs.ts";
import { KERBEROS_NEEDS } from "./support/cluster.ts";

/** What MIT's library calls an error. */
function libraryWords(code: number): string {
  const koffi = createRequire(import.meta.url)(`@koromix/koffi-linux-${process.arch}`);
  const library = koffi.load("libkrb5.so.3");
  const context: unknown[] = [null];
  library.func("krb5_init_context", "int", [koffi.out("void **")])(context);
  return library.func("krb5_get_error_message", "const char *", ["void *", "int32_t"])(context[0], code | 0);
}

describe.skipIf(missing(...KERBEROS_NEEDS))(title("balancer check with Kerberos", ...KERBEROS_NEEDS), () => {
  let realm: Realm;
  let keytab = "";

  beforeAll(async () => {
    realm = await Realm.start({ principals: ["hue/localhost", "changed", "gone", "expired", "locked"] });
    Object.assign(process.env, realm.env);
    keytab = realm.keytab(["hue/localhost", "changed", "gone", "expired", "locked"]);
    realm.admin([
      "cpw -randkey changed",
      "delprinc -force gone",
      "modprinc -expire yesterday expired",
      "modprinc -allow_tix locked",
    ]);
  });
  afterAll(() => realm.close());

  async function check(kerberos: { keytab?: string; principal?: string }, host = "impala1.example.com") {
    const spec = parseSpec({
      version: 1,
      listeners: [
        {
          name: "impala",
          bind: "127.0.0.1:0",
          kerberos: { keytab, principal: `hue/localhost@${REALM}`, ...kerberos },
          backends: [{ name: "impala1", address: `${host}:21050` }],
        },
      ],
    });
    const { faults, warnings } = await checkSpec(spec, { lookup: () => Promise.resolve("127.0.0.1") });
    return [...faults, ...warnings].map(({ code, message }) => ({ code, message }));
  }

  test("a keytab whose principal gets a ticket is right", async () => {
    expect(await check({})).toEqual([]);
  });

  test("each fault of the keytab is told", async () => {
    const path = join(realm.folder, "no.keytab");
    expect(await check({ keytab: path })).toMatchObject([{ code: "keytab-missing" }]);
    writeFileSync(path, "not a keytab");
    expect(await check({ keytab: path })).toMatchObject([
      { code: "keytab-bad", message: expect.stringContaining("it is not a keytab") },
    ]);
    expect(await check({ keytab: realm.folder })).toMatchObject([{ code: "is-folder" }]);
    expect(await check({ principal: "hue/localhost@OTHER.COM" })).toMatchObject([
      { code: "keytab-principal", message: expect.stringContaining(`which has hue/localhost@${REALM}`) },
    ]);
  });

  test.each([
    ["changed", "the key in the keytab is not the principal's present key"],
    ["gone", "the KDC does not know this principal"],
    ["expired", "has expired or is locked"],
    ["locked", "has expired or is locked"],
  ])("the KDC's refusal of a principal that is %s is told with the reason", async (name, reason) => {
    expect(await check({ principal: `${name}@${REALM}` })).toMatchObject([
      { code: "kerberos-ticket", message: expect.stringContaining(reason) },
    ]);
  });

  test("a backend that is given by its address has no principal", async () => {
    expect(await check({}, "127.0.0.1")).toMatchObject([{ code: "kerberos-address" }]);
  });

  test("a KDC that does not answer is a warning: it may answer later", async () => {
    await realm.stopKdc();
    expect(await check({ principal: `locked@${REALM}` })).toMatchObject([{ code: "kerberos-no-kdc" }]);
    await realm.startKdc();
  });

  // The numbers of krb5_err, read back in the words of the library that this host has.
  test.each([
    [6, "unknown-client", /client .*not found/i],
    [7, "unknown-service", /server .*not found/i],
    [14, "encryption", /encryption type/i],
    [18, "account-expired", /credentials have been revoked/i],
    [23, "account-expired", /password has expired/i],
    [24, "wrong-key", /preauthentication failed/i],
    [31, "other-principal", /integrity check failed/i],
    [32, "ticket-expired", /ticket expired/i],
    [34, "replay", /replay/i],
    [35, "other-principal", /isn't for us/i],
    [36, "other-principal", /don't match/i],
    [37, "skew", /clock skew/i],
    [41, "other-principal", /modified/i],
    [44, "key-version", /key version/i],
    [45, "other-principal", /service key not available/i],
    [68, "wrong-realm", /realm/i],
    [154, "no-kdc", /find KDC/i],
    [156, "no-kdc", /contact any KDC/i],
    [181, "other-principal", /key table entry not found/i],
    [230, "key-version", /key version/i],
  ])("code %i of the library is %s", (code, fault, words) => {
    const minor = 2_529_638_912 + code;
    expect(errorOf(13 << 16, minor).fault).toBe(fault);
    expect(libraryWords(minor)).toMatch(words);
  });
});
