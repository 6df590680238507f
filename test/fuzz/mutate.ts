import type { Random } from "./random.ts";

/** Whole numbers at which parsers go wrong. */
const EDGES = [
  0,
  1,
  2,
  16,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

/** Longer inputs take time and find nothing more. */
const LONGEST = 64 * 1024;

/** A hostile relative of an input: a few changes, one after the other. */
export function mutate(
  input: Buffer,
  others: readonly Buffer[],
  words: readonly Buffer[],
  random: Random,
): Buffer {
  let bytes: Buffer = Buffer.from(input);
  for (let changes = 1 + random.int(4); changes > 0; changes--) bytes = change(bytes, others, words, random);
  return bytes.length > LONGEST ? bytes.subarray(0, LONGEST) : bytes;
}

function change(bytes: Buffer, others: readonly Buffer[], words: readonly Buffer[], random: Random): Buffer {
  const at = random.int(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.int(random.once(4) ? bytes.length + 1 : 16));
  switch (random.int(9)) {
    case 0:
      return overwrite(bytes, at, Buffer.from([(bytes[at] ?? 0) ^ (1 << random.int(8))]));
    case 1:
      return overwrite(bytes, at, random.bytes(1));
    case 2:
      return overwrite(bytes, at, edge(random));
    case 3:
      return replace(bytes, at, end, Buffer.alloc(0));
    case 4:
      return replace(bytes, at, at, bytes.subarray(at, end));
    case 5:
      return replace(bytes, at, at, random.bytes(1 + random.int(16)));
    case 6:
      return random.once(2) ? bytes.subarray(0, at) : bytes.subarray(at);
    case 7: {
      const other = random.pick(others);
      const from = random.int(other.length + 1);
      return replace(bytes, at, random.once(2) ? at : bytes.length, other.subarray(from));
    }
    default: {
      const word = words.length > 0 ? random.pick(words) : edge(random);
      return replace(bytes, at, random.once(2) ? at : Math.min(bytes.length, at + word.length), word);
    }
  }
}

function edge(random: Random): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(random.pick(EDGES));
  if (random.once(4)) bytes.reverse();
  return bytes.subarray(random.pick([0, 2, 3]));
}

function overwrite(bytes: Buffer, at: number, by: Buffer): Buffer {
  return replace(bytes, at, Math.min(bytes.length, at + by.length), by);
}

function replace(bytes: Buffer, from: number, to: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
}
