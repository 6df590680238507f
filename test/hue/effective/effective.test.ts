import { describe, expect, test } from "vitest";
import { type ConfFile, changedSettings, effectiveImpala } from "../../../src/hue/effective.ts";
import { SAMPLES } from "../support/corpus.ts";

function file(path: string, text: string | Uint8Array): ConfFile {
  return { path, bytes: typeof text === "string" ? Buffer.from(text) : text };
}

/** The codes of the warnings about these files, which are read in this order. */
function codes(...texts: string[]): string[] {
  return effectiveImpala(texts.map((text, at) => file(`${at}.ini`, text))).warnings.map((one) => one.code);
}

function messages(...files: ConfFile[]): string[] {
  return effectiveImpala(files).warnings.map((one) => one.message);
}

describe("which value wins", () => {
  test("later files win key by key, and each value tells its place", () => {
    const { settings, broken } = effectiveImpala([
      file("/c/hue.ini", "[desktop]\n[impala]\nserver_host=a\n\nserver_port=1\n"),
      file("/c/z.ini", "\n\n[impala]\nserver_host=b\n"),
    ]);
    expect(settings).toEqual({
      serverHost: { value: "b", path: "/c/z.ini", line: 4 },
      serverPort: { value: "1", path: "/c/hue.ini", line: 5 },
    });
    expect(broken).toEqual([]);
  });

  test("nothing set, no files, no section", () => {
    expect(effectiveImpala([])).toEqual({
      settings: {},
      transport: "thrift",
      warnings: [],
      broken: [],
    });
    expect(effectiveImpala([file("a.ini", ""), file("b.ini", "[impala]\n")]).settings).toEqual({});
    expect(
      effectiveImpala([file("a.ini", "[x]\nserver_host=a\n[y]\n[[impala]]\nserver_port=1")]).settings,
    ).toEqual({});
  });

  test("a later file may take the whole section away", () => {
    const files = [file("a.ini", "[impala]\nserver_host=a\n"), file("b.ini", "impala=x\n")];
    expect(effectiveImpala(files).settings).toEqual({});
    expect(effectiveImpala([...files, file("c.ini", "[impala]\nserver_port=2\n")]).settings).toEqual({
      serverPort: { value: "2", path: "c.ini", line: 2 },
    });
  });

  test("a reference is replaced as Hue replaces it", () => {
    const text = "host=root\n[impala]\nh=lb\nserver_host=%(h)s.example.com\nserver_port=%(nowhere)s\n";
    const { settings } = effectiveImpala([file("a.ini", text)]);
    expect(settings.serverHost?.value).toBe("lb.example.com");
    expect(settings.serverPort?.value).toBe("%(nowhere)s");
  });

  test("the user's DEFAULT section does not count: Hue puts its own in its place", () => {
    const text = "[DEFAULT]\nh=lb\n[impala]\nserver_host=%(h)s%(build_dir)s\nserver_port=1%(desktop_root)s\n";
    const { settings } = effectiveImpala([file("a.ini", text)]);
    expect(settings.serverHost?.value).toBe("%(h)s%(build_dir)s");
    expect(settings.serverPort?.value).toBe("1");
  });
});

describe("files that keep Hue from starting", () => {
  test("ConfigObj's complaint with file and line; the others still count", () => {
    const { settings, broken } = effectiveImpala([
      file("a.ini", "[impala]\nserver_host=a\n"),
      file("b.ini", "[impala]\n\n[impala]\nserver_host=b\n"),
    ]);
    expect(broken).toEqual([{ path: "b.ini", line: 3, message: "Duplicate section name at line 3." }]);
    expect(settings.serverHost?.value).toBe("a");
  });

  test("a file that is not UTF-8 is broken for Python 3, and read as Python 2 reads it", () => {
    const { settings, broken } = effectiveImpala([
      file("a.ini", Buffer.from("# \xe9\n[impala]\nserver_host=a\n", "latin1")),
    ]);
    expect(broken).toEqual([
      {
        path: "a.ini",
        line: 1,
        message: "'utf-8' codec can't decode byte 0xe9 in position 2: invalid continuation byte",
      },
    ]);
    expect(settings.serverHost).toEqual({ value: "a", path: "a.ini", line: 3 });
  });

  test("a file that is neither UTF-8 nor well-formed is broken twice, UTF-16 too", () => {
    const { broken } = effectiveImpala([
      file("a.ini", Buffer.from("\xe9\n[x\n", "latin1")),
      file("b.ini", new Uint8Array([0xff, 0xfe, 0x61, 0])),
    ]);
    expect(broken.map(({ path, line }) => `${path}:${line}`)).toEqual([
      "a.ini:1",
      "a.ini:1",
      "b.ini:1",
      "b.ini:1",
    ]);
  });
});

describe("warnings about one file", () => {
  test.each([
    "hue.old.ini",
    "hue-2024.ini",
    "hue_20240131.ini",
    "hue.ini.bak.ini",
    "Backup of hue.ini",
    "hue-copy.ini",
    "hue.ini.rpmsave.ini",
    "HUE.ORIG.ini",
    "1999.ini",
  ])("%s looks like a backup", (name) => {
    const [warning] = effectiveImpala([file(`/c/${name}`, "")]).warnings;
    expect(warning).toEqual({
      code: "stray-ini",
      message: expect.stringMatching(`^/c/${name} looks like a backup`),
      text: { en: warning?.message, ja: expect.stringMatching(`^/c/${name} はバックアップのよう`) },
    });
  });

  test.each([
    "hue.ini",
    "z-hue.ini",
    "z-hue-overrides.ini",
    "hue_safety_valve.ini",
    "hue_safety_valve_server.ini",
    "kerberos.ini",
    "saml.ini",
    "gold.ini",
    "hue-12024.ini",
    "pseudo-distributed.ini",
  ])("%s does not", (name) => {
    expect(effectiveImpala([file(`/old/2024/${name}`, "")]).warnings).toEqual([]);
  });

  test("keys above any section", () => {
    expect(messages(file("v.ini", "a=1\nserver_host=b\n"))).toEqual([
      "v.ini:2: server_host stands above any section and has no effect; it belongs below [impala]",
    ]);
    expect(codes("server_port=1\nserver_conn_timeout=2\nserver=3\n")).toEqual([
      "key-outside-section",
      "key-outside-section",
    ]);
  });

  test("keys in a sub-section of [impala], or in a section impala elsewhere", () => {
    expect(messages(file("v.ini", "[impala]\n[[ssl]]\nserver_port=1\n"))).toEqual([
      "v.ini:3: server_port stands in [[ssl]], not in [impala], and has no effect",
    ]);
    expect(messages(file("v.ini", "[x]\n[[impala]]\nserver_port=1\n"))).toEqual([
      "v.ini:3: server_port stands in [[impala]], not in [impala], and has no effect",
    ]);
    expect(codes("[x]\n[[y]]\n[[[impala]]]\nserver_port=1\n")).toEqual(["key-in-other-section"]);
    expect(
      codes("[x]\n[[y]]\nserver_port=1\n[beeswax]\nserver_host=a\n[impala]\n[[a]]\n[[[b]]]\nserver_host=1"),
    ).toEqual([]);
  });

  test("impala is a value", () => {
    expect(messages(file("v.ini", "\nimpala=1\n"))).toEqual([
      "v.ini:2: impala has a value here, so that Hue finds no section [impala]",
    ]);
    expect(codes("[x]\nimpala=1\n")).toEqual([]);
  });

  const OLD = "[beeswax]\n## server_conn_timeout=1\n[[ssl]]\n[impala]\n## server_host=a\n";
  test.each<[string, string, string[]]>([
    ["a time limit in [beeswax] only", OLD, ["hue-before-3.6"]],
    ["also by its older name", OLD.replace("server_conn", "beeswax_server_conn"), ["hue-before-3.6"]],
    ["also after an edit", `${OLD}server_conn_timeout=3600\n`, ["hue-before-3.6"]],
    ["not with the key in [impala]", `${OLD}# server_conn_timeout=120\n`, []],
    ["not with a key that came at the same time", `${OLD}## close_queries=true\n`, []],
    ["not with a key that came later", `${OLD}## session_timeout_s=1\n`, []],
    ["not if the template's comments are gone", OLD.replace("## server_host=a\n", ""), []],
    ["not if [beeswax] has no comments either", OLD.replace("## server_conn_timeout=1\n", "a=1\n"), []],
    [
      "not from comments in a sub-section",
      OLD.replace("[[ssl]]\n", "").replace("## server_c", "[[a]]\n## server_c"),
      [],
    ],
  ])("Hue before 3.6 shows by its template: %s", (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test("files of Hue's releases: only the one before 3.6 is old, the one with a backup's name a stray", () => {
    const found = SAMPLES.flatMap(({ name, bytes }) =>
      effectiveImpala([file(name, bytes)])
        .warnings.filter(({ code }) => code === "hue-before-3.6")
        .map(() => name),
    );
    expect(found.filter((name) => name !== "two-defaults.ini" && name !== "hue-2.3.0.ini")).toEqual([]);
    expect(found).toContain("two-defaults.ini");
  });
});

describe("warnings about all files together", () => {
  test("several files set a key to different values", () => {
    const a = file("a.ini", "[impala]\nserver_host=a\n");
    const b = file("b.ini", "[impala]\n[x]\n");
    const c = file("c.ini", "[impala]\nserver_host=c\n");
    expect(messages(a, b, c)).toEqual([
      'server_host is set in several files: Hue uses "c" of c.ini:2, not a.ini:2',
    ]);
    expect(messages(a, b, a)).toEqual([]);
    expect(messages(a, c, b, file("d.ini", "[impala]\nserver_host=d\n"))).toEqual([
      'server_host is set in several files: Hue uses "d" of d.ini:2, not a.ini:2, c.ini:2',
    ]);
    expect(
      codes("[impala]\nserver_port=1\n", "[impala]\nserver_port=2\n", "[impala]\nserver_port=3\n"),
    ).toEqual(["set-in-several-files"]);
    expect(codes("[impala]\nserver_host=1\n", "[x]\nserver_host=2\n", "[y]\nserver_port=3\n")).toEqual([]);
  });

  test("references that cannot be replaced: above the sections always, in sections that two files have", () => {
    expect(messages(file("a.ini", "x=%(y)s\n"))).toEqual([
      "a.ini: x refers to %(y)s, which cannot be replaced; Hue reads it while it merges its files and will not start",
    ]);
    const lazy = "[impala]\nx=%(y)s\n[[s]]\nz=%(y)s\n";
    expect(codes(lazy)).toEqual([]);
    expect(codes(lazy, "[other]\n")).toEqual([]);
    expect(codes(lazy, "[impala]\n")).toEqual([]);
    expect(codes("[impala]\n", lazy)).toEqual(["interpolation"]);
    expect(codes("[impala]\n[[s]]\n", lazy)).toEqual(["interpolation", "interpolation"]);
    expect(codes("[impala]\n[[s]]\n", "[impala]\n[[s]]\ny=a\nz=%(y)s")).toEqual([]);
    expect(codes("[impala]\n[[s]]\n", `y=1\n${lazy}`)).toEqual([]);
    expect(codes("impala=1\n", lazy)).toEqual(["impala-is-a-value"]);
    expect(codes("[a]\n", "[impala]\n", "[a]\nb=1\n[impala]\nx=50% %%\n")).toEqual([]);
    expect(codes("[a]\n[[b]]\n", "[a]\nb=1\n", "[a]\n[[b]]\nx=%(y)s")).toEqual([]);
  });

  test("the first file's tree is not changed by the merge", () => {
    const files = [
      file("a.ini", "[a]\n[[b]]\n"),
      file("b.ini", "[a]\nk=1\n[[b]]\nk=1\n"),
      file("a2.ini", "[a]\n"),
    ];
    expect(effectiveImpala(files)).toEqual(effectiveImpala(files));
  });
});

describe("warnings about what the settings mean", () => {
  test("a list of hosts", () => {
    expect(messages(file("a.ini", "[impala]\nserver_host=h1,h2\n"))).toEqual([
      `a.ini:2: server_host holds a comma, so that Hue connects to a host called "['h1', 'h2']"; Hue knows one host only`,
    ]);
    // In quotes it is no list, and no host either.
    expect(codes("[impala]\nserver_host='h1,h2'\n")).toEqual(["bad-host"]);
  });

  test.each([
    ["server_port=21050", []],
    ["server_port=' 21050 '", []],
    ["server_port=+2_1_050", []],
    ["server_port=65535", []],
    ["server_port=1", []],
    ["server_port=0", ["bad-number"]],
    ["server_port=65536", ["bad-number"]],
    ["server_port=", ["bad-number"]],
    ["server_port=abc", ["bad-number"]],
    ["server_port=21051;x", ["bad-number"]],
    ["server_port=1x", ["bad-number"]],
    ["server_port=x1", ["bad-number"]],
    ["server_port=2__1", ["bad-number"]],
    ["server_port=21050,", ["bad-number"]],
    ["server_conn_timeout=1h", ["bad-number"]],
    ["server_conn_timeout=3600.0", ["bad-number"]],
    ["server_conn_timeout=0", ["bad-number"]],
    ["server_conn_timeout=-1", ["bad-number"]],
    ["server_conn_timeout=1", []],
    ["server_conn_timeout=100000", []],
  ])("numbers as Python's int() takes them: %s", (line, expected) => {
    expect(codes(`[impala]\n${line}\n`)).toEqual(expected);
  });

  test("what a bad number's message says", () => {
    expect(messages(file("a.ini", "[impala]\nserver_port=x\nserver_conn_timeout=1,\n"))).toEqual([
      'a.ini:2: server_port is "x", which Hue cannot use: it needs a whole number from 1 to 65535',
      'a.ini:3: server_conn_timeout is ["1"], which Hue cannot use: it needs a whole number from 1 up',
    ]);
  });

  test.each(["true", "True", "1", "yes", "ON", "yea"])(
    "enable_connectors=%s makes [impala] moot",
    (value) => {
      expect(codes(`[desktop]\nenable_connectors=${value}\n`)).toEqual(["enable-connectors"]);
    },
  );
  test.each(["false", "0", "", "no", "off", "nay", "x", "true,"])(
    "enable_connectors=%s does not",
    (value) => {
      expect(codes(`[desktop]\nenable_connectors=${value}\n[x]\nenable_connectors=1\n`)).toEqual([]);
    },
  );

  test("use_thrift_http without proxy_endpoint makes server_port moot", () => {
    expect(messages(file("a.ini", "[impala]\n\nuse_thrift_http=true\n"))).toEqual([
      expect.stringMatching(
        /^a\.ini:3: use_thrift_http is on without proxy_endpoint, so that Hue ignores server_port/,
      ),
    ]);
    expect(codes("[impala]\nuse_thrift_http=true\nproxy_endpoint=\n")).toEqual(["server-port-ignored"]);
    expect(codes("[impala]\nuse_thrift_http=true\nproxy_endpoint=/cliservice\n")).toEqual(["proxy-endpoint"]);
    expect(codes("[impala]\nuse_thrift_http=false\n")).toEqual([]);
    expect(codes("[impala]\nuse_thrift_http=true\n", "[impala]\nuse_thrift_http=false\n")).toEqual([]);
  });

  test("enable_connectors tells where", () => {
    expect(messages(file("a.ini", "[desktop]\nenable_connectors=true\n"))).toEqual([
      expect.stringMatching(/^a\.ini:2: \[desktop\] enable_connectors is on/),
    ]);
  });
});

test.each([
  ["a new section", "", "[impala]\nserver_host=a\nserver_port=1\n", ["serverHost", "serverPort"]],
  ["a value", "[impala]\nserver_port=1\n", "[impala]\nserver_port=2\n", ["serverPort"]],
  ["a value that goes", "[impala]\nserver_conn_timeout=1\n", "[impala]\n", ["serverConnTimeout"]],
  ["anything else", "[impala]\nserver_port=1\n", "[impala]\nserver_port = '1' # one\nx=2\n", []],
])("which settings an edit changes: %s", (_, before, after, names) => {
  expect(changedSettings(Buffer.from(before), Buffer.from(after))).toEqual(names);
});
