import TCLIService, { type Request, type Response } from "hive-driver/thrift/gen-nodejs/TCLIService.js";
import thrift from "thrift";

/** A call as npm `thrift` and hive-driver's generated code write it. */
export function encodeCall(method: string, request: Request): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  const output = new thrift.TBufferedTransport(undefined, (message) => {
    bytes = message ?? bytes;
  });
  const client = new TCLIService.Client(output, thrift.TBinaryProtocol);
  const send = client[method];
  if (typeof send !== "function") throw new Error(`no call ${method}`);
  send.call(client, request, () => undefined);
  return bytes;
}

/** A reply as hive-driver's generated processor writes it. */
export async function encodeReply(method: string, request: Request, response: Response): Promise<Buffer> {
  return new Promise((resolve) => {
    const processor = new TCLIService.Processor({ [method]: async (_: Request) => response });
    const input = new thrift.TFramedTransport(encodeCall(method, request));
    const output = new thrift.TBufferedTransport(undefined, (message) => message && resolve(message));
    processor.process(new thrift.TBinaryProtocol(input), new thrift.TBinaryProtocol(output));
  });
}

export const GUID = Buffer.from("0123456789abcdef", "latin1");
export const SECRET = Buffer.from("fedcba9876543210", "latin1");
export const SESSION = { sessionId: { guid: GUID, secret: SECRET } };
export const OPERATION = {
  operationId: { guid: Buffer.from("OPERATION-GUID-1", "latin1"), secret: SECRET },
  operationType: 0,
  hasResultSet: true,
};
