import { choicesOf, type OptionType } from "../../setup/answers/option.ts";
import { type ShownOption, tableOptions } from "./rows.ts";

type Schema = { [name: string]: unknown };

const TEXT = { type: "string", pattern: "\\S" } as const;

/**
 * The JSON Schema (2020-12) of an answers file: the dotted paths of the option table as nested objects, unknown
 * keys refused as the program does. What `--save-answers` writes is valid.
 */
export function answersSchema(): Schema {
  const properties: Schema = { version: { const: 1, description: "Version of this format." } };
  for (const option of tableOptions()) {
    if (option.path !== undefined) place(properties, option.path.split("."), valueSchema(option));
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "hue-impala-setup answers file",
    description:
      "Settings for hue-impala-setup --answers FILE, in YAML or JSON. Passwords do not belong in it.",
    type: "object",
    additionalProperties: false,
    properties,
  };
}

function place(properties: Schema, path: readonly string[], schema: Schema): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    properties[name] = schema;
    return;
  }
  const branch = (properties[name] ?? {
    type: "object",
    additionalProperties: false,
    properties: {},
  }) as { properties: Schema };
  properties[name] = branch;
  place(branch.properties, rest, schema);
}

function valueSchema(option: ShownOption): Schema {
  const description = [`${option.help.en} (${option.flag})`];
  if (option.defaultText !== undefined) description.push(`default: ${option.defaultText.en}`);
  return { description: description.join("; "), ...valuesSchema(option) };
}

/** Several values are a list, or one text that separates them by commas. */
function valuesSchema({ type, repeatable }: ShownOption): Schema {
  if (!repeatable) return typeSchema(type);
  return { anyOf: [{ type: "array", items: TEXT, minItems: 1 }, TEXT] };
}

function typeSchema(type: OptionType): Schema {
  switch (type.kind) {
    case "flag":
      // YAML 1.2 reads yes and no as texts; Ansible users write them.
      return { enum: [true, false, "yes", "no", "on", "off"] };
    case "port":
      return { type: "integer", minimum: 1, maximum: 65535 };
    case "seconds":
      return { type: "integer", minimum: 1, maximum: 2147483 };
    case "choice":
      return { enum: [...choicesOf(type)] };
    case "endpoint":
      return { type: "string", pattern: "^\\S+:[0-9]{1,5}$" };
    case "host":
      return { type: "string", pattern: "^[A-Za-z0-9._:-]+$" };
    case "network":
    case "text":
    case "path":
      return TEXT;
  }
}
