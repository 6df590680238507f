import { spawn } from "node:child_process";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { portHolders } from "../../../src/system/network/port-holders.ts";
import { listenFault, localAddresses } from "../../../src/system/network/ports.ts";

const LISTENER =
  "const s = require('net').createServer().listen(0, process.argv[1], () => console.log(s.address().port))";

/** Another process listening on a port of the system's choice. */
async function withListener(host: string, use: (port: number, pid: number) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ["-e", LISTENER, host], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = Number(await new Promise((resolve) => child.stdout.once("data", resolve)));
    await use(port, child.pid ?? 0);
  } finally {
    child.kill("SIGKILL");
  }
}

describe("listenFault", () => {
  test("nothing is wrong with a free port, which is free afterwards", async () => {
    expect(await listenFault({ host: "127.0.0.1", port: 0 })).toBeUndefined();
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await listenFault({ host: "127.0.0.1", port })).toBeUndefined();
    const socket = connect(port, "127.0.0.1");
    expect(await new Promise((resolve) => socket.once("error", resolve))).toMatchObject({
      code: "ECONNREFUSED",
    });
  });

  test.each([
    ["127.0.0.1", "127.0.0.1"],
    ["0.0.0.0", "127.0.0.1"],
    ["127.0.0.1", "0.0.0.0"],
    ["::", "127.0.0.1"],
    ["::1", "::1"],
  ])("in use: %s holds the port for %s; program and process are named", async (held, wanted) => {
    await withListener(held, async (port, pid) => {
      const fault = await listenFault({ host: wanted, port });
      expect(fault?.code).toBe("in-use");
      expect(fault?.message).toMatch(new RegExp(` is in use by .+ \\(process ${pid}\\)$`));
      expect(fault?.hint).toContain(`sport = :${port}`);
    });
  });

  test("an address of another host; this host's own are listed", async () => {
    const fault = await listenFault({ host: "203.0.113.7", port: 10001 });
    expect(fault?.code).toBe("not-local");
    expect(fault?.message).toBe("203.0.113.7 is not an address of this host");
    expect(fault?.hint).toContain(localAddresses()[0]);
  });

  test("a name without an address", async () => {
    const fault = await listenFault({ host: "no-such-host.invalid", port: 10001 });
    expect(fault?.code).toBe("unknown-host");
  });

  describe.skipIf(process.getuid?.() !== 0)("as another user [needs root, to become one]", () => {
    test("a port below 1024", async () => {
      process.seteuid?.(65534);
      try {
        const fault = await listenFault({ host: "127.0.0.1", port: 1 });
        expect(fault).toMatchObject({ code: "denied", message: "this user may not listen on port 1" });
      } finally {
        process.seteuid?.(0);
      }
    });
  });
});

describe("portHolders", () => {
  test("finds this process by its socket, and nobody for a port that is only connected to", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    expect(portHolders(port)).toEqual([{ pid: process.pid, name: expect.any(String) }]);
    const client = connect(port, "127.0.0.1");
    await new Promise((resolve) => client.once("connect", resolve));
    expect(portHolders(client.localPort ?? 0)).toEqual([]);
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
    expect(portHolders(port)).toEqual([]);
  });
});
