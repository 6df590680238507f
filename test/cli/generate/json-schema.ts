interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
}

const KNOWN = new Set([
  "$schema",
  "title",
  "description",
  "type",
  "const",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "minItems",
  "items",
  "anyOf",
  "properties",
  "additionalProperties",
  "required",
  "default",
  "examples",
]);

/**
 * What of a document a JSON Schema refuses: the words of JSON Schema 2020-12 that the project's schemas use.
 * @throws Error for a word it does not know, so that nothing is passed over in silence
 */
export function violations(schema: Schema, value: unknown, where = "$"): string[] {
  for (const word of Object.keys(schema)) if (!KNOWN.has(word)) throw new Error(`unknown word ${word}`);
  const { anyOf } = schema;
  if (anyOf !== undefined) {
    return anyOf.some((one) => violations(one, value, where).length === 0) ? [] : [`${where}: none of anyOf`];
  }
  if (schema.type !== undefined && !isOfType(schema.type, value))
    return [`${where}: not of type ${schema.type}`];
  if (schema.const !== undefined && value !== schema.const) return [`${where}: not ${String(schema.const)}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${where}: not in enum`];
  if (typeof value === "string" && !new RegExp(schema.pattern ?? "", "u").test(value))
    return [`${where}: pattern`];
  if (
    typeof value === "number" &&
    !(value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value))
  ) {
    return [`${where}: out of range`];
  }
  if (typeof value === "number" && value <= (schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY)) {
    return [`${where}: out of range`];
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return [`${where}: too few`];
    return value.flatMap((item, index) => violations(schema.items ?? {}, item, `${where}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const known = schema.properties?.[name];
    if (known !== undefined) return violations(known, member, `${where}.${name}`);
    return schema.additionalProperties === false ? [`${where}: unknown ${name}`] : [];
  });
  return [...missing.map((name) => `${where}: ${name} is missing`), ...wrong];
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
