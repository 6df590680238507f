import { bashCompletion } from "./bash.ts";
import { zshCompletion } from "./zsh.ts";

/** The completion script that `hue-impala-setup completion bash|zsh` prints. */
export function completion(shell: "bash" | "zsh"): string {
  return shell === "bash" ? bashCompletion() : zshCompletion();
}
