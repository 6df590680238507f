/**
 * Reads of connections that do little go into one buffer that all share, and are copied out: an idle connection owns
 * none. Also the bytes that may wait for one slow client before its backend is read no further: Node's own high water
 * mark differs from version to version (16 kB in Node 20, 64 kB from 22 on).
 */
export const SHARED_SIZE = 16 * 1024;
/** Sizes that a connection grows through while its reads come back full. */
export const GROWN_SIZES = [64 * 1024, 256 * 1024] as const;
/** Bytes of free buffers kept for the next connection that grows. */
const KEPT_BYTES = 4 * 1024 * 1024;
/**
 * Bytes of grown buffers in use at once, all connections together: whoever comes later reads into the shared one. So
 * any number of clients that do not read cost no more than this and one small piece each.
 */
export const IN_USE_LIMIT = 24 * 1024 * 1024;

export const sharedBuffer: Buffer = Buffer.allocUnsafeSlow(SHARED_SIZE);

const free = new Map<number, Buffer[]>(GROWN_SIZES.map((size) => [size, []]));
let keptBytes = 0;
let inUse = 0;
let growing = true;

/** Bytes of grown buffers in use now. */
export function grownBytes(): number {
  return inUse;
}

/** While memory is short no connection gets a grown buffer. */
export function limitGrowth(limited: boolean): void {
  growing = !limited;
}

/**
 * A buffer of one of the grown sizes, used before if there is one; undefined while too many are in use, or memory is
 * short.
 */
export function takeBuffer(size: number): Buffer | undefined {
  if (!growing || inUse + size > IN_USE_LIMIT) return undefined;
  inUse += size;
  const buffer = free.get(size)?.pop();
  if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
  keptBytes -= size;
  return buffer;
}

/** Gives back a buffer that {@link takeBuffer} gave and that nothing reads or writes any more. */
export function giveBuffer(buffer: Buffer): void {
  inUse -= buffer.length;
  if (keptBytes + buffer.length > KEPT_BYTES) return;
  keptBytes += buffer.length;
  free.get(buffer.length)?.push(buffer);
}

/** A buffer that {@link takeBuffer} gave is no longer counted; whatever still reads it keeps it alive. */
export function forgetBuffer(buffer: Buffer): void {
  inUse -= buffer.length;
}

/** Lets go of the free buffers: called when the balancer has been quiet. */
export function dropFreeBuffers(): void {
  for (const list of free.values()) list.length = 0;
  keptBytes = 0;
}

/** The next size up from a full read of `size` bytes. */
export function grown(size: number): number {
  return GROWN_SIZES.find((candidate) => candidate > size) ?? size;
}
