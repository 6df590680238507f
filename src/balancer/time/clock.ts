/** Milliseconds on a clock that never jumps (not the time of day). Injected wherever time matters. */
export type Clock = () => number;

export const monotonic: Clock = () => performance.now();

/** Node fires a timer at once when it is longer than this many milliseconds (24.8 days). */
const LONGEST_TIMER = 2 ** 31 - 1;

/** `setTimeout` for seconds of any length: a longer wait than Node can keep is cut to the longest it can. */
export function after(seconds: number, callback: () => void): NodeJS.Timeout {
  return setTimeout(callback, Math.min(Math.ceil(seconds * 1000), LONGEST_TIMER));
}
