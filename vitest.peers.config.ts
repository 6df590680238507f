import { suite } from "./vitest.config.ts";

export default suite(["test/peers/**/*.test.ts"]);
