/** A principal: the parts of its name, and its realm. */
export interface Principal {
  readonly parts: readonly string[];
  readonly realm: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "/": "\\/",
  "@": "\\@",
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\b": "\\b",
  "\0": "\\0",
};

/** As Kerberos prints it (krb5_unparse_name): two principals have the same text only if they are the same. */
export function principalText({ parts, realm }: Principal): string {
  const name = parts.map((part) =>
    part.replace(/[/@\\\t\n\x08\0]/g, (character) => ESCAPES[character] ?? character),
  );
  const place = realm.replace(/[@\\\t\n\x08\0]/g, (character) => ESCAPES[character] ?? character);
  return `${name.join("/")}@${place}`;
}
