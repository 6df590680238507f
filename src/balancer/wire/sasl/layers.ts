/** The layers of RFC 4752, 3.1: what follows is plain, protected against changes, or encrypted as well. */
export const LAYERS = { none: 1, integrity: 2, confidentiality: 4 } as const;
export type Layer = (typeof LAYERS)[keyof typeof LAYERS];

/** From the weakest to the strongest. */
const ALL: readonly Layer[] = [LAYERS.none, LAYERS.integrity, LAYERS.confidentiality];
const HEADER = 4;
const SIZE_BITS = 0xffffff;

/** Largest buffer that can be told, in bytes. */
export const LARGEST_BUFFER = SIZE_BITS;

/** What a server offers: the layers as bits, and the largest buffer that it takes. */
export interface LayerOffer {
  readonly layers: number;
  readonly largest: number;
}

/** What a client has chosen, and as whom it wants to act; empty: as whom it has logged in. */
export interface LayerChoice {
  readonly layer: Layer;
  readonly largest: number;
  readonly authzid: string;
}

export function encodeLayers(layers: number, largest: number): Buffer {
  const bytes = Buffer.alloc(HEADER);
  bytes.writeUInt32BE(layers * (SIZE_BITS + 1) + largest);
  return bytes;
}

/** The offer, or undefined: it is none. */
export function decodeOffer(bytes: Buffer): LayerOffer | undefined {
  if (bytes.length !== HEADER) return undefined;
  const layers = (bytes[0] ?? 0) & 7;
  return layers === 0 ? undefined : { layers, largest: bytes.readUIntBE(1, 3) };
}

/** The choice, or undefined: it is none, or not of what was offered. @param offered layers as bits */
export function decodeChoice(bytes: Buffer, offered: number): LayerChoice | undefined {
  if (bytes.length < HEADER) return undefined;
  const layer = ALL.find((each) => each === bytes[0]);
  if (layer === undefined || (layer & offered) === 0) return undefined;
  const largest = bytes.readUIntBE(1, 3);
  if (layer !== LAYERS.none && largest === 0) return undefined;
  return { layer, largest, authzid: bytes.toString("utf8", HEADER) };
}

/** The weakest of the offered layers that is not weaker than `least`; undefined: there is none. */
export function layerFrom(offered: number, least: Layer): Layer | undefined {
  return ALL.find((each) => each >= least && (each & offered) !== 0);
}
