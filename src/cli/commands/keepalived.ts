import { Failure } from "../../domain/failure.ts";
import { type KeepalivedNode, renderKeepalived } from "../../engines/keepalived.ts";
import type { Context } from "../context.ts";
import type { CommandModule } from "../result.ts";

/** `keepalived print`: one host's part of a pair. */
export const keepalivedPrint: CommandModule = {
  async run(context) {
    const node = (name: string, flag: string): KeepalivedNode => ({
      name,
      address: required(context, flag),
      interface: required(context, "--interface"),
    });
    const self = node("this-host", "--own-ip");
    const peer = node("other-host", "--peer-ip");
    const text = renderKeepalived({
      virtualAddress: required(context, "--virtual-ip"),
      routerId: Number(required(context, "--router-id")),
      nodes: context.invocation.own.has("--preferred") ? [self, peer] : [peer, self],
      local: self.name,
    });
    return { document: { configuration: text }, text };
  },
};

function required({ invocation }: Context, flag: string): string {
  const value = invocation.own.get(flag);
  if (typeof value === "string") return value;
  throw new Failure(
    "settings",
    "missing-settings",
    `${flag} is missing`,
    "hue-impala-setup keepalived print --help explains it",
  );
}
