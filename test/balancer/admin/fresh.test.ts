import { expect, test } from "vitest";
import { Fresh } from "../../../src/balancer/admin/page/fresh.ts";

test("made once for all who ask meanwhile and for a second after; a failure is not kept", async () => {
  let now = 0;
  let made = 0;
  let finish: (value: string) => void = () => undefined;
  let fail: (reason: Error) => void = () => undefined;
  const make = (): Promise<string> => {
    made++;
    return new Promise((resolve, reject) => {
      finish = resolve;
      fail = reject;
    });
  };
  const fresh = new Fresh(make, () => now);
  const [first, second] = [fresh.get(), fresh.get()];
  now = 5000;
  const third = fresh.get();
  finish("one");
  expect(await Promise.all([first, second, third])).toEqual(["one", "one", "one"]);
  now = 5999;
  expect(await fresh.get()).toBe("one");
  expect(made).toBe(1);
  now = 6000;
  const failing = fresh.get();
  fail(new Error("no"));
  await expect(failing).rejects.toThrow("no");
  const again = fresh.get();
  finish("two");
  expect(await again).toBe("two");
  expect(made).toBe(3);
});
