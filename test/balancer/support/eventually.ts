/** Asks again and again until it holds; the limit is generous because the machine may be busy. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  what = "the awaited state",
  seconds = 30,
): Promise<Exclude<T, undefined | null | false>> {
  const until = performance.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<T, undefined | null | false>;
      }
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > until)
      throw new Error(`${what} did not come within ${seconds} s: ${String(last)}`);
    await pause(20);
  }
}

/** For scenarios whose statement is about time itself. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
