import { IMPALAD_WEB_PORT } from "../../domain/well-known.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import type { Network } from "../world/network.ts";
import type { Survey } from "./survey.ts";

const PATH = "/healthz";

/**
 * The web port on which every chosen Impalad answers `/healthz` with 200, as an addition to the surroundings. Before
 * Impala 3.4 there is no such page, and a locked one (401) is no check either: then connect checks have to do.
 */
export async function commonHealthzPort(
  answers: Answers,
  survey: Survey,
  network: Network,
): Promise<{ healthzPort?: number }> {
  const impalads = answerOf(answers, "impalads");
  if (answerOf(answers, "balancer") === "external" || impalads === undefined || impalads.length === 0)
    return {};
  const web = new Map(
    survey.discovery?.impalads.map((found) => [`${found.host}:${found.port}`, found.webPort]),
  );
  const ports = new Set(impalads.map(({ host, port }) => web.get(`${host}:${port}`) ?? IMPALAD_WEB_PORT));
  const [port] = ports;
  if (port === undefined || ports.size > 1) return {};
  const healthy = await Promise.all(impalads.map(({ host }) => network.hasPage({ host, port }, PATH)));
  return healthy.every(Boolean) ? { healthzPort: port } : {};
}
