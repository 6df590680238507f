import { request } from "node:http";
import { type Answers, answerOf } from "../answers/answers.ts";
import type { Survey } from "./survey.ts";

/** Impala's default `--webserver_port`. */
const WEB_PORT = 25000;
const PATH = "/healthz";
const PATIENCE = 2000;

/**
 * The web port on which every chosen Impalad answers `/healthz` with 200, as an addition to the surroundings. Before
 * Impala 3.4 there is no such page, and a locked one (401) is no check either: then connect checks have to do.
 */
export async function commonHealthzPort(answers: Answers, survey: Survey): Promise<{ healthzPort?: number }> {
  const impalads = answerOf(answers, "impalads");
  if (answerOf(answers, "balancer") === "external" || impalads === undefined || impalads.length === 0)
    return {};
  const web = new Map(
    survey.discovery?.impalads.map((found) => [`${found.host}:${found.port}`, found.webPort]),
  );
  const ports = new Set(impalads.map(({ host, port }) => web.get(`${host}:${port}`) ?? WEB_PORT));
  const [port] = ports;
  if (port === undefined || ports.size > 1) return {};
  const healthy = await Promise.all(impalads.map(({ host }) => answers200(host, port)));
  return healthy.every(Boolean) ? { healthzPort: port } : {};
}

function answers200(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = request({ host, port, path: PATH, timeout: PATIENCE, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    attempt.on("timeout", () => attempt.destroy(new Error("timed out")));
    attempt.on("error", () => resolve(false));
    attempt.end();
  });
}
