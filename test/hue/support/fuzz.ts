import fc from "fast-check";

/** How many generated documents a run compares; the long tests ask for more. */
export const DOCUMENTS = Number(process.env["HUE_FUZZ_RUNS"] ?? 20_000);

/** A new seed each time, printed, so that a failure can be had again. */
const SEED = Number(process.env["HUE_FUZZ_SEED"] ?? Date.now() % 2 ** 31);

const BATCH = 250;

/** Runs `check` over batches of generated documents, `total` of them in all. */
export async function overDocuments(
  documents: fc.Arbitrary<Uint8Array>,
  total: number,
  check: (batch: Uint8Array[]) => Promise<void>,
): Promise<void> {
  console.log(`${total} generated documents, seed ${SEED} (HUE_FUZZ_SEED)`);
  const batch = fc.array(documents, { minLength: BATCH, maxLength: BATCH });
  // The check itself names the documents that fail, so that shrinking a batch of them is not worth its time.
  await fc.assert(fc.asyncProperty(batch, check), {
    seed: SEED,
    numRuns: Math.ceil(total / BATCH),
    endOnFailure: true,
  });
}
