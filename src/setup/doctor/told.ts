import type { Failure } from "../../domain/failure.ts";
import { type Finding, finding } from "../../domain/finding.ts";
import { sameText } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";

/** What others warn of, as a finding of the same code. */
export function fromWarning({ code, message, text }: Warning): Finding {
  return finding(code, "warning", text ?? sameText(message));
}

/** What keeps others from going on, as a finding of the same code. */
export function fromFailure({ code, text, hintText }: Failure): Finding {
  return finding(code, "problem", text, hintText);
}
