import { describe, expect, it } from "vitest";
import { reach } from "../../src/cloudera/client/connect.ts";
import { Exchange } from "../../src/cloudera/http/exchange.ts";
import { RETRY, realPace } from "../../src/cloudera/http/retry.ts";
import { NetworkFault, type Reply, type Request, type Transport } from "../../src/cloudera/http/transport.ts";
import { Secret } from "../../src/domain/secret.ts";
import type { Warning } from "../../src/domain/warning.ts";
import { failureOf } from "./support.ts";

/** A transport to hosts that are not this machine: answers from a table and keeps what it was sent. */
function recorded(answer: (request: Request) => Reply | NetworkFault): {
  sent: Request[];
  transport: Transport;
} {
  const sent: Request[] = [];
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      const outcome = answer(request);
      if (outcome instanceof NetworkFault) throw outcome;
      return outcome;
    },
    close: () => undefined,
  };
  return { sent, transport };
}

const reply = (status: number, body = "", headers: Record<string, string> = {}): Reply => {
  return { status, headers, cookies: [], body: Buffer.from(body) };
};

function exchangeOver(transport: Transport): Exchange {
  const pace = { ...realPace, sleep: async () => undefined };
  return new Exchange({
    transport,
    user: "admin",
    password: new Secret("s3cret"),
    timeout: 1,
    pace,
    retry: RETRY,
  });
}

describe("the first question over plain http to another machine", () => {
  const plain = "http://cm.example.com:7180";

  it("goes without the password; the redirect to https is answered with it", async () => {
    const { sent, transport } = recorded(({ url }) =>
      url.startsWith("http:")
        ? reply(302, "", { location: "https://cm.example.com:7183/api/version" })
        : reply(200, "v45"),
    );
    const warnings: Warning[] = [];
    expect(await reach([plain], exchangeOver(transport), warnings)).toEqual({
      url: "https://cm.example.com:7183",
      serverVersion: 45,
    });
    expect(sent.map(({ url, headers }) => [url, "Authorization" in headers])).toEqual([
      [`${plain}/api/version`, false],
      ["https://cm.example.com:7183/api/version", true],
    ]);
    expect(warnings.map((warning) => warning.code)).toEqual(["cm-redirected"]);
  });

  it("without a redirect the password follows, with a warning that it is not encrypted", async () => {
    const { sent, transport } = recorded(({ headers }) =>
      "Authorization" in headers ? reply(200, "v19") : reply(401, "<html>Error 401</html>"),
    );
    const warnings: Warning[] = [];
    expect(await reach([plain], exchangeOver(transport), warnings)).toEqual({
      url: plain,
      serverVersion: 19,
    });
    expect(sent).toHaveLength(2);
    expect(warnings.map((warning) => warning.code)).toEqual(["cm-plain-http"]);
  });

  it("a second redirect is refused", async () => {
    const { transport } = recorded(({ url }) =>
      reply(302, "", {
        location: url.startsWith("http:") ? "https://cm.example.com:7183/" : "https://cm.example.com:7184/",
      }),
    );
    const failure = await failureOf(reach([plain], exchangeOver(transport), []));
    expect(failure).toMatchObject({ kind: "settings", code: "cm-redirected" });
  });

  it("over https the password is sent at once", async () => {
    const { sent, transport } = recorded(() => reply(200, "v45"));
    await reach(["https://cm.example.com:7183"], exchangeOver(transport), []);
    expect(sent.map(({ headers }) => "Authorization" in headers)).toEqual([true]);
  });

  it("a bare host whose TLS port drops packets is tried once there, then on the plain port", async () => {
    const { sent, transport } = recorded(({ url }) =>
      url.startsWith("https:") ? new NetworkFault("TIMEOUT", "no answer") : reply(200, "v45"),
    );
    const candidates = ["https://cm.example.com:7183", plain];
    expect((await reach(candidates, exchangeOver(transport), [])).url).toBe(plain);
    expect(sent).toHaveLength(2);
  });

  it("a bare host whose TLS port breaks off once is asked again there", async () => {
    let asked = 0;
    const { sent, transport } = recorded(() => {
      asked += 1;
      return asked === 1 ? new NetworkFault("ECONNRESET", "reset") : reply(200, "v45");
    });
    const candidates = ["https://cm.example.com:7183", plain];
    expect((await reach(candidates, exchangeOver(transport), [])).url).toBe("https://cm.example.com:7183");
    expect(sent).toHaveLength(2);
  });

  it.each([
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    "ECONNRESET",
  ])("%s on the TLS port never leads to the plain port", async (code) => {
    const { sent, transport } = recorded(() => new NetworkFault(code, code));
    await failureOf(reach(["https://cm.example.com:7183", plain], exchangeOver(transport), []));
    expect(sent.every(({ url }) => url.startsWith("https:"))).toBe(true);
  });
});
