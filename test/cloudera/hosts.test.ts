import { describe, expect, it } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { discover } from "../../src/cloudera/discovery/discovery.ts";
import { parseEndpoint } from "../../src/domain/endpoint.ts";
import { onStage } from "./support.ts";

/** What stands as a host name in a Cloudera Manager that somebody else, or nobody, looks after. */
const ODD = [
  "-oProxyCommand=id",
  "node1.example.com.",
  ".example.com",
  "node..example.com",
  "bücher.example.com",
  "fe80::1%eth0",
  "node1 check inter 1\n    server evil 192.0.2.1:1",
  "node1#",
  "node1;reboot",
  "$(reboot)",
  "%h",
  '"node1"',
  "[::1]",
  "node1:21050",
  `${"a".repeat(64)}.example.com`,
  `${"a.".repeat(150)}com`,
  "../../etc/passwd",
];

describe("host names of Cloudera Manager", () => {
  it.each(ODD)("%j is listed as not eligible, and the others are balanced", async (odd) => {
    const impaladsAt = [odd, "node1.example.com", "node2.example.com"].map((host) => ({ host, port: 21050 }));
    await onStage(
      async ({ client }) => {
        const { impalads } = await discover(client);
        const eligible = impalads.filter((impalad) => impalad.eligible);
        expect(eligible.map(({ host }) => host)).toEqual(["node1.example.com", "node2.example.com"]);
        const [other] = impalads.filter((impalad) => !impalad.eligible);
        expect(other?.reason).toMatch(/^its host name is none: letters, digits/);
        for (const { host, port } of eligible) parseEndpoint(`${host}:${port}`);
      },
      { description: defaultDescription({ ineligible: false, impaladsAt }) },
    );
  });

  it("a name with control characters is listed as it is, and not eligible", async () => {
    const impaladsAt = [{ host: "node\u0000\u001b[2J1.example.com", port: 21050 }];
    await onStage(
      async ({ client }) => {
        const { impalads } = await discover(client);
        expect(impalads.map(({ host, eligible }) => ({ host, eligible }))).toEqual([
          { host: "node\u0000\u001b[2J1.example.com", eligible: false },
        ]);
      },
      { description: defaultDescription({ ineligible: false, impaladsAt }) },
    );
  });
});
