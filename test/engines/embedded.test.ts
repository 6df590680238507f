import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  BALANCER_SOCKET_UNIT,
  BALANCER_UNIT,
  renderSocketUnit,
  renderUnit,
} from "../../src/engines/embedded/units.ts";
import { HAPROXY_UNIT, renderHaproxyUnit } from "../../src/engines/haproxy/unit.ts";
import { systemdWord } from "../../src/engines/systemd-unit.ts";
import { run } from "../../src/system/processes/run.ts";
import { missing, title } from "../support/needs.ts";
import { scratch } from "./support.ts";

const command = ["/usr/bin/node", "/opt/hue-impala-setup/bin/hue-impala-setup.js"];
const specPath = "/etc/hue-impala-setup/balancer.json";

describe("the bundled balancer's unit", () => {
  it("is the reviewed one", async () => {
    const unit = renderUnit({
      command,
      specPath,
      socket: "/run/hue-impala-setup/balancer.sock",
      socketActivation: true,
    });
    await expect(unit).toMatchFileSnapshot("golden/balancer.service");
    await expect(renderSocketUnit(["0.0.0.0:10001", "[::1]:21050"])).toMatchFileSnapshot(
      "golden/balancer.socket",
    );
  });

  it("quotes what systemd would split or expand", () => {
    expect(systemdWord('/opt/a b/%h$x"\\.json')).toBe('"/opt/a b/%%h$$x\\"\\\\.json"');
    expect(systemdWord("/plain-1.2/path")).toBe("/plain-1.2/path");
    const unit = renderUnit({ command: ["/opt/my node"], specPath: "/etc/x y.json" });
    expect(unit).toContain('ExecStart="/opt/my node" balancer run --spec "/etc/x y.json"\n');
  });

  it("runs as an account that can reach the program", () => {
    expect(renderUnit({ command, specPath })).toMatch(/^DynamicUser=yes\nProtectHome=yes$/m);
    expect(renderUnit({ command, specPath, user: "impala" })).toMatch(/^User=impala$/m);
    const below = renderUnit({ command: ["/root/.nvm/node", "/root/x.js"], specPath });
    expect(below).toMatch(/^User=root\nProtectHome=read-only$/m);
    expect(below).toMatch(/^CapabilityBoundingSet=$/m);
  });

  it("raises the descriptor limit with the connections and grants a low port only when asked", () => {
    expect(renderUnit({ command, specPath, connections: 20_000 })).toMatch(/^LimitNOFILE=40512$/m);
    expect(renderUnit({ command, specPath, lowPort: true })).toMatch(
      /^AmbientCapabilities=CAP_NET_BIND_SERVICE$/m,
    );
  });

  it("refuses a socket unit for a name or port 0, which systemd cannot listen on", () => {
    for (const bind of ["balancer.example.com:10001", "127.0.0.1:0"]) {
      expect(() => renderSocketUnit([bind])).toThrow(expect.objectContaining({ code: "socket-unit-bind" }));
    }
  });
});

describe.skipIf(missing("systemd-analyze"))(
  title("what systemd says about the units", "systemd-analyze"),
  () => {
    it("accepts them without a word", async () => {
      const folder = await units();
      for (const unit of [BALANCER_UNIT, BALANCER_SOCKET_UNIT, HAPROXY_UNIT]) {
        const result = await run("systemd-analyze", ["verify", "--man=no", join(folder, unit)]);
        expect(result).toMatchObject({ status: 0, stderr: "" });
      }
    });

    it("finds them little exposed", async () => {
      const folder = await units();
      for (const unit of [BALANCER_UNIT, HAPROXY_UNIT]) {
        const args = ["security", "--offline=true", "--threshold=25", "--no-pager", join(folder, unit)];
        expect(await run("systemd-analyze", args)).toMatchObject({ status: 0 });
      }
    });
  },
);

/** All three units in a folder, with programs that exist. */
async function units(): Promise<string> {
  const folder = await scratch();
  const program = join(folder, "program");
  await writeFile(program, "#!/bin/sh\n");
  await chmod(program, 0o755);
  const socket = "/run/hue-impala-setup/balancer.sock";
  const files: Record<string, string> = {
    [BALANCER_UNIT]: renderUnit({
      command: [program],
      specPath: join(folder, "a b.json"),
      socket,
      socketActivation: true,
    }),
    [BALANCER_SOCKET_UNIT]: renderSocketUnit(["0.0.0.0:10001", "[::1]:21050"]),
    [HAPROXY_UNIT]: renderHaproxyUnit({ file: join(folder, "haproxy.cfg"), binary: program, socket }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}
