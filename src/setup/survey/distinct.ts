import { type Endpoint, formatEndpoint } from "../../domain/endpoint.ts";
import { type Addresses, namesToLookUp, withoutTwins } from "../../domain/twins.ts";
import { balancerWarning } from "../../messages/warnings/balancer.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import type { World } from "../world/world.ts";

/**
 * The answers with each Impalad once, with a warning for each that was named again: in another case, with the default
 * port written out, by its name and by its address. Names are looked up only where that can matter.
 */
export async function distinctImpalads(
  answers: Answers,
  { network, warn }: Pick<World, "network" | "warn">,
): Promise<Answers> {
  const answer = answers.impalads;
  const impalads = answerOf(answers, "impalads");
  if (answer === undefined || impalads === undefined) return answers;
  const addresses = await lookedUp(impalads, network);
  const { items, twins } = withoutTwins(impalads, (endpoint) => endpoint, addresses);
  for (const { kept, dropped, address } of twins) {
    warn(
      balancerWarning("impalad-twice", {
        kept: formatEndpoint(kept),
        dropped: formatEndpoint(dropped),
        address,
      }),
    );
  }
  return twins.length === 0 ? answers : { ...answers, impalads: { value: items, origin: answer.origin } };
}

async function lookedUp(impalads: readonly Endpoint[], network: World["network"]): Promise<Addresses> {
  const names = namesToLookUp(impalads);
  const found = names.map(async (name) => [name, await network.addressesOf(name)] as const);
  return new Map(await Promise.all(found));
}
