import { parseSpec } from "../../balancer/spec/parse-spec.ts";
import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import type { CmReader } from "../../cloudera/client/client.ts";
import { discover } from "../../cloudera/discovery/discovery.ts";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { BALANCER_UNIT } from "../../engines/embedded/units.ts";
import { renderHaproxy } from "../../engines/haproxy/haproxy.ts";
import { HAPROXY_UNIT } from "../../engines/haproxy/unit.ts";
import { settleFailure } from "../../messages/failures/setup/settle.ts";
import { PROGRESS } from "../../messages/progress.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import { settingOf } from "../answers/defaults.ts";
import { readFiles } from "../current/current.ts";
import { type DesiredFile, specText, textFile } from "../desired/balancer.ts";
import { membersFor } from "../desired/spec-for.ts";
import { planBalancer } from "../plan/balancer.ts";
import type { Plan } from "../plan/change.ts";
import { choiceOf, requireEligible } from "../survey/cluster.ts";
import { haproxyVersionFor } from "../survey/haproxy.ts";
import type { Survey } from "../survey/survey.ts";
import type { World } from "../world/world.ts";

/**
 * The plan that makes the balancer's members those that Cloudera Manager names now. Everything else in the
 * specification stays, and a balancer is never left without members. Reads only.
 * @throws Failure `settings`: no specification yet (`sync-before-setup`), or no eligible Impalad
 */
export async function planSync(given: Answers, client: CmReader, world: World): Promise<Plan> {
  const specPath = settingOf(given, "spec");
  const spec = await world.specification(specPath);
  const [listener] = spec?.listeners ?? [];
  if (spec === undefined || listener === undefined) {
    throw settleFailure("sync-before-setup", { path: specPath });
  }
  world.progress(PROGRESS.cluster);
  const discovery = await discover(client, choiceOf(given), { hue: false });
  requireEligible(discovery);
  const impalads = discovery.impalads.filter((impalad) => impalad.eligible);
  const wanted = withMembers(spec, membersFor(impalads, listener), specPath);

  const haproxy = answerOf(given, "balancer") === "haproxy";
  const files = [textFile(specPath, specText(wanted), false)];
  if (haproxy) files.push(haproxyFile(given, wanted, await haproxyVersionFor(given, world)));
  const unit = haproxy ? HAPROXY_UNIT : BALANCER_UNIT;
  const units = await world.unitStates([unit]);
  const service = { unit, managed: true, listen: parseEndpoint(listener.bind), command: [] };
  // A balancer that a person runs by hand is not started here.
  const running = units?.get(unit)?.active === true;
  const current = {
    files: await readFiles(
      files.map(({ path }) => path),
      world,
    ),
    units,
  };
  const changes = planBalancer(running ? { files, service } : { files }, current);
  return {
    changes,
    warnings: discovery.warnings,
    next:
      running || changes.length === 0
        ? []
        : [
            {
              en: `${unit} does not run under systemd: reload the balancer yourself (hue-impala-setup balancer reload)`,
              ja: `${unit} は systemd で動いていない: ロードバランサーを自分で再読み込みする (hue-impala-setup balancer reload)`,
            },
          ],
  };
}

/** Members keep their order and those that stay keep their place, so that a file that needs no change gets none. */
function withMembers(spec: BalancerSpec, members: ReturnType<typeof membersFor>, path: string): BalancerSpec {
  const [first, ...others] = spec.listeners;
  const before = first?.backends.map(({ address }) => address) ?? [];
  const rank = ({ address }: { address: string }) => before.indexOf(address) + 1 || before.length + 1;
  const sorted = [...members].sort((a, b) => rank(a) - rank(b));
  return parseSpec({ ...spec, listeners: [{ ...first, backends: sorted }, ...others] }, path);
}

function haproxyFile(
  given: Answers,
  spec: BalancerSpec,
  { haproxyVersion: version }: Pick<Survey, "haproxyVersion">,
): DesiredFile {
  const path = settingOf(given, "haproxyConfig");
  const text = renderHaproxy(spec, version === undefined ? {} : { version });
  return { ...textFile(path, text, false), checkedBy: "haproxy" };
}
