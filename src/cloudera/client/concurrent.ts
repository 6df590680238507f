/**
 * Requests under way at once: enough to hide latency, few enough not to burden a Cloudera Manager that people work
 * with.
 */
const WIDTH = 4;

/** Runs `task` for every item, {@link WIDTH} at a time; results in the order of the items. The first error ends it. */
export async function gathered<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, items.length) }, worker));
  return results;
}
