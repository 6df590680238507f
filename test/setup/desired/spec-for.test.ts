import { describe, expect, it } from "vitest";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { membersFor, specFor } from "../../../src/setup/desired/spec-for.ts";

const wish = {
  backends: [
    { host: "server1.example.com", port: 21050 },
    { host: "server2.example.com", port: 21050 },
  ],
  listen: { host: "127.0.0.1", port: 10001 },
  balance: "session",
  allow: [],
  admin: { host: "127.0.0.1", port: 10002 },
  socket: "/run/x.sock",
  healthzPort: 25000,
} as const;

describe("the specification of the answers", () => {
  it("is valid, and asking again for the same changes nothing", () => {
    const first = parseSpec(specFor(wish, undefined));
    expect(first.listeners[0]?.health.http).toEqual({ port: 25000, path: "/healthz" });
    expect(parseSpec(specFor(wish, first))).toEqual(first);
  });

  it("keeps what a person wrote into the file: times, weights, further listeners", () => {
    const first = parseSpec(specFor(wish, undefined));
    const [listener] = first.listeners;
    if (listener === undefined) throw new Error("no listener");
    const edited = {
      ...first,
      listeners: [
        {
          ...listener,
          slowStart: 7,
          backends: listener.backends.map((backend) => ({ ...backend, weight: 9 })),
        },
        { ...listener, name: "shell", bind: "127.0.0.1:10003" },
      ],
    };
    const again = parseSpec(
      specFor({ ...wish, backends: wish.backends.slice(1), healthzPort: undefined }, edited),
    );
    expect(again.listeners).toHaveLength(2);
    expect(again.listeners[0]).toMatchObject({ slowStart: 7, health: { http: { port: 25000 } } });
    expect(again.listeners[0]?.backends).toMatchObject([{ name: "server2", weight: 9 }]);
  });

  it("names backends after their hosts, each name once", () => {
    const names = membersFor(
      [
        { host: "a.one.example.com", port: 1 },
        { host: "a.two.example.com", port: 1 },
        { host: "10.0.0.1", port: 1 },
        { host: "10.0.0.1", port: 2 },
        { host: "::1", port: 2 },
      ],
      undefined,
    ).map(({ name }) => name);
    expect(names).toEqual(["a", "a.two.example.com", "10.0.0.1", "10.0.0.1-2", "::1"]);
  });
});
