/** Something the administrator should know though the run goes on. `code` is stable, kebab-case, English. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}
