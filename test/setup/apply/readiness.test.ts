import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { untilReady } from "../../../src/setup/apply/readiness.ts";
import type { ServiceChange } from "../../../src/setup/plan/change.ts";
import { freePort } from "../../support/free-port.ts";
import { PROGRAM, plainEnvironment } from "../../support/program.ts";
import { scratch } from "../../support/scratch.ts";
import { testWorld } from "../world.ts";

const NEVER = testWorld();

function change(port: number, controlSocket?: string): ServiceChange {
  return {
    kind: "service",
    target: "lb.service",
    action: "start",
    ready: { host: "127.0.0.1", port },
    ...(controlSocket === undefined ? {} : { controlSocket }),
    wasActive: false,
    wasEnabled: false,
  };
}

/** A running balancer in front of one address, with its control socket. */
async function balancerFor(backend: string): Promise<ServiceChange> {
  const folder = await scratch();
  const port = await freePort();
  const socket = join(folder, "control");
  const spec = {
    version: 1,
    listeners: [{ name: "impala", bind: `127.0.0.1:${port}`, backends: [{ name: "a", address: backend }] }],
    admin: { socket },
  };
  await writeFile(join(folder, "spec.json"), JSON.stringify(spec));
  const child = spawn(process.execPath, [PROGRAM, "balancer", "run", "--spec", join(folder, "spec.json")], {
    env: plainEnvironment(),
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  await once(child.stdout, "data");
  return change(port, socket);
}

describe("waiting for the balancer before Hue is pointed at it", () => {
  it("ends when an Impalad has passed a check", async () => {
    const impalad = await startImpalad({ name: "impala1" });
    onTestFinished(() => impalad.close());
    await untilReady(await balancerFor(`${impalad.host}:${impalad.port}`), NEVER);
  });

  it("fails when nobody accepts connections", async () => {
    await expect(untilReady(change(await freePort()), NEVER, 0.2)).rejects.toMatchObject({
      code: "balancer-silent",
    });
  });

  it("fails when the balancer runs without an Impalad that is up: an open socket alone proves nothing", async () => {
    const dead = await balancerFor(`127.0.0.1:${await freePort()}`);
    await expect(untilReady(dead, NEVER, 0.5)).rejects.toMatchObject({ code: "no-backend-up" });
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const unborn = change(port, join(await scratch(), "control"));
    await expect(untilReady(unborn, NEVER, 0.2)).rejects.toMatchObject({ code: "no-backend-up" });
    await untilReady(change(port), NEVER);
  });

  it("ends at once when the run is interrupted", async () => {
    const abort = new AbortController();
    abort.abort("SIGINT");
    await expect(
      untilReady(change(await freePort()), testWorld({ signal: abort.signal })),
    ).rejects.toMatchObject({
      kind: "interrupted",
    });
  });
});
