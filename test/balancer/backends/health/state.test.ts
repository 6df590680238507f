import fc from "fast-check";
import { expect, test } from "vitest";
import { afterResult, initialHealth, inTransition } from "../../../../src/balancer/backends/health/state.ts";

const thresholds = { fall: 3, rise: 2 };
const run = (results: string, start = { status: "up" as "up" | "down", against: 0 }) =>
  [...results].reduce((state, each) => afterResult(state, each === "+", thresholds), start);

test("exactly `fall` consecutive failures take it down, exactly `rise` good checks bring it up (R19)", () => {
  expect(run("--").status).toBe("up");
  expect(run("---").status).toBe("down");
  expect(run("--+--").status).toBe("up");
  expect(run("---+").status).toBe("down");
  expect(run("---++").status).toBe("up");
  expect(run("---+-+").status).toBe("down");
});

test("flapping at 50 % never marks it down with fall 3 (R19)", () => {
  expect(run("+-".repeat(1000)).status).toBe("up");
  expect(run("--+".repeat(1000)).status).toBe("up");
});

test("a first check that fails takes a backend down at once, a first good one makes it as good as any", () => {
  const first = initialHealth(thresholds);
  expect(afterResult(first, false, thresholds).status).toBe("down");
  expect(run("--", afterResult(first, true, thresholds)).status).toBe("up");
});

test("the state depends only on the results since the last change, for any thresholds", () => {
  const results = fc.array(fc.boolean(), { maxLength: 60 });
  const threshold = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(results, threshold, threshold, (all, fall, rise) => {
      let state: ReturnType<typeof initialHealth> = { status: "up", against: 0 };
      let model = true;
      let streak = 0;
      for (const good of all) {
        state = afterResult(state, good, { fall, rise });
        streak = good === model ? 0 : streak + 1;
        if (streak >= (model ? fall : rise)) {
          model = !model;
          streak = 0;
        }
        expect(state.status).toBe(model ? "up" : "down");
        expect(inTransition(state)).toBe(streak > 0);
      }
    }),
  );
});
