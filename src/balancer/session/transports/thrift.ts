import { SPOKEN } from "../../../messages/routing.ts";
import { plainFraming } from "../../wire/message-reader.ts";
import { CALL, ONEWAY, VERSION_1 } from "../../wire/thrift/types.ts";
import { begins, type Transport } from "./transport.ts";

const START = Buffer.from([VERSION_1 >> 8, VERSION_1 & 0xff]);

/** Thrift's strict binary protocol directly on the connection (Hue's `use_sasl=false`): the first message is a call. */
export const thrift: Transport = {
  name: "thrift",
  title: SPOKEN.thrift,
  recognises: (head) => {
    const strict = begins(head, START);
    if (strict !== true) return strict;
    return head.length < 4 ? undefined : head[3] === CALL || head[3] === ONEWAY;
  },
  routing: { framing: plainFraming },
};
