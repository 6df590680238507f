import { encodeCall, encodeReply, OPERATION, SESSION } from "../balancer/session/support/messages.ts";

const GOOD = { statusCode: 0 };
const REFUSED = {
  statusCode: 3,
  errorMessage: "Invalid session id: 1:2",
  infoMessages: ["*X:Invalid OperationHandle: y"],
};

/** Calls as npm thrift and hive-driver write them. */
export function calls(): Buffer[] {
  return [
    encodeCall("OpenSession", { client_protocol: 5, username: "hue", configuration: { a: "b" } }),
    encodeCall("ExecuteStatement", { sessionHandle: SESSION, statement: "select 1", runAsync: true }),
    encodeCall("FetchResults", { operationHandle: OPERATION, orientation: 0, maxRows: 100 }),
    encodeCall("GetInfo", { sessionHandle: SESSION, infoType: 17 }),
    encodeCall("CloseOperation", { operationHandle: OPERATION }),
    encodeCall("CloseSession", { sessionHandle: SESSION }),
  ];
}

/** Replies to them, good ones and refusals. */
export function replies(): Promise<Buffer[]> {
  const operation = { operationHandle: OPERATION };
  const columns = [{ stringVal: { values: ["one", "two", "three"], nulls: Buffer.alloc(1) } }];
  return Promise.all([
    encodeReply("OpenSession", { client_protocol: 5 }, {
      status: GOOD,
      serverProtocolVersion: 5,
      sessionHandle: SESSION,
      configuration: { http_addr: "impala1:25000" },
    } as never),
    encodeReply("ExecuteStatement", { sessionHandle: SESSION, statement: "x" }, {
      status: GOOD,
      ...operation,
    } as never),
    encodeReply("ExecuteStatement", { sessionHandle: SESSION, statement: "x" }, { status: REFUSED } as never),
    encodeReply("FetchResults", { ...operation, orientation: 0, maxRows: 9 }, {
      status: GOOD,
      hasMoreRows: true,
      results: { startRowOffset: 0, rows: [], columns },
    } as never),
    encodeReply("CloseSession", { sessionHandle: SESSION }, { status: { statusCode: 4 } } as never),
  ]);
}

/** Bytes in a frame of a 4-byte length, as after a SASL login. */
export function frame(payload: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}

/** A message of a SASL negotiation. */
export function negotiation(status: number, payload: string): Buffer {
  return Buffer.concat([Buffer.from([status]), frame(Buffer.from(payload))]);
}

/** What Thrift messages are made of: versions, headers of fields, lengths. */
export const THRIFT_WORDS: readonly Buffer[] = [
  "80010001",
  "80010002",
  "80010003",
  "0b000100000010",
  "0b000200000010",
  "0c0000",
  "0c0001",
  "080001",
  "0f00010b",
  "0f00010c00000001",
  "0d00010b0b00000001",
  "00",
  "7fffffff",
  "ffffffff",
].map((hex) => Buffer.from(hex, "hex"));
