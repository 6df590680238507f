/** What routing needs to know of a Thrift message, as far as it has been scanned. */
export class MessageFacts {
  /** The whole message has been seen. */
  done = false;
  /** Why this is not a Thrift message; nothing more is consumed then. */
  fault: string | undefined;
  /** Bytes of the message seen so far. */
  size = 0;
  type = 0;
  method = "";
  /** `method` is complete. */
  named = false;
  /** The 16-byte guids of handle identifiers outside containers, as latin1 strings, in order, at most 4. */
  handles: string[] = [];
  /** TStatus.statusCode of a reply, once seen. */
  statusCode: number | undefined;
  /**
   * The status of a reply is known, or will not come any more; for other messages as soon as it is known that they are.
   */
  statusKnown = false;
  /** TStatus.errorMessage, else the first of its infoMessages (latin1, cut). */
  errorMessage = "";
  /** A reply to OpenSession names an option of a version that keeps sessions when their connection ends. */
  keepsSessions = false;

  /** The next message begins. */
  reset(): void {
    this.done = false;
    this.fault = undefined;
    this.size = 0;
    this.type = 0;
    this.method = "";
    this.named = false;
    if (this.handles.length > 0) this.handles = [];
    this.statusCode = undefined;
    this.statusKnown = false;
    this.errorMessage = "";
    this.keepsSessions = false;
  }
}
