import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { Failure } from "../../src/domain/failure.ts";
import { type KeepalivedPair, renderKeepalived } from "../../src/engines/keepalived/keepalived.ts";
import { run } from "../../src/system/processes/run.ts";
import { missing, title } from "../support/needs.ts";
import { checkKeepalived, scratch, scratchFile, until } from "./support.ts";

const pair: KeepalivedPair = {
  virtualAddress: "10.0.0.100/24",
  routerId: 51,
  nodes: [
    { name: "balancer1", address: "10.0.0.11", interface: "eth0" },
    { name: "balancer2", address: "10.0.0.12", interface: "eth0" },
  ],
  local: "balancer1",
};

describe("keepalived.conf for a pair", () => {
  it("is the reviewed one for each host", async () => {
    await expect(renderKeepalived(pair)).toMatchFileSnapshot("golden/keepalived-1.conf");
    await expect(renderKeepalived({ ...pair, local: "balancer2" })).toMatchFileSnapshot(
      "golden/keepalived-2.conf",
    );
  });

  it.each<[string, Partial<KeepalivedPair>, string]>([
    ["a router id of 300", { routerId: 300 }, "keepalived-router-id"],
    ["a shared address without its network", { virtualAddress: "10.0.0.100" }, "keepalived-address"],
    ["a host's address of the other family", { virtualAddress: "fd00::1/64" }, "keepalived-address"],
    ["the shared address as a host's own", { virtualAddress: "10.0.0.11/24" }, "keepalived-node"],
    ["a host that is not of the pair", { local: "other" }, "keepalived-node"],
    ["a check address with a quote", { checkUrl: 'http://h/"' }, "keepalived-url"],
  ])("refuses %s", (_what, change, code) => {
    expect(() => renderKeepalived({ ...pair, ...change })).toThrow(
      expect.objectContaining({ kind: "settings", code }),
    );
  });
});

describe.skipIf(missing("keepalived", "ip") || process.getuid?.() !== 0)(
  title("a real keepalived, as root", "keepalived", "ip"),
  () => {
    it("accepts the file, and refuses one with an interface that is not there", async () => {
      const space = await namespace("check", "10.0.0.11/24");
      const file = await scratchFile("keepalived.conf", renderKeepalived(pair));
      expect(await space.check(file)).toMatchObject({ ok: true });
      const text = renderKeepalived({
        ...pair,
        nodes: [{ name: "balancer1", address: "10.0.0.11", interface: "nope0" }, pair.nodes[1]],
      });
      expect(await space.check(await scratchFile("keepalived.conf", text))).toMatchObject({ ok: false });
    });

    it("reads every name, address and URL that we do not refuse: 100 pairs, hostile ones too, in one file", async () => {
      const space = await namespace("names", "10.0.0.11/24");
      // What means something to keepalived, shells or curl, and what is merely odd.
      const spice = [
        "-",
        "--",
        ".",
        "_",
        "#",
        "!",
        "$A",
        "@",
        "~",
        "%",
        "}",
        '"',
        "\n",
        "include",
        "[::1]",
        ":",
      ];
      const odd = fc.array(fc.oneof(fc.constantFrom(...spice), fc.stringMatching(/^[A-Za-z0-9.]{1,5}$/)), {
        minLength: 1,
        maxLength: 5,
      });
      const word = odd.map((parts) => parts.join(""));
      const samples = fc.sample(fc.record({ name: word, path: word, host: fc.ipV4(), twin: word }), {
        numRuns: 3000,
        seed: 10,
      });
      const parts: string[] = [];
      for (const { name, path, host, twin } of samples) {
        if (parts.length === 100) break;
        const [first, second] = pair.nodes;
        const nodes = [
          { ...first, name },
          { ...second, name: twin, address: host },
        ] as const;
        let text: string;
        try {
          const checkUrl = `http://127.0.0.1:10002/${path}`;
          text = renderKeepalived({ ...pair, nodes, local: name, checkUrl, routerId: parts.length + 1 });
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
          continue;
        }
        // One file for all: keepalived takes each script and each instance once.
        const body = text
          .replaceAll(/^(vrrp_script|vrrp_instance) /gm, (head) => `${head}n${parts.length}-`)
          .replace(/^ {8}balancer$/m, `        n${parts.length}-balancer`);
        parts.push(body);
      }
      expect(parts).toHaveLength(100);
      const verdict = await space.check(await scratchFile("keepalived.conf", parts.join("\n")));
      expect(verdict).toMatchObject({ ok: true });
    });

    it("moves the address when the balancer stops answering, and does not move it back (R32)", async () => {
      const [one, two] = [await namespace("one", "10.0.0.11/24"), await namespace("two", "10.0.0.12/24")];
      await connect(one, two);
      const health = [await one.http(), await two.http()];
      const checkUrl = "http://127.0.0.1:10002/healthz";
      await one.keepalived(renderKeepalived({ ...pair, checkUrl }));
      await two.keepalived(renderKeepalived({ ...pair, local: "balancer2", checkUrl }));
      await until(async () => (await one.holds()) || (await two.holds()));
      const first = (await one.holds()) ? one : two;
      const second = first === one ? two : one;
      const index = first === one ? 0 : 1;
      health[index]?.kill("SIGKILL");
      await until(async () => (await second.holds()) && !(await first.holds()));
      const seen = first.log().length;
      await first.http();
      // Two good checks later the first host could take the address again, and must not (three advertisements).
      await until(() => /Entering BACKUP STATE/.test(first.log().slice(seen)));
      await new Promise((resolve) => setTimeout(resolve, 4000));
      expect([await first.holds(), await second.holds()]).toEqual([false, true]);
    });
  },
);

/** A network namespace of its own with one interface eth0, gone after the test. */
async function namespace(label: string, address: string) {
  const name = `his-${process.pid}-${label}`;
  await ip("netns", "add", name);
  onTestFinished(async () => {
    await run("ip", ["netns", "del", name]);
  });
  const inside = (...args: string[]) => ["netns", "exec", name, ...args];
  await ip(...inside("ip", "link", "set", "lo", "up"));
  await ip("link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", `${label}0`, "netns", name);
  await up();
  async function up(): Promise<void> {
    await ip(...inside("ip", "address", "add", address, "dev", "eth0"));
    await ip(...inside("ip", "link", "set", "eth0", "up"));
  }
  const log: Buffer[] = [];
  const start = async (command: string, ...args: string[]): Promise<ChildProcess> => {
    const child = spawn("ip", inside(command, ...args), { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => log.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => log.push(chunk));
    await once(child, "spawn");
    onTestFinished(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    });
    return child;
  };
  return {
    name,
    up,
    inside,
    log: () => Buffer.concat(log).toString(),
    async check(file: string) {
      const wrapper = await scratchFile(
        "keepalived",
        `#!/bin/sh\nexec ip netns exec ${name} keepalived "$@"\n`,
      );
      await run("chmod", ["755", wrapper]);
      return checkKeepalived(file, wrapper);
    },
    async http(): Promise<ChildProcess> {
      const program =
        "require('http').createServer((q,s)=>s.end('OK')).listen(10002,'127.0.0.1',()=>console.log('ready'))";
      const child = await start(process.execPath, "-e", program);
      await once(child.stdout ?? child, "data");
      return child;
    },
    async keepalived(config: string): Promise<void> {
      const folder = await scratch();
      const file = join(folder, "keepalived.conf");
      await writeFile(file, config, { mode: 0o644 });
      const pids = ["-p", join(folder, "pid"), "-r", join(folder, "vrrp"), "-c", join(folder, "checkers")];
      await start("keepalived", "--dont-fork", "--log-console", "--vrrp", "-f", file, ...pids);
    },
    async holds(): Promise<boolean> {
      return (await run("ip", inside("ip", "-o", "address", "show", "dev", "eth0"))).stdout.includes(
        "10.0.0.100/",
      );
    },
  };
}

type Namespace = Awaited<ReturnType<typeof namespace>>;

/** A cable between the two hosts in place of the cable to nowhere. */
async function connect(one: Namespace, two: Namespace): Promise<void> {
  for (const each of [one, two]) await ip(...each.inside("ip", "link", "del", "eth0"));
  await ip(
    "link",
    "add",
    "eth0",
    "netns",
    one.name,
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    two.name,
  );
  for (const each of [one, two]) await each.up();
}

async function ip(...args: string[]): Promise<void> {
  const result = await run("ip", args);
  if (result.status !== 0) throw new Error(`ip ${args.join(" ")}: ${result.stderr}`);
}
