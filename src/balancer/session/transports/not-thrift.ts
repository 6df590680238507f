import { sameText } from "../../../domain/text.ts";
import { begins, type Transport } from "./transport.ts";

/** TLS begins with a handshake record of version 3.x (RFC 8446, 5.1). */
export const tls: Transport = {
  name: "tls",
  title: sameText("TLS"),
  recognises: (head) => begins(head, Buffer.from([0x16, 3])),
};

const METHODS = ["POST ", "GET ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PRI "].map((each) =>
  Buffer.from(each),
);

/** HTTP (Hue's `use_thrift_http`) begins with a method. */
export const http: Transport = {
  name: "http",
  title: sameText("HTTP"),
  recognises: (head) => {
    const told = METHODS.map((method) => begins(head, method));
    return told.includes(true) || (told.includes(undefined) ? undefined : false);
  },
};
