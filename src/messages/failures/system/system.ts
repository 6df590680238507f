import { failuresOf } from "../../../domain/catalogue.ts";
import { FILE_FAILURES } from "./files.ts";
import { INPUT_FAILURES } from "./inputs.ts";
import { PROGRAM_FAILURES } from "./programs.ts";

/** What can go wrong between this program and the host: files, inputs, programs. */
export const SYSTEM_FAILURES = { ...FILE_FAILURES, ...INPUT_FAILURES, ...PROGRAM_FAILURES } as const;

export const systemFailure = failuresOf(SYSTEM_FAILURES);
