import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { query } from "../../../fixtures/impalad/client.ts";
import { HuePool, runUser } from "../../../fixtures/impalad/hue-pool.ts";
import { missing, title } from "../../support/needs.ts";
import { eventually } from "../support/eventually.ts";
import { startImpaladProgram } from "../support/impalads.ts";
import { type BalancerProgram, killAll, startProgram } from "../support/programs.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** SCREENSHOTS=docs/images renews the picture in the documentation. */
const PICTURES = process.env["SCREENSHOTS"];

let profile: string | undefined;
let browser: BrowserContext | undefined;

afterEach(async () => {
  await browser?.close();
  await killAll();
  if (profile !== undefined) rmSync(profile, { recursive: true, force: true });
});

async function open(url: string): Promise<{ page: Page; troubles: string[]; foreign: string[] }> {
  profile = mkdtempSync(join(tmpdir(), "chromium-"));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    args: FLAGS,
    viewport: { width: 1100, height: 640 },
    deviceScaleFactor: 1,
    colorScheme: "light",
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  const troubles: string[] = [];
  const foreign: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  await page.goto(url);
  return { page, troubles, foreign };
}

function adminPort(balancer: BalancerProgram): number {
  return Number(/status page on http:\/\/127\.0\.0\.1:(\d+)/.exec(balancer.printed())?.[1]);
}

const stateOf = (page: Page, backend: string): Promise<string | null> =>
  page.locator(`[data-backend="${backend}"] .state`).textContent();

describe.skipIf(missing("chromium"))(title("status page in a browser", "chromium"), () => {
  test("shows a backend going down and up again without reload, asks nobody but the balancer, and fits a phone", async () => {
    const impalads = await Promise.all(
      ["impala1", "impala2", "impala3"].map((name) => startImpaladProgram(name)),
    );
    const backends = impalads.map(({ name, address }) => ({ name, address, maxConnections: 64 }));
    const admin = { http: "127.0.0.1:0" };
    const balancer = await startProgram({ balance: "session", backends }, { admin });
    const pool = new HuePool({ host: "127.0.0.1", port: balancer.port, size: 12 });
    const users = Array.from({ length: 24 }, (_, index) =>
      runUser(pool, { name: `user${index}`, queries: 2, vanish: index % 2 === 0 }),
    );
    await Promise.all(users);
    let working = true;
    const load = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (working)
          await query({ host: "127.0.0.1", port: balancer.port }, "select bytes(1500000)").catch(
            () => undefined,
          );
      }),
    );
    const { page, troubles, foreign } = await open(`http://127.0.0.1:${adminPort(balancer)}/`);
    await page.getByText("All 3 Impalads are up").waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    expect(await page.locator("[data-backend]").count()).toBe(3);
    await eventually(
      async () => (await page.locator("tbody").textContent())?.includes("connected"),
      "a check shown",
    );
    await page.evaluate(() => Object.assign(globalThis, { notReloaded: true }));

    impalads[1]?.child.kill("SIGSTOP");
    impalads[1]?.child.kill("SIGKILL");
    await eventually(async () => (await stateOf(page, "impala2"))?.includes("DOWN"), "DOWN on the page");
    expect(await page.locator("#summary").textContent()).toBe("2 of 3 Impalads are up");
    if (PICTURES !== undefined) {
      await page.waitForTimeout(3000);
      await page.screenshot({ path: join(PICTURES, "status-page.png"), fullPage: true });
    }

    const again = await startImpaladProgram("impala2", { port: impalads[1]?.port });
    await eventually(async () => (await stateOf(page, "impala2"))?.includes("UP"), "UP on the page");
    expect(await page.evaluate(() => "notReloaded" in globalThis)).toBe(true);

    await page.setViewportSize({ width: 375, height: 740 });
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(overflow).toBe(0);
    working = false;
    await load;
    expect(foreign).toEqual([]);
    expect(troubles).toEqual([]);
    await balancer.stop();
    await eventually(
      async () => (await page.locator("#live").textContent()) === "no answer from the balancer",
      "staleness told",
    );
    again.child.kill("SIGTERM");
  });
});
