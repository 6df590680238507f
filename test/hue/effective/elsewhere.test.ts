import { describe, expect, test } from "vitest";
import { defaultDescription } from "../../../fixtures/cloudera-manager/index.ts";
import { discover } from "../../../src/cloudera/discovery/discovery.ts";
import { effectiveImpala } from "../../../src/hue/effective.ts";
import { desire } from "../../../src/setup/desired/desired.ts";
import { examineCluster } from "../../../src/setup/doctor/cluster.ts";
import { examineSettings } from "../../../src/setup/doctor/settings.ts";
import { planHueIni } from "../../../src/setup/plan/hue-ini.ts";
import { planValves } from "../../../src/setup/plan/valves.ts";
import { onStage } from "../../cloudera/support.ts";
import { BARE, decided, discovery, LOGIN, typed } from "../../setup/support.ts";

const EXTERNAL = { balancer: "external", serverHost: "lb", serverPort: 10001 } as const;
const SQLALCHEMY =
  "[notebook]\n[[interpreters]]\n[[[impala]]]\nname=Impala\ninterface=sqlalchemy\n[impala]\n";
const NOT_LISTED =
  "[notebook]\n[[interpreters]]\n[[[hive]]]\ninterface=hiveserver2\n#[[[impala]]]\n[impala]\n";

/** What stands in hue.ini, the code that it leads to, and the line that is named. */
const CASES: readonly (readonly [string, string, number])[] = [
  ["[desktop]\napp_blacklist=search,indexer,impala,oozie\n[impala]\n", "impala-blacklisted", 2],
  ["[desktop]\napp_blacklist=impala\n[impala]\n", "impala-blacklisted", 2],
  ['[desktop]\nx=1\napp_blacklist="pig, impala"\n[impala]\n', "impala-blacklisted", 3],
  [SQLALCHEMY, "interpreter-bypasses", 5],
  [SQLALCHEMY.replace("sqlalchemy", "jdbc"), "interpreter-bypasses", 5],
  [
    "[notebook]\n[[interpreters]]\n[[[etl]]]\ndialect=impala\ninterface=sqlalchemy\n[impala]\n",
    "interpreter-bypasses",
    5,
  ],
  [NOT_LISTED, "interpreters-without-impala", 2],
  ["[impala]\n[notebook]\n[[interpreters]]\n[[[mysql]]]\n[[[pig]]]\n", "interpreters-without-impala", 3],
  ["[notebook]\n[[interpreters]]\n[[[impala]]]\ndialect=hive\n[impala]\n", "interpreters-without-impala", 2],
  ["[impala]\ncoordinator_url=http://node7:25000\n", "coordinator-url", 2],
  ["[impala]\nuse_thrift_http=true\nproxy_endpoint=/gateway/impala\n", "proxy-endpoint", 3],
  ["[impala]\nproxy_endpoint=/x\nuse_thrift_http=1\n", "proxy-endpoint", 2],
];

/** The same settings where they do no harm. */
const HARMLESS = [
  "[desktop]\napp_blacklist=impalad,search\n",
  "[desktop]\n# app_blacklist=impala\n",
  "[notebook]\n[[interpreters]]\n",
  "[notebook]\n[[interpreters]]\n[[[impala]]]\nname=Impala\ninterface=hiveserver2\n[[[hive]]]\ninterface=sqlalchemy\n",
  "[notebook]\n[[interpreters]]\n[[[impala]]]\n",
  "[notebook]\n[[interpreters]]\n[[[etl]]]\ndialect=impala\ninterface=hiveserver2\n",
  "[impala]\ncoordinator_url=\nproxy_endpoint=/x\n",
];

const file = (text: string, path = "hue.ini") => ({ path, bytes: Buffer.from(text) });

describe("settings elsewhere that make the edit moot", () => {
  test.each(CASES)("%j: the doctor warns", (text, code, line) => {
    const found = examineSettings(effectiveImpala([file(text)])).filter(({ check }) => check === code);
    expect(found.map(({ status }) => status)).toEqual(["warning"]);
    expect(found[0]?.message).toContain(`hue.ini:${line}: `);
    expect(found[0]?.text.ja).toContain(`hue.ini:${line}: `);
  });

  test.each(CASES)("%j: set-up warns, and edits all the same", (text, code, line) => {
    const { settings, byDefault, target } = decided({ hueIni: "hue.ini", ...EXTERNAL });
    if (target.kind !== "hue-ini") throw new Error("no hue.ini");
    const { changes, warnings } = planHueIni(settings, byDefault, {
      kind: "hue-ini",
      target,
      content: Buffer.from(text),
      confFiles: [file(text)],
      oldHue: [],
      managedSigns: [],
    });
    expect(changes).toHaveLength(1);
    const found = warnings.filter((warning) => warning.code === code);
    expect(found).toHaveLength(1);
    // The edit may add lines above.
    expect(found[0]?.message).toMatch(
      new RegExp(`hue\\.ini:(${[0, 1, 2, 3].map((n) => line + n).join("|")}): `),
    );
  });

  test.each(HARMLESS)("%j is nothing to speak of", (text) => {
    expect(effectiveImpala([file(text)]).warnings).toEqual([]);
  });

  test("what a later file says counts", () => {
    const codes = (...texts: string[]) =>
      effectiveImpala(texts.map((text, at) => file(text, `${at}.ini`))).warnings.map(({ code }) => code);
    expect(codes("[desktop]\napp_blacklist=impala\n", "[desktop]\napp_blacklist=pig\n")).toEqual([]);
    expect(codes(NOT_LISTED, "[notebook]\n[[interpreters]]\n[[[impala]]]\n")).toEqual([]);
    expect(codes(SQLALCHEMY, "[notebook]\n[[interpreters]]\n[[[impala]]]\ninterface=hiveserver2\n")).toEqual(
      [],
    );
  });

  test("in a safety valve other interpreters are added to Cloudera Manager's; a bypass is one there too", () => {
    const { settings, byDefault } = decided({ hueIni: "hue.ini", ...EXTERNAL });
    const target = {
      kind: "cloudera-manager",
      login: LOGIN,
      cluster: "C",
      service: "hue",
      restart: false,
    } as const;
    const codes = (value: string) => {
      const valve = {
        scope: "service",
        owner: "hue",
        property: "hue_service_safety_valve",
        value,
        set: true,
      } as const;
      const { warnings } = planValves(settings, byDefault, {
        kind: "cloudera-manager",
        target,
        valves: [valve],
        stale: false,
      });
      return warnings.map(({ code }) => code);
    };
    expect(codes(NOT_LISTED)).toEqual([]);
    expect(codes(SQLALCHEMY)).toEqual(["interpreter-bypasses"]);
  });
});

describe("Cloudera Manager's own field for the time limit", () => {
  test.each([
    ["a longer one stays", "43200", {}, undefined, ["conn-timeout-field-stays"]],
    ["one like the default stays, silently", "3600", {}, undefined, []],
    ["a shorter one is overridden, and it is said", "120", {}, 3600, ["conn-timeout-field"]],
    ["a named value overrides it", "43200", { serverConnTimeout: 600 }, 600, ["conn-timeout-field"]],
    ["it is not set", undefined, {}, 3600, []],
  ] as const)("%s", (_, field, given, timeout, codes) => {
    const facts = field === undefined ? {} : { hueConnTimeout: field };
    const survey = { ...BARE, discovery: discovery(facts) };
    const { settings, warnings } = desire(decided({ cmUrl: "cm", ...EXTERNAL, ...given }, survey));
    expect(settings.serverConnTimeout).toBe(timeout);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
  });

  test("is discovered, and the doctor says that a valve wins over it", async () => {
    const description = defaultDescription({
      valve: "[impala]\nserver_host=lb\nserver_port=1\nserver_conn_timeout=3600\n",
      hue: { hs2_conn_timeout: "7200" },
    });
    await onStage(
      async ({ client }) => {
        expect((await discover(client)).facts.hueConnTimeout).toBe("7200");
        const { findings } = await examineCluster(client, typed({}));
        const found = findings.find(({ check }) => check === "conn-timeout-field");
        expect(found?.message).toMatch(/hs2_conn_timeout of Hue is 7200, .*3600/);
      },
      { description },
    );
  });
});
