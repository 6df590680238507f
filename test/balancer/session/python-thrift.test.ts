import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { run } from "../../../src/system/processes/run.ts";
import { missing, title } from "../../support/needs.ts";
import { Host } from "./support/host.ts";
import { pythonHue } from "./support/python-client.ts";

const definition = fileURLToPath(
  new URL("../../../node_modules/hive-driver/thrift/TCLIService.thrift", import.meta.url),
);

describe.skipIf(missing("thrift", "thrift-compiler"))(
  title("Python's Thrift as the client", "thrift", "thrift-compiler"),
  () => {
    let folder = "";

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "tcliservice-"));
      const result = await run("/usr/bin/thrift", ["--gen", "py", "-out", folder, definition]);
      if (result.status !== 0) throw new Error(result.stderr);
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test.each(["nosasl", "plain"] as const)(
      "a shared pool of 10 serves 40 users on three Impalads (%s)",
      async (auth) => {
        const impalads = await Promise.all(
          [1, 2, 3].map((i) => startImpalad({ name: `impala${i}`, auth, users: { hue: "secret" } })),
        );
        const host = await Host.start(impalads.map(({ name, host, port }) => ({ name, host, port })));
        const result = await pythonHue("/usr/bin/python3", {
          ...host.endpoint,
          auth,
          user: "hue",
          password: "secret",
          stack: "generated",
          generated: folder,
          pool: 10,
          users: 40,
          queries: 5,
          identity: "select impalad()",
          column: 0,
        });
        expect(result).toMatchObject({ succeeded: 200, failures: [], reopenedSessions: 0, retries: 0 });
        const sessions = Object.values(result.servers);
        expect(sessions.length).toBe(3);
        // Users come and go, so it is not quite even.
        for (const count of sessions) expect(count).toBeGreaterThanOrEqual(8);
        await host.close();
        await Promise.all(impalads.map((impalad) => impalad.close()));
      },
    );
  },
);
