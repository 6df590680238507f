import { describe, expect, it } from "vitest";
import { candidateUrls, isLoopback, redirectTarget } from "../../src/cloudera/client/address.ts";
import { thrownBy } from "./support.ts";

describe("the address of Cloudera Manager", () => {
  it.each([
    ["https://cm.example.com:7183", ["https://cm.example.com:7183"]],
    ["http://cm.example.com:7180/", ["http://cm.example.com:7180"]],
    ["HTTPS://CM.example.com", ["https://cm.example.com"]],
    ["https://cm.example.com:7183/cmf/home", ["https://cm.example.com:7183"]],
    ["https://cm.example.com:7183/api/v45/clusters", ["https://cm.example.com:7183"]],
    ["https://proxy.example.com/cm/", ["https://proxy.example.com/cm"]],
    ["cm.example.com", ["https://cm.example.com:7183", "http://cm.example.com:7180"]],
    [" cm ", ["https://cm:7183", "http://cm:7180"]],
    ["cm.example.com:7180", ["http://cm.example.com:7180"]],
    ["cm.example.com:7183", ["https://cm.example.com:7183"]],
    ["cm.example.com:443", ["https://cm.example.com:443", "http://cm.example.com:443"]],
    ["192.0.2.7", ["https://192.0.2.7:7183", "http://192.0.2.7:7180"]],
    ["2001:db8::7", ["https://[2001:db8::7]:7183", "http://[2001:db8::7]:7180"]],
    ["[2001:db8::7]:7180", ["http://[2001:db8::7]:7180"]],
  ])("%j is tried as %j", (given, urls) => {
    expect(candidateUrls(given)).toEqual(urls);
  });

  it.each([
    ["", "bad-cm-url"],
    ["ftp://cm.example.com", "bad-cm-url"],
    ["https://", "bad-cm-url"],
    ["https://cm.example.com:99999", "bad-cm-url"],
    ["cm example com", "bad-cm-url"],
    ["https://admin:s3cret@cm.example.com", "cm-url-has-credentials"],
    ["cm.example.com:7182", "cm-agent-port"],
    ["https://cm.example.com:7182", "cm-agent-port"],
  ])("%j is refused: %s", (given, code) => {
    const failure = thrownBy(() => candidateUrls(given));
    expect(failure).toMatchObject({ kind: "settings", code });
    expect(failure.hint).toBeTruthy();
    expect(`${failure.message}${failure.hint}`).not.toContain("s3cret");
  });
});

describe("the redirect from 7180 to 7183", () => {
  it.each([
    ["http://cm.example.com:7180", "https://cm.example.com:7183/api/version", "https://cm.example.com:7183"],
    ["http://cm:7180", "https://cm.example.com:7183/", "https://cm.example.com:7183"],
    ["https://cm.example.com:443", "https://cm.example.com:7183/x", "https://cm.example.com:7183"],
  ])("from %s to %s leads to %s", (from, location, target) => {
    expect(redirectTarget(from, location)).toBe(target);
  });

  it.each([
    ["to another host", "http://cm.example.com:7180", "https://evil.example.org:7183/"],
    ["to a longer name of an address", "http://192.0.2.7:7180", "https://192.0.2.7.evil.example.org/"],
    ["to plain http", "https://cm.example.com:7183", "http://cm.example.com:7180/"],
    ["to itself", "https://cm.example.com:7183", "/cmf/login"],
    ["to nowhere", "http://cm.example.com:7180", undefined],
    ["to nonsense", "http://cm.example.com:7180", "https://[bad"],
  ])("%s is refused", (_, from, location) => {
    expect(thrownBy(() => redirectTarget(from, location))).toMatchObject({
      kind: "settings",
      code: "cm-redirected",
    });
  });

  it.each([
    ["http://127.0.0.1:7180", true],
    ["http://127.9.9.9", true],
    ["http://[::1]:7180", true],
    ["http://localhost", true],
    ["http://localhost.evil.example.org", false],
    ["http://128.0.0.1", false],
    ["http://127.example.com", false],
  ])("%s is this machine: %s", (url, loopback) => {
    expect(isLoopback(url)).toBe(loopback);
  });
});
