import type { Text } from "../../domain/text.ts";
import type { Algorithm } from "./algorithm.ts";
import { first } from "./first.ts";
import { leastconn } from "./leastconn.ts";
import { roundrobin } from "./roundrobin.ts";
import { source } from "./source.ts";

/** One value of `balance`. */
export interface AlgorithmRow {
  /** A fresh one per listener: turns are kept inside. */
  readonly create: () => Algorithm;
  /** A source address keeps its backend, in the stick table; the algorithm only places sources that are new. */
  readonly sticky?: true;
  /** For people: where a new session or connection goes. */
  readonly meaning: Text;
}

/**
 * Every way to spread work, in the order in which people are told of them. The specification's schema, the option
 * `--balance`, completion and the status page are made from it: a further one is a file of this folder and a row.
 */
export const ALGORITHMS = {
  // Connections that cannot be routed by session are placed as `source` places them.
  session: {
    create: source,
    sticky: true,
    meaning: {
      en: "each session to the Impalad with the fewest; every query to the owner of its session",
      ja: "セッションの最も少ない Impalad に割り当て、クエリをセッションの持ち主に送る",
    },
  },
  source: {
    create: source,
    sticky: true,
    meaning: { en: "one Impalad per client address", ja: "クライアントのアドレスごとに 1 つの Impalad" },
  },
  leastconn: {
    create: leastconn,
    meaning: { en: "the Impalad with the fewest connections", ja: "接続の最も少ない Impalad" },
  },
  roundrobin: {
    create: roundrobin,
    meaning: { en: "one Impalad after the other", ja: "順番に割り当てる" },
  },
  first: {
    create: first,
    meaning: { en: "the first Impalad that has room", ja: "空きのある最初の Impalad" },
  },
} as const satisfies Readonly<Record<string, AlgorithmRow>>;

export type Balance = keyof typeof ALGORITHMS;

export const BALANCES = Object.keys(ALGORITHMS) as readonly Balance[];

/** For people: what each of them does. */
export const BALANCE_MEANINGS = Object.fromEntries(
  BALANCES.map((name) => [name, ALGORITHMS[name].meaning]),
) as Readonly<Record<Balance, Text>>;

export function algorithmRow(balance: Balance): AlgorithmRow {
  return ALGORITHMS[balance];
}
