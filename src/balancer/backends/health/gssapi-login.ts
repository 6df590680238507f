import type { Socket } from "node:net";
import { CHECKED } from "../../../messages/checks.ts";
import type { Kerberos } from "../../gssapi/kerberos.ts";
import { beginLogin, loginFault } from "../../gssapi/login.ts";
import { GssError } from "../../gssapi/status.ts";
import { after } from "../../time/clock.ts";
import { FramePayloads } from "../../wire/sasl/frames.ts";
import { LAYERS } from "../../wire/sasl/layers.ts";
import { encodeBinary } from "../../wire/thrift/encode.ts";
import { LateAnswer, type LoggedIn, SocketChannel } from "./login.ts";

/**
 * A check's login with Kerberos, as the listener's principal. A ticket that cannot be had says nothing about the
 * backend; one that it refuses does, for so it would refuse those of clients.
 * @param timeout seconds
 */
export async function gssapiLogin(
  socket: Socket,
  kerberos: Kerberos,
  host: string,
  timeout: number,
): Promise<LoggedIn> {
  const channel = new SocketChannel(socket);
  const timer = after(timeout, () => channel.messages.fail(new LateAnswer()));
  try {
    const login = await beginLogin(channel, { initiator: kerberos.own, host, deadline: timeout * 1000 });
    const layer = await login.finish(LAYERS.none);
    const payloads = new FramePayloads();
    return {
      seal: (message) => (layer === undefined ? encodeBinary(message) : layer.seal(encodeBinary(message))),
      open: (chunk) => payloads.take(layer === undefined ? chunk : layer.open(chunk)),
      release: () => layer?.release(),
    };
  } catch (error) {
    if (error instanceof LateAnswer)
      return { outcome: "failed", text: CHECKED.callLate("the login", timeout) };
    const ours = error instanceof GssError && error.fault !== "other-principal";
    if (ours) return { outcome: "unusable", text: CHECKED.noLogin(error.line) };
    return { outcome: "failed", text: CHECKED.loginRefused(loginFault(error)) };
  } finally {
    clearTimeout(timer);
    channel.end();
  }
}
