/**
 * Reads of connections that do little go into one buffer that all share, and are copied out: an idle connection owns
 * none.
 */
export const SHARED_SIZE = 16 * 1024;
/** Sizes that a connection grows through while its reads come back full. */
export const GROWN_SIZES = [64 * 1024, 256 * 1024] as const;
/** Bytes of free buffers kept for the next connection that grows. */
const KEPT_BYTES = 4 * 1024 * 1024;

export const sharedBuffer: Buffer = Buffer.allocUnsafeSlow(SHARED_SIZE);

const free = new Map<number, Buffer[]>(GROWN_SIZES.map((size) => [size, []]));
let keptBytes = 0;

let growing = true;

/** While memory is short no connection reads into a buffer of its own. */
export function limitGrowth(limited: boolean): void {
  growing = !limited;
}

/** A buffer of one of the grown sizes, used before if there is one; the shared one while memory is short. */
export function takeBuffer(size: number): Buffer {
  if (!growing) return sharedBuffer;
  const buffer = free.get(size)?.pop();
  if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
  keptBytes -= size;
  return buffer;
}

/** Gives a buffer back that nothing reads or writes any more. */
export function giveBuffer(buffer: Buffer): void {
  if (keptBytes + buffer.length > KEPT_BYTES) return;
  const list = free.get(buffer.length);
  if (list === undefined) return;
  keptBytes += buffer.length;
  list.push(buffer);
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
