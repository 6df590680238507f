import { join } from "node:path";
import { type Catalogue, catalogueOf } from "../../src/cli/generate/codes.ts";
import { ROOT, sources } from "./tree.ts";

/** The catalogue as its files hold it: also a table that nothing imports. */
export async function wholeCatalogue(): Promise<Catalogue> {
  const files = ["src/domain/address-failures.ts", ...sources("src/messages")];
  return catalogueOf(await Promise.all(files.map((path) => import(join(ROOT, path)))));
}
