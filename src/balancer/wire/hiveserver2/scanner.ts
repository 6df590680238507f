import {
  CALL,
  FIXED,
  I32,
  int32,
  LIST,
  MAP,
  ONEWAY,
  REPLY,
  SET,
  STOP,
  STRING,
  STRUCT,
  VERSION_1,
} from "../thrift/types.ts";
import { MessageFacts } from "./message-facts.ts";
import { Nesting } from "./nesting.ts";
import * as state from "./scan-states.ts";
import * as tcli from "./tcli-service.ts";

/**
 * A streaming scanner for messages of Thrift's strict TBinaryProtocol (thrift/doc/specs/thrift-binary-protocol.md). It
 * finds where a message ends and, on the way, what routing needs: method, handle identifiers, and the status of a
 * reply. It never copies a payload and never allocates by a length that the peer claims, so hostile lengths cost
 * nothing but their own bytes.
 */

const MAX_NAME = 256;
/** Of an error message, as much as is needed to tell what it says. */
const MESSAGE_BYTES = 200;
/** A call names one session or operation, Impala's profile calls both. */
const MAX_HANDLES = 4;

const TOO_DEEP = "nested too deeply";

/** Scans one message after the other; `reset()` between two. Fields describe the message scanned so far. */
export class MessageScanner extends MessageFacts {
  #state = state.VERSION;
  #skip = 0;
  /** Bytes of a fixed-size item that fell on the end of a chunk. */
  readonly #scratch = Buffer.alloc(Math.max(...state.NEEDS));
  #have = 0;
  readonly #nesting = new Nesting();
  #wanted = 0;
  #fieldType = 0;

  override reset(): void {
    super.reset();
    this.#state = state.VERSION;
    this.#skip = 0;
    this.#have = 0;
    this.#nesting.reset();
  }

  /**
   * Scans `chunk` from `from` up to `to`.
   * @returns where it stopped: `to`, or right after the message's last byte when `done`, or at the fault
   */
  push(chunk: Buffer, from: number, to: number): number {
    const stopped = this.#scan(chunk, from, to);
    this.size += stopped - from;
    return stopped;
  }

  #scan(chunk: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && !this.done && this.fault === undefined) {
      if (this.#state === state.STRING_LENGTH && this.#have === 0) at = this.#strings(chunk, at, to);
      if (at === to) break;
      const needs = state.NEEDS[this.#state] ?? 0;
      if (needs === 0) {
        at = this.#consume(chunk, at, to);
      } else if (this.#have === 0 && to - at >= needs) {
        this.#item(chunk, at);
        at += needs;
      } else {
        const taken = Math.min(needs - this.#have, to - at);
        chunk.copy(this.#scratch, this.#have, at, at + taken);
        this.#have += taken;
        at += taken;
        if (this.#have < needs) break;
        this.#have = 0;
        this.#item(this.#scratch, 0);
      }
    }
    return at;
  }

  /** The common content of results: whole strings of a list of strings, one after the other. */
  #strings(chunk: Buffer, from: number, to: number): number {
    const nesting = this.#nesting;
    if (nesting.top < 0 || !nesting.isList(nesting.top) || this.#wantsMessage()) return from;
    let at = from;
    let { left } = nesting;
    // The last string goes the usual way, which also ends the list.
    while (left > 1 && to - at >= 4) {
      const length = int32(chunk, at);
      if (length < 0 || length > to - at - 4) break;
      at += 4 + length;
      left--;
    }
    nesting.left = left;
    return at;
  }

  /** Consumes bytes of a name, a message or a payload, as many as there are. */
  #consume(chunk: Buffer, at: number, to: number): number {
    if (this.#state === state.NAME || this.#state === state.MESSAGE) {
      const end = Math.min(to, at + this.#wanted);
      const text = chunk.toString("latin1", at, end);
      this.#wanted -= end - at;
      if (this.#state === state.NAME) {
        this.method += text;
        if (this.#wanted === 0) {
          this.named = true;
          this.#state = state.SEQUENCE;
        }
      } else {
        this.errorMessage += text;
        if (this.#wanted === 0) this.#skipBytes(this.#skip);
      }
      return end;
    }
    const end = Math.min(to, at + this.#skip);
    this.#skip -= end - at;
    if (this.#skip === 0) this.#valueEnded();
    return end;
  }

  /** One fixed-size item, complete at `bytes[at]`. */
  #item(bytes: Buffer, at: number): void {
    switch (this.#state) {
      case state.FIELD_TYPE: {
        const type = bytes[at] ?? 0;
        if (type === STOP) this.#structEnded();
        else {
          this.#fieldType = type;
          this.#state = state.FIELD_ID;
        }
        return;
      }
      case state.FIELD_ID:
        this.#nesting.enterField(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
        // The status is the first field of a response: with a later one it is complete.
        if (this.#nesting.top === 1 && this.#nesting.field(1) !== tcli.RESPONSE_STATUS)
          this.statusKnown = true;
        this.#beginValue(this.#fieldType);
        return;
      case state.STRING_LENGTH:
        this.#beginString(int32(bytes, at));
        return;
      case state.LIST_HEADER:
        this.#beginContainer(LIST, bytes[at] ?? 0, 0, int32(bytes, at + 1));
        return;
      case state.MAP_HEADER:
        this.#beginContainer(MAP, bytes[at] ?? 0, bytes[at + 1] ?? 0, int32(bytes, at + 2));
        return;
      case state.GUID:
        this.#nesting.setGuid(bytes.toString("latin1", at, at + tcli.HANDLE_BYTES));
        this.#valueEnded();
        return;
      case state.OPTION:
        if (tcli.KEEPS_SESSIONS.compare(bytes, at, at + tcli.KEEPS_SESSIONS.length) === 0) {
          this.keepsSessions = true;
        }
        this.#valueEnded();
        return;
      case state.STATUS:
        this.statusCode = int32(bytes, at);
        this.#valueEnded();
        return;
      case state.VERSION:
        this.type = bytes[at + 3] ?? 0;
        if (int32(bytes, at) >>> 16 !== VERSION_1 || this.type < CALL || this.type > ONEWAY) {
          this.fault = "not the start of a Thrift message";
        }
        this.statusKnown = this.type !== REPLY;
        this.#state = state.NAME_LENGTH;
        return;
      case state.NAME_LENGTH:
        this.#wanted = int32(bytes, at);
        if (this.#wanted <= 0 || this.#wanted > MAX_NAME) this.fault = "method name of impossible length";
        this.#state = state.NAME;
        return;
      case state.SEQUENCE:
        this.#beginStruct();
        return;
    }
  }

  #beginValue(type: number): void {
    switch (type) {
      case STRING:
        this.#state = state.STRING_LENGTH;
        return;
      case STRUCT:
        this.#beginStruct();
        return;
      case LIST:
      case SET:
        this.#state = state.LIST_HEADER;
        return;
      case MAP:
        this.#state = state.MAP_HEADER;
        return;
    }
    const size = FIXED[type] ?? 0;
    if (size === 0) this.fault = `unknown type ${type}`;
    else if (type === I32 && this.#inStatus() && this.#nesting.field(2) === tcli.STATUS_CODE)
      this.#state = state.STATUS;
    else this.#skipBytes(size);
  }

  #beginString(length: number): void {
    if (length < 0) {
      this.fault = "negative length";
      return;
    }
    const nesting = this.#nesting;
    if (length === tcli.HANDLE_BYTES && nesting.containers === 0) {
      const field = nesting.field(nesting.top);
      if (field === tcli.HANDLE_GUID) {
        this.#state = state.GUID;
        return;
      }
      if (field === tcli.HANDLE_SECRET) nesting.setSecret();
    }
    if (length > 0 && this.#wantsMessage()) {
      this.errorMessage = "";
      this.#wanted = Math.min(length, MESSAGE_BYTES);
      this.#skip = length - this.#wanted;
      this.#state = state.MESSAGE;
      return;
    }
    if (length === tcli.KEEPS_SESSIONS.length && this.#isOption()) {
      this.#state = state.OPTION;
      return;
    }
    this.#skipBytes(length);
  }

  /** At a key of the configuration in a reply to OpenSession. */
  #isOption(): boolean {
    const nesting = this.#nesting;
    return (
      this.type === REPLY &&
      nesting.top === 2 &&
      nesting.containers === 1 &&
      nesting.field(0) === tcli.SUCCESS &&
      nesting.field(1) === tcli.OPENED_CONFIGURATION &&
      nesting.left % 2 === 0
    );
  }

  #beginContainer(kind: typeof LIST | typeof MAP, keyType: number, valueType: number, count: number): void {
    const size = FIXED[keyType] ?? 0;
    if (count < 0) this.fault = "negative count";
    else if (count === 0) this.#valueEnded();
    else if (kind === LIST && size > 0) this.#skipBytes(size * count);
    else if (this.#nesting.pushContainer(kind, keyType, valueType, count)) this.#beginValue(keyType);
    else this.fault = TOO_DEEP;
  }

  #beginStruct(): void {
    if (this.#nesting.pushStruct()) this.#state = state.FIELD_TYPE;
    else this.fault = TOO_DEEP;
  }

  #structEnded(): void {
    const nesting = this.#nesting;
    const { handle } = nesting;
    if (handle !== "" && this.handles.length < MAX_HANDLES) this.handles.push(handle);
    if (nesting.top <= 1) this.statusKnown = true;
    nesting.popStruct();
    this.#valueEnded();
  }

  /** Goes on after a value: with the next field, the next element, or whatever the enclosing value goes on with. */
  #valueEnded(): void {
    const nesting = this.#nesting;
    while (nesting.top >= 0) {
      if (nesting.isStruct(nesting.top)) {
        this.#state = state.FIELD_TYPE;
        return;
      }
      const type = nesting.nextElement();
      if (type >= 0) {
        this.#beginValue(type);
        return;
      }
    }
    this.done = true;
    this.#state = state.END;
  }

  #skipBytes(count: number): void {
    this.#skip = count;
    if (count === 0) this.#valueEnded();
    else this.#state = state.SKIP;
  }

  /** Inside the status of a response. */
  #inStatus(): boolean {
    const nesting = this.#nesting;
    return (
      this.type === REPLY &&
      nesting.top >= 2 &&
      nesting.field(0) === tcli.SUCCESS &&
      nesting.field(1) === tcli.RESPONSE_STATUS
    );
  }

  /** At a status's errorMessage, or at the first of its infoMessages. */
  #wantsMessage(): boolean {
    if (!this.#inStatus()) return false;
    const nesting = this.#nesting;
    if (nesting.top === 2) return nesting.field(2) === tcli.ERROR_MESSAGE;
    return (
      nesting.top === 3 &&
      nesting.isList(3) &&
      nesting.field(2) === tcli.INFO_MESSAGES &&
      this.errorMessage === ""
    );
  }
}
