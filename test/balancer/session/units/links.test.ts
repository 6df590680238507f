import { expect, test } from "vitest";
import { Keepers } from "../../../../src/balancer/session/links/keepers.ts";
import type { LinkUser } from "../../../../src/balancer/session/links/link.ts";
import { Links } from "../../../../src/balancer/session/links/links.ts";
import { Slots } from "../../../../src/balancer/session/links/slots.ts";
import { FakeSocket } from "../../../fuzz/fake-socket.ts";

const USER: LinkUser = { linkBytes: () => true, linkEnded: () => undefined, linkDrained: () => undefined };

test("a client that has gone has no backend connected to", async () => {
  const asked: string[] = [];
  const socket = new FakeSocket();
  let connected = (): void => undefined;
  const connecting = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const links = new Links(
    {
      socket: new FakeSocket().socket,
      source: "127.0.0.1",
      backends: () => [],
      connect: async (name) => {
        asked.push(name);
        await connecting;
        return socket.socket;
      },
      fallBack: () => undefined,
      count: () => undefined,
      end: () => undefined,
    },
    new Slots(
      new Keepers(
        () => 0,
        () => true,
      ),
      () => [],
      () => undefined,
    ),
  );
  const early = links.ready("a", USER);
  links.close();
  connected();
  await expect(early).rejects.toMatchObject({ reason: "gone" });
  expect(socket.destroyed).toBe(true);
  await expect(links.ready("b", USER)).rejects.toMatchObject({ reason: "gone" });
  expect(asked).toEqual(["a"]);
});
