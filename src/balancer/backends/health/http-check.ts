import { isIPv6, type Socket } from "node:net";
import { CHECKED } from "../../../messages/checks.ts";
import { exchange, type StepResult } from "./exchange.ts";

/**
 * Asks an Impalad's web server for `/healthz` (Impala 3.4 and later): 200 is good, 503 means that it takes no new
 * work (starting or shutting down). A page that is missing (404), protected (401, 403) or moved says nothing about
 * the Impalad. A web server that accepts the connection but does not answer in time is frozen.
 * @param timeout seconds
 */
export async function askHealthPage(
  socket: Socket,
  host: string,
  path: string,
  timeout: number,
): Promise<StepResult> {
  const name = isIPv6(host) ? `[${host}]` : host;
  const request = `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: hue-impala-setup\r\nConnection: close\r\n\r\n`;
  const answer = await exchange(socket, request, timeout, statusOf);
  if ("none" in answer) {
    if (answer.none === "timeout") return { outcome: "failed", text: CHECKED.pageLate(path, timeout) };
    return { outcome: "unusable", text: CHECKED.pageClosed(path) };
  }
  const status = answer.value;
  if (status === 200) return { outcome: "good", text: CHECKED.pageGood(path) };
  if (status === 503) return { outcome: "stopping", text: CHECKED.pageStopping(path) };
  return { outcome: "unusable", text: CHECKED.pageOther(path, status) };
}

/** The status of an HTTP answer once its first line is complete; 0: not HTTP. */
function statusOf(answer: Buffer): number | undefined {
  const line = answer.toString("latin1", 0, 64);
  const match = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(line);
  if (match !== null) return Number(match[1]);
  return answer.length >= 16 || !"HTTP/1.".startsWith(line.slice(0, 7)) ? 0 : undefined;
}
