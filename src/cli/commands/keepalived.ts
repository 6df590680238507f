import { type KeepalivedNode, renderKeepalived } from "../../engines/keepalived/keepalived.ts";
import { MISSING, settingsFailure } from "../../messages/failures/setup/settings.ts";
import { answerOf, isSet } from "../../setup/answers/answers.ts";
import { OPTIONS } from "../../setup/answers/options.ts";
import type { Context } from "../context.ts";
import { documentFor } from "../render/document.ts";
import type { CommandModule } from "../result.ts";

/** `keepalived print`: one host's part of a pair. */
export const keepalivedPrint: CommandModule = {
  async run(context) {
    const node = (name: string, address: TextKey): KeepalivedNode => ({
      name,
      address: required(context, address),
      interface: required(context, "interface"),
    });
    const self = node("this-host", "ownIp");
    const peer = node("other-host", "peerIp");
    const text = renderKeepalived({
      virtualAddress: required(context, "virtualIp"),
      routerId: Number(required(context, "routerId")),
      nodes: isSet(context.given, "preferred") ? [self, peer] : [peer, self],
      local: self.name,
    });
    return { document: { configuration: text }, text: documentFor(context.streams.stdout, text) };
  },
};

type TextKey = "interface" | "virtualIp" | "ownIp" | "peerIp" | "routerId";

function required({ given }: Context, key: TextKey): string {
  const value = answerOf(given, key);
  if (value !== undefined) return value;
  throw settingsFailure("missing-settings", {
    what: MISSING.flag(OPTIONS[key].flag),
    hint: MISSING.keepalivedHint,
  });
}
