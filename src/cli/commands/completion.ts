import { completion as completionScript } from "../generate/completion/completion.ts";
import type { CommandModule } from "../result.ts";

/** `completion bash|zsh`. */
export const completion: CommandModule = {
  async run({ invocation }) {
    const script = completionScript(invocation.argument === "zsh" ? "zsh" : "bash");
    return { document: { script }, text: script };
  },
};
