import * as state from "./scan-states.ts";
import {
  CALL,
  FIXED,
  int32,
  ONEWAY,
  REPLY,
  T_I32,
  T_LIST,
  T_MAP,
  T_SET,
  T_STRING,
  T_STRUCT,
} from "./thrift-types.ts";

/**
 * A streaming scanner for messages of Thrift's strict TBinaryProtocol (thrift/doc/specs/thrift-binary-protocol.md). It finds where a
 * message ends and, on the way, what routing needs: method, handle identifiers, and the status of a reply. It never copies a payload and
 * never allocates by a length that the peer claims, so hostile lengths cost nothing but their own bytes.
 */

const MAX_DEPTH = 64;
const MAX_NAME = 256;
/** Of an error message, as much as is needed to tell what it says. */
const MESSAGE_BYTES = 200;
/** A call names one session or operation, Impala's profile calls both. */
const MAX_HANDLES = 4;

const STRUCT = 0;
const LIST = 1;
const MAP = 2;

/** Scans one message after the other; `reset()` between two. Fields describe the message scanned so far. */
export class MessageScanner {
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
  /** The status of a reply is known, or will not come any more; for other messages as soon as it is known that they are. */
  statusKnown = false;
  /** TStatus.errorMessage, else the first of its infoMessages (latin1, cut). */
  errorMessage = "";

  #state = state.VERSION;
  #skip = 0;
  /** Bytes of a fixed-size item that fell on the end of a chunk. */
  readonly #scratch = Buffer.alloc(state.HANDLE_BYTES);
  #have = 0;
  #top = -1;
  #containers = 0;
  readonly #kind = new Uint8Array(MAX_DEPTH);
  readonly #field = new Int16Array(MAX_DEPTH);
  readonly #keyType = new Uint8Array(MAX_DEPTH);
  readonly #valueType = new Uint8Array(MAX_DEPTH);
  readonly #remaining = new Float64Array(MAX_DEPTH);
  readonly #guid: string[] = new Array<string>(MAX_DEPTH).fill("");
  readonly #secret = new Uint8Array(MAX_DEPTH);
  #wanted = 0;
  #fieldType = 0;

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
    this.#state = state.VERSION;
    this.#skip = 0;
    this.#have = 0;
    this.#top = -1;
    this.#containers = 0;
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
    const top = this.#top;
    if (top < 0 || this.#kind[top] !== LIST || this.#wantsMessage()) return from;
    let at = from;
    let left = this.#remaining[top] ?? 0;
    // The last string goes the usual way, which also ends the list.
    while (left > 1 && to - at >= 4) {
      const length = int32(chunk, at);
      if (length < 0 || length > to - at - 4) break;
      at += 4 + length;
      left--;
    }
    this.#remaining[top] = left;
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
        if (type === 0) this.#structEnded();
        else {
          this.#fieldType = type;
          this.#state = state.FIELD_ID;
        }
        return;
      }
      case state.FIELD_ID:
        this.#field[this.#top] = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
        // The status is the first field of a response: with a later one it is complete.
        if (this.#top === 1 && this.#field[1] !== 1) this.statusKnown = true;
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
        this.#guid[this.#top] = bytes.toString("latin1", at, at + state.HANDLE_BYTES);
        this.#valueEnded();
        return;
      case state.STATUS:
        this.statusCode = int32(bytes, at);
        this.#valueEnded();
        return;
      case state.VERSION:
        this.type = bytes[at + 3] ?? 0;
        if (bytes[at] !== 0x80 || bytes[at + 1] !== 0x01 || this.type < CALL || this.type > ONEWAY) {
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
        this.#pushFrame(STRUCT);
        return;
    }
  }

  #beginValue(type: number): void {
    switch (type) {
      case T_STRING:
        this.#state = state.STRING_LENGTH;
        return;
      case T_STRUCT:
        this.#pushFrame(STRUCT);
        return;
      case T_LIST:
      case T_SET:
        this.#state = state.LIST_HEADER;
        return;
      case T_MAP:
        this.#state = state.MAP_HEADER;
        return;
    }
    const size = FIXED[type] ?? 0;
    if (size === 0) this.fault = `unknown type ${type}`;
    else if (type === T_I32 && this.#inStatus() && this.#field[2] === 1) this.#state = state.STATUS;
    else this.#skipBytes(size);
  }

  #beginString(length: number): void {
    if (length < 0) {
      this.fault = "negative length";
      return;
    }
    if (length === state.HANDLE_BYTES && this.#containers === 0) {
      if (this.#field[this.#top] === 1) {
        this.#state = state.GUID;
        return;
      }
      if (this.#field[this.#top] === 2) this.#secret[this.#top] = 1;
    }
    if (length > 0 && this.#wantsMessage()) {
      this.errorMessage = "";
      this.#wanted = Math.min(length, MESSAGE_BYTES);
      this.#skip = length - this.#wanted;
      this.#state = state.MESSAGE;
      return;
    }
    this.#skipBytes(length);
  }

  #beginContainer(kind: number, keyType: number, valueType: number, count: number): void {
    if (count < 0) {
      this.fault = "negative count";
      return;
    }
    const size = FIXED[keyType] ?? 0;
    if (count === 0) this.#valueEnded();
    else if (kind === LIST && size > 0) this.#skipBytes(size * count);
    else {
      this.#pushFrame(kind);
      if (this.fault !== undefined) return;
      this.#keyType[this.#top] = keyType;
      this.#valueType[this.#top] = valueType;
      this.#remaining[this.#top] = kind === MAP ? count * 2 : count;
      this.#containers++;
      this.#beginValue(keyType);
    }
  }

  #pushFrame(kind: number): void {
    if (this.#top + 1 >= MAX_DEPTH) {
      this.fault = "nested too deeply";
      return;
    }
    this.#top++;
    this.#kind[this.#top] = kind;
    this.#field[this.#top] = -1;
    if (kind !== STRUCT) return;
    this.#guid[this.#top] = "";
    this.#secret[this.#top] = 0;
    this.#state = state.FIELD_TYPE;
  }

  #structEnded(): void {
    const guid = this.#guid[this.#top] ?? "";
    if (guid !== "" && this.#secret[this.#top] === 1 && this.handles.length < MAX_HANDLES)
      this.handles.push(guid);
    if (this.#top <= 1) this.statusKnown = true;
    this.#top--;
    this.#valueEnded();
  }

  /** Goes on after a value: with the next field, the next element, or whatever the enclosing value goes on with. */
  #valueEnded(): void {
    for (;;) {
      const top = this.#top;
      if (top < 0) {
        this.done = true;
        this.#state = state.END;
        return;
      }
      if (this.#kind[top] === STRUCT) {
        this.#state = state.FIELD_TYPE;
        return;
      }
      const left = (this.#remaining[top] ?? 0) - 1;
      this.#remaining[top] = left;
      if (left > 0) {
        const isValue = this.#kind[top] === MAP && left % 2 === 1;
        this.#beginValue((isValue ? this.#valueType[top] : this.#keyType[top]) ?? 0);
        return;
      }
      this.#containers--;
      this.#top--;
    }
  }

  #skipBytes(count: number): void {
    this.#skip = count;
    if (count === 0) this.#valueEnded();
    else this.#state = state.SKIP;
  }

  /** Inside result field 0 (success), response field 1 (status). */
  #inStatus(): boolean {
    return this.type === REPLY && this.#top >= 2 && this.#field[0] === 0 && this.#field[1] === 1;
  }

  /** At TStatus field 5 (errorMessage), or at the first element of field 2 (infoMessages). */
  #wantsMessage(): boolean {
    if (!this.#inStatus()) return false;
    if (this.#top === 2) return this.#field[2] === 5;
    return this.#top === 3 && this.#kind[3] === LIST && this.#field[2] === 2 && this.errorMessage === "";
  }
}
