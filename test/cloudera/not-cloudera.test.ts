import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KnoxBehaviour, startCloudera, startKnox } from "../../fixtures/cloudera-manager/index.ts";
import { candidateUrls, redirectTarget } from "../../src/cloudera/client/address.ts";
import { openCloudera } from "../../src/cloudera/client/client.ts";
import { discover } from "../../src/cloudera/discovery/discovery.ts";
import { connection, expectNoSecret, failureOf, PASSWORD } from "./support.ts";

const ALONE = { agentConfig: "/nonexistent", systemBundles: [] };

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** What a server answers that is no Cloudera Manager, path by path; anything else is 404 without a body. */
async function failureAt(answers: Readonly<Record<string, Answer>>, path = "") {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const { status, body = "", headers = {} } = answers[request.url ?? ""] ?? { status: 404 };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  try {
    const failure = await failureOf(openCloudera(connection(url), ALONE));
    expectNoSecret(failure);
    return { failure, asked, url };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("a 404 says nothing of an API version", () => {
  it.each<[string, Readonly<Record<string, Answer>>]>([
    ["an empty answer to everything", {}],
    ["a fragment of a page", { "/api/version": { status: 404, body: "<h1>Page not found</h1>" } }],
    ["another API's JSON", { "/api/version": { status: 404, body: '{"message":"no route"}' } }],
    [
      "Ambari, which lists clusters at the same path",
      { "/api/v1/clusters": { status: 200, body: '{"href":"http://ambari/api/v1/clusters","items":[]}' } },
    ],
    ["a path of another that wants a login", { "/api/v1/clusters": { status: 401, body: "Unauthorized" } }],
    ["a page for everything else", { "/api/v1/clusters": { status: 200, body: "<p>Welcome</p>" } }],
  ])("%s: no Cloudera Manager answers there", async (_, answers) => {
    const { failure, url } = await failureAt(answers);
    expect(failure).toMatchObject({ kind: "settings", code: "no-cloudera-manager" });
    expect(failure.message).toContain(`GET ${url}/api/version`);
    expect(failure.message).toContain("404");
    expect(failure.message).not.toContain("API v1");
    expect(failure.hint).toContain("--cm-url");
  });

  it.each<[string, Answer]>([
    ["lists its clusters", { status: 200, body: '{"items":[{"name":"Cluster 1"}]}' }],
    ["lists none", { status: 200, body: '{ "items" : [ ] }' }],
    [
      "refuses the password with its own page",
      { status: 401, body: "<html><title>Error 401 Bad credentials</title></html>" },
    ],
  ])("a first Cloudera Manager, which %s at v1, is too old", async (_, answer) => {
    const { failure } = await failureAt({ "/api/v1/clusters": answer });
    expect(failure).toMatchObject({ kind: "settings", code: "cm-too-old" });
  });

  it("the page of another server is named, with its title", async () => {
    const body = "<html><title>nginx</title></html>";
    const { failure } = await failureAt({ "/api/version": { status: 404, body } });
    expect(failure).toMatchObject({ kind: "failed", code: "cm-unexpected-reply" });
    expect(failure.message).toMatch(/no Cloudera Manager answers at .*"nginx"/);
  });

  it("a path of Knox's proxy that is not the API: the API's is told", async () => {
    const { failure } = await failureAt({}, "/dl/cdp-proxy/cmf/home");
    expect(failure.hint).toContain("/cdp-proxy-api/cm-api");
  });
});

describe("Cloudera Manager behind Knox", () => {
  let cm: Awaited<ReturnType<typeof startCloudera>>;
  beforeAll(async () => {
    cm = await startCloudera({ users: [{ name: "admin", password: PASSWORD, role: "administrator" }] });
  });
  afterAll(() => cm.close());

  it.each([
    ["https://h.example.com/dl/cdp-proxy-api/cm-api", "https://h.example.com/dl/cdp-proxy-api/cm-api"],
    ["https://h.example.com/dl/cdp-proxy-api/cm-api/", "https://h.example.com/dl/cdp-proxy-api/cm-api"],
    ["https://h.example.com/dl/cdp-proxy-api/cm-api/v48", "https://h.example.com/dl/cdp-proxy-api/cm-api"],
    [
      "https://h.example.com:8443/gateway/mine/cm-api/v51/clusters/x/services/api/config",
      "https://h.example.com:8443/gateway/mine/cm-api",
    ],
  ])("%s is asked below %s", (given, base) => {
    expect(candidateUrls(given)).toEqual([base]);
  });

  it.each(["", "/", "/v45"])("is discovered at …/cm-api%s, and no other path is asked", async (tail) => {
    const knox = await startKnox(cm.url);
    const client = await openCloudera(connection(`${knox.url}${tail}`), ALONE);
    expect((await discover(client)).impalads.length).toBeGreaterThan(0);
    client.close();
    await knox.close();
    expect(knox.requests[0]).toBe("GET /gateway/cdp-proxy-api/cm-api/version");
    expect(knox.requests.slice(1).every((line) => line.includes("/cdp-proxy-api/cm-api/v45/"))).toBe(true);
  });

  it("a wrong password that Knox lets through is Cloudera Manager's to refuse", async () => {
    const knox = await startKnox(cm.url);
    const failure = await failureOf(openCloudera(connection(knox.url, "admin", "wrong"), ALONE));
    await knox.close();
    expect(failure).toMatchObject({ kind: "auth", code: "cm-bad-credentials" });
  });

  it.each<[KnoxBehaviour, string, RegExp]>([
    ["refuses", "knox-bad-credentials", /Apache Knox at .* refuses .*not reached/],
    ["negotiate", "cm-other-authentication", /only Negotiate/],
    ["single-sign-on", "cm-redirected", /a page where a person logs in .*knoxsso/],
    ["form", "cm-unexpected-reply", /a page with a form to log in at/],
  ])("Knox that answers itself (%s) is told apart: %s", async (behaviour, code, message) => {
    const knox = await startKnox(cm.url, behaviour);
    const failure = await failureOf(openCloudera(connection(knox.url), ALONE));
    await knox.close();
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toBeTruthy();
    expectNoSecret(failure);
  });

  it.each([
    ["http://h:8080/gw/cm-api", "https://h:8443/gw/cm-api/version", "https://h:8443/gw/cm-api"],
    ["http://h/proxy", "https://h/proxy/api/version", "https://h/proxy"],
    ["http://h/proxy", "https://h/api/version", "https://h"],
  ])("a redirect from %s to %s keeps the path that both have: %s", (from, location, to) => {
    expect(redirectTarget(from, location)).toBe(to);
  });
});
