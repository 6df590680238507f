import type { Socket } from "node:net";
import { Failure, messageOf } from "../../../domain/failure.ts";
import { CHECKED } from "../../../messages/checks.ts";
import { readInput } from "../../../system/files/read-input.ts";
import { after } from "../../time/clock.ts";
import { FramePayloads } from "../../wire/sasl/frames.ts";
import { encodeSaslMessage } from "../../wire/sasl/messages.ts";
import { COMPLETE, OK, saslStart } from "../../wire/sasl/negotiation.ts";
import { encodeBinary } from "../../wire/thrift/encode.ts";
import { LateAnswer, type LoggedIn, SocketChannel } from "./login.ts";

const PASSWORD = { en: "the password of the health check", ja: "ヘルスチェックのパスワード" };
const MOST_BYTES = 4096;

/**
 * A check's login with SASL PLAIN (LDAP). The file is read each time, so that a new password counts at once. A login
 * that is refused says nothing about the backend: the password may have been changed, or LDAP may be down.
 * @param timeout seconds
 */
export async function plainLogin(
  socket: Socket,
  user: string,
  passwordFile: string,
  timeout: number,
): Promise<LoggedIn> {
  let password: Buffer;
  try {
    password = await readPassword(passwordFile);
  } catch (error) {
    const reason = error instanceof Failure ? error.message : messageOf(error);
    return { outcome: "unusable", text: CHECKED.noLogin(reason) };
  }
  const channel = new SocketChannel(socket);
  const timer = after(timeout, () => channel.messages.fail(new LateAnswer()));
  const response = Buffer.concat([Buffer.from(`\0${user}\0`), password]);
  try {
    channel.write(Buffer.concat([saslStart("PLAIN"), encodeSaslMessage(OK, response)]));
    const { status } = await channel.messages.next();
    if (status !== COMPLETE) return { outcome: "unusable", text: CHECKED.noLogin(`${user} was refused`) };
    const payloads = new FramePayloads();
    return { seal: encodeBinary, open: (chunk) => payloads.take(chunk), release: () => undefined };
  } catch (error) {
    if (error instanceof LateAnswer)
      return { outcome: "failed", text: CHECKED.callLate("the login", timeout) };
    return { outcome: "unusable", text: CHECKED.noLogin(messageOf(error)) };
  } finally {
    clearTimeout(timer);
    channel.end();
    password.fill(0);
    response.fill(0);
  }
}

/** Without the line's end that editors leave. */
async function readPassword(path: string): Promise<Buffer> {
  const { bytes } = await readInput(path, { what: PASSWORD, most: MOST_BYTES });
  const end = bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  const password = Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
  bytes.fill(0);
  return password;
}
