/** One thing that the doctor looked at. */
export interface Finding {
  /** Stable name of the check, kebab-case. */
  readonly check: string;
  /** `skipped`: it could not be looked at. */
  readonly status: "ok" | "warning" | "problem" | "skipped";
  readonly message: string;
  /** What to do about a warning or a problem. */
  readonly remedy?: string;
}
