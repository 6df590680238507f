import { LIST, MAP, MAX_DEPTH, STRUCT } from "../thrift/types.ts";

/**
 * The values that enclose the one being scanned, outermost first. Allocates nothing while scanning, however deeply a
 * peer nests.
 */
export class Nesting {
  /** Depth of the innermost; -1: outside of all. */
  top = -1;
  /** How many of them are lists and maps. */
  containers = 0;
  readonly #kind = new Uint8Array(MAX_DEPTH);
  readonly #field = new Int16Array(MAX_DEPTH);
  readonly #keyType = new Uint8Array(MAX_DEPTH);
  readonly #valueType = new Uint8Array(MAX_DEPTH);
  readonly #remaining = new Float64Array(MAX_DEPTH);
  readonly #guid: string[] = new Array<string>(MAX_DEPTH).fill("");
  readonly #secret = new Uint8Array(MAX_DEPTH);

  reset(): void {
    this.top = -1;
    this.containers = 0;
  }

  /** @returns false when that is nested too deeply */
  pushStruct(): boolean {
    if (!this.#push(STRUCT)) return false;
    this.#guid[this.top] = "";
    this.#secret[this.top] = 0;
    return true;
  }

  /**
   * @param kind a set is a list
   * @param keyType of a map's keys, or of a list's elements
   * @param count of elements, or of pairs
   * @returns false when that is nested too deeply
   */
  pushContainer(kind: typeof LIST | typeof MAP, keyType: number, valueType: number, count: number): boolean {
    if (!this.#push(kind)) return false;
    this.#keyType[this.top] = keyType;
    this.#valueType[this.top] = valueType;
    this.#remaining[this.top] = kind === MAP ? count * 2 : count;
    this.containers++;
    return true;
  }

  #push(kind: number): boolean {
    if (this.top + 1 >= MAX_DEPTH) return false;
    this.top++;
    this.#kind[this.top] = kind;
    this.#field[this.top] = -1;
    return true;
  }

  /** The innermost struct has ended. */
  popStruct(): void {
    this.top--;
  }

  /**
   * An element of the innermost container has ended. @returns the type of the next; -1: there is none, and the
   * container has ended
   */
  nextElement(): number {
    const left = this.left - 1;
    this.left = left;
    if (left > 0) {
      const isValue = this.#kind[this.top] === MAP && left % 2 === 1;
      return (isValue ? this.#valueType[this.top] : this.#keyType[this.top]) ?? 0;
    }
    this.containers--;
    this.top--;
    return -1;
  }

  /** Elements (a map's keys and values) of the innermost container that have not ended yet. */
  get left(): number {
    return this.#remaining[this.top] ?? 0;
  }

  set left(count: number) {
    this.#remaining[this.top] = count;
  }

  isStruct(depth: number): boolean {
    return this.#kind[depth] === STRUCT;
  }

  isList(depth: number): boolean {
    return this.#kind[depth] === LIST;
  }

  /** The present field of the struct at this depth; -1: none yet, or no struct. */
  field(depth: number): number {
    return this.#field[depth] ?? -1;
  }

  enterField(id: number): void {
    this.#field[this.top] = id;
  }

  /**
   * The innermost struct looks like a handle identifier: a guid of 16 bytes as its field 1, a secret of 16 as its field
   * 2.
   */
  setGuid(guid: string): void {
    this.#guid[this.top] = guid;
  }

  setSecret(): void {
    this.#secret[this.top] = 1;
  }

  /** The guid of the innermost struct if it is a handle identifier, else "". */
  get handle(): string {
    return this.#secret[this.top] === 1 ? (this.#guid[this.top] ?? "") : "";
  }
}
