/** What Node calls work in its threads that nothing can break off: a look-up of a name, a call to the file system. */
const IN_A_THREAD = /^(GetAddrInfo|GetNameInfo|FSReq)/;

/**
 * Ends this process with `code`. `process.exit()` waits for Node's threads, and so for ever where one hangs in a
 * look-up of a name or at a dead network drive: then the process dies of `signal`.
 */
export function endProcess(code: number, signal: NodeJS.Signals): void {
  if (!process.getActiveResourcesInfo().some((name) => IN_A_THREAD.test(name))) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** As {@link endProcess}, unless the process has ended by itself within so many milliseconds. */
export function endProcessAfter(milliseconds: number, code: number, signal: NodeJS.Signals): void {
  setTimeout(() => endProcess(code, signal), milliseconds).unref();
}
