import { suite } from "./vitest.config.ts";

export default suite(["test/long/**/*.test.ts"]);
