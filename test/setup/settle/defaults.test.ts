import { describe, expect, it } from "vitest";
import { answerOf, withAnswer } from "../../../src/setup/answers/answers.ts";
import { CONCLUSIONS } from "../../../src/setup/settle/conclusions.ts";
import { concludedAnew, withDefaults } from "../../../src/setup/settle/defaults.ts";
import { missingSettings } from "../../../src/setup/settle/missing.ts";
import { BARE, discovery, settled, spec } from "../support.ts";

const LISTEN = { host: "10.0.0.5", port: 10009 };

describe("defaults", () => {
  it("follow an answer that is given after them", () => {
    const before = withDefaults({}, BARE);
    expect(answerOf(before, "serverPort")).toBe(10001);
    const listen = { host: "10.0.0.5", port: 4711 };
    const after = withDefaults(withAnswer(before, "listen", listen, { kind: "prompt", detail: "" }), BARE);
    expect(answerOf(after, "serverPort")).toBe(4711);
    expect(answerOf(after, "serverHost")).toBe("10.0.0.5");
    expect(answerOf(after, "listen")).toEqual(listen);
  });

  it("listen on loopback once Cloudera Manager says that Hue runs on this host only", () => {
    const before = settled({ cmUrl: "cm" });
    const found = { ...discovery(), hueHosts: [BARE.hostName] };
    expect(answerOf(withDefaults(before, { ...BARE, discovery: found }), "listen")).toEqual({
      host: "127.0.0.1",
      port: 10001,
    });
  });

  it.each([
    [{}, "hue-ini"],
    [{ cmUrl: "cm" }, "cloudera-manager"],
    [{ cmUrl: "cm", hueIni: "hue.ini" }, "hue-ini"],
    [{ cmUrl: "cm", target: "hue-ini" }, "hue-ini"],
  ] as const)("the target of %j is %s", (given, target) => {
    expect(answerOf(settled(given), "target")).toBe(target);
  });

  it("listen on loopback where Hue runs on this host, else everywhere, and give Hue this host's name", () => {
    const local = settled({ hueIni: "hue.ini" });
    expect(answerOf(local, "listen")).toEqual({ host: "127.0.0.1", port: 10001 });
    expect(answerOf(local, "serverHost")).toBe("127.0.0.1");
    const managed = settled({ cmUrl: "cm" });
    expect(answerOf(managed, "listen")).toEqual({ host: "0.0.0.0", port: 10001 });
    expect(answerOf(managed, "serverHost")).toBe("gateway1.example.com");
    const everywhere = settled({ listen: { host: "::", port: 10001 } });
    expect(answerOf(everywhere, "serverHost")).toBe("gateway1.example.com");
  });

  it("Hue gets the address that the balancer listens on, unless somebody says otherwise", () => {
    const answers = settled({ listen: LISTEN, serverPort: 1 });
    expect([answerOf(answers, "serverHost"), answerOf(answers, "serverPort")]).toEqual(["10.0.0.5", 1]);
  });

  it("what an earlier specification says stays, but for what HAProxy cannot do", () => {
    const survey = { ...BARE, spec: spec({ bind: "10.0.0.5:10009", allow: ["10.0.0.0/8"] }) };
    const embedded = settled({}, survey);
    expect(answerOf(embedded, "listen")).toEqual(LISTEN);
    expect(answerOf(embedded, "allow")).toEqual(["10.0.0.0/8"]);
    expect(embedded.balance).toMatchObject({ value: "session", origin: { kind: "discovered" } });
    expect(answerOf(settled({ balancer: "haproxy" }, survey), "balance")).toBe("source");
    expect(answerOf(settled({ listen: { host: "::1", port: 2 } }, survey), "listen")).toEqual({
      host: "::1",
      port: 2,
    });
  });

  it("an external balancer has no address of ours", () => {
    const answers = settled({ balancer: "external" });
    for (const key of ["listen", "balance", "spec", "serverHost", "serverPort"] as const) {
      expect(answers[key]).toBeUndefined();
    }
  });

  it("only eligible Impalads are taken, and none if some are named", () => {
    const survey = { ...BARE, discovery: discovery() };
    expect(answerOf(settled({}, survey), "impalads")).toEqual([{ host: "i1.example.com", port: 21050 }]);
    const named = [{ host: "x", port: 1 }];
    expect(answerOf(settled({ impalads: named }, survey), "impalads")).toEqual(named);
  });

  it("of two hue.ini that differ none is taken", () => {
    const paths = ["/etc/hue/hue.ini", "/etc/hue/conf/hue.ini"];
    expect(answerOf(settled({}, { ...BARE, hueInis: { paths, differ: false } }), "hueIni")).toBe(paths[0]);
    expect(answerOf(settled({}, { ...BARE, hueInis: { paths, differ: true } }), "hueIni")).toBeUndefined();
  });
});

describe("after an answer", () => {
  const asked = { kind: "prompt", detail: "" } as const;

  it("options stand below what they depend on, so that one pass concludes them all", () => {
    const order = Object.keys(CONCLUSIONS);
    for (const [key, { from }] of Object.entries(CONCLUSIONS)) {
      for (const source of from.filter((one) => one !== "discovery" && one !== "security")) {
        expect(order.indexOf(source), `${key} from ${source}`).toBeLessThan(order.indexOf(key));
        expect(order, source).toContain(source);
      }
    }
  });

  it("only what depends on it is concluded anew, directly or through others", () => {
    const survey = { ...BARE, spec: spec({ bind: "10.0.0.5:10009", allow: ["10.0.0.0/8"] }) };
    const before = settled({ hueIni: "hue.ini" }, survey);
    const after = concludedAnew(withAnswer(before, "balancer", "haproxy", asked), "balancer", survey);
    expect(after.balance).toMatchObject({ value: "source", origin: { kind: "default" } });
    expect(after.serverConnTimeout).toBe(before.serverConnTimeout);
    expect(after.hueIni).toBe(before.hueIni);
    const listen = withAnswer(after, "listen", { host: "0.0.0.0", port: 4711 }, asked);
    const moved = concludedAnew(listen, "listen", survey);
    expect([answerOf(moved, "serverHost"), answerOf(moved, "serverPort")]).toEqual([BARE.hostName, 4711]);
    expect(moved.balance).toBe(after.balance);
  });

  it("what no longer matters is gone, but nothing that somebody gave", () => {
    const before = settled({ hueIni: "hue.ini", serverPort: 4711 });
    const after = concludedAnew(withAnswer(before, "balancer", "external", asked), "balancer", BARE);
    for (const key of ["listen", "balance", "spec", "serverHost"] as const)
      expect(after[key]).toBeUndefined();
    expect(after.serverPort).toBe(before.serverPort);
  });
});

describe("what is missing", () => {
  const missing = (given: Parameters<typeof settled>[0], hasPassword = false) =>
    missingSettings(settled(given), BARE, hasPassword).map(({ key }) => key);

  it.each([
    [{}, ["hueIni", "impalads"]],
    [{ hueIni: "hue.ini", impalads: [{ host: "a", port: 1 }] }, []],
    [{ hueIni: "hue.ini", cmUrl: "cm" }, ["cmUser", "cmPassword"]],
    [{ target: "cloudera-manager" }, ["cmUrl", "cmUser", "cmPassword"]],
    [{ hueIni: "hue.ini", balancer: "external" }, ["serverHost", "serverPort"]],
    [{ hueIni: "hue.ini", balancer: "external", serverHost: "lb", serverPort: 1 }, []],
  ] as const)("of %j: %j", (given, keys) => {
    expect(missing(given)).toEqual(keys);
  });

  it("a password from anywhere is one thing less", () => {
    expect(missing({ cmUrl: "cm", cmUser: "admin" }, true)).toEqual([]);
  });

  it("of two hue.ini that differ it is said which one Hue reads, and how that is known", () => {
    const hueInis = { paths: ["/etc/hue/conf/hue.ini", "/etc/hue/hue.ini"], differ: true };
    const why = (evidence?: { en: string; ja: string }) => {
      const survey = { ...BARE, hueInis: { ...hueInis, ...(evidence === undefined ? {} : { evidence }) } };
      return missingSettings(settled({}, survey), survey, false)[0]?.why;
    };
    expect(why()?.en).toBe(
      "/etc/hue/conf/hue.ini and /etc/hue/hue.ini both exist and differ; Hue's packages read /etc/hue/conf/hue.ini",
    );
    const known = why({ en: "/usr/lib/hue/desktop/conf leads to /etc/hue/conf", ja: "リンク" });
    expect(known?.en).toMatch(
      /; \/usr\/lib\/hue\/desktop\/conf leads to \/etc\/hue\/conf: Hue reads \/etc\/hue\/conf\/hue\.ini$/,
    );
    expect(known?.ja).toContain("Hue が読むのは /etc/hue/conf/hue.ini です (リンク)");
  });
});
