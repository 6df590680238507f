import { beforeEach, describe, expect, test } from "vitest";
import { Drains } from "../../../../src/balancer/session/load/drains.ts";
import { SessionTable } from "../../../../src/balancer/session/load/table.ts";

let table: SessionTable;
let drains: Drains;
let told: string[];

/** Waits for a backend, and tells when it has been drained. */
function wait(backend: string, signal?: AbortSignal): void {
  void drains.wait(backend, signal).then(() => told.push(backend));
}

async function drained(): Promise<string[]> {
  await Promise.resolve();
  return told;
}

beforeEach(() => {
  table = new SessionTable();
  drains = new Drains(table);
  told = [];
  table.addSession("s", "a", 0);
  table.addSession("t", "b", 0);
});

describe("waiting for a backend to have no session left", () => {
  test("ends at once where there is none", async () => {
    wait("c");
    expect(await drained()).toEqual(["c"]);
  });

  test("ends with the last session of that backend, not with another's", async () => {
    table.addSession("u", "a", 0);
    wait("a");
    table.remove("t");
    table.remove("s");
    expect(await drained()).toEqual([]);
    table.remove("u");
    expect(await drained()).toEqual(["a"]);
  });

  test("ends when the backend is lost, when its sessions are idle, and when they have moved", async () => {
    wait("a");
    table.lose("a");
    expect(await drained()).toEqual(["a"]);
    wait("b");
    table.addSession("t", "c", 0);
    expect(await drained()).toEqual(["a", "b"]);
    wait("c");
    table.sweep(901_000);
    expect(await drained()).toEqual(["a", "b", "c"]);
  });

  test("does not end because a session is seen again where it is, or because an operation ends", async () => {
    table.addOperation("o", "a", "s", 0);
    wait("a");
    table.addSession("s", "a", 1000);
    table.remove("o");
    expect(await drained()).toEqual([]);
  });

  test("ends when whoever waits has gone, and when the router closes", async () => {
    const controller = new AbortController();
    wait("a", controller.signal);
    wait("b");
    controller.abort();
    expect(await drained()).toEqual(["a"]);
    drains.close();
    expect(await drained()).toEqual(["a", "b"]);
    wait("a", controller.signal);
    expect(await drained()).toEqual(["a", "b", "a"]);
  });
});
