import { toJsonSchema } from "@valibot/to-json-schema";
import { specSchema } from "../src/balancer/spec/spec.ts";

/** Where the table of keys stands. */
export const SPEC_PAGE = "docs/balancer.md";
const START = "<!-- specification:start -->";
const END = "<!-- specification:end -->";

/** What of JSON Schema the page needs. */
interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/**
 * The JSON Schema (2020-12) of a specification as people write it. What only code can check (addresses, networks, names
 * that must differ) it lets pass; `balancer check` tells those.
 */
export function balancerSchema(): object {
  // A check is a function: the schema has its description and examples instead.
  const { $schema, ...schema } = toJsonSchema(specSchema, {
    target: "draft-2020-12",
    typeMode: "input",
    ignoreActions: ["check"],
  });
  return {
    $schema,
    title: "hue-impala-setup balancer specification",
    description: "What `hue-impala-setup balancer run --spec FILE` runs. All times are seconds.",
    ...schema,
  };
}

/**
 * The files that are made from the schema of the balancer specification, by their path from the project's root.
 * @param page the present text of {@link SPEC_PAGE}
 */
export function balancerSpecFiles(page: string): Map<string, string> {
  const schema = balancerSchema();
  const from = page.indexOf(START) + START.length;
  const to = page.indexOf(END);
  if (to < from) throw new Error(`${SPEC_PAGE} has no place for the table of the specification`);
  const rows = keys(schema, "").map((cells) => `| ${cells.join(" | ")} |\n`);
  const table = `| key | default | meaning |\n|---|---|---|\n${rows.join("")}`;
  return new Map([
    ["docs/balancer.schema.json", `${JSON.stringify(schema, null, 2)}\n`],
    [SPEC_PAGE, `${page.slice(0, from)}\n\n${table}\n${page.slice(to)}`],
  ]);
}

/** Each key once, those below `listeners[]` with a dot before them. */
function keys(schema: Schema, above: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const place = above === "" ? name : `${above}.${name}`;
    const key = property.items?.properties === undefined ? place : `${place}[]`;
    const row = [
      `\`${key.replace(/^listeners\[\](?=\.)/, "")}\``,
      defaultText(property),
      property.description ?? "",
    ];
    return [row, ...keys(property, key), ...keys(property.items ?? {}, key)];
  });
}

/** Defaults of objects are those of their keys. */
function defaultText({ default: value }: Schema): string {
  if (value === undefined || typeof value === "object") return "";
  return typeof value === "string" ? `\`${value}\`` : String(value);
}
