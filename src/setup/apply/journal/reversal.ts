/** Replace `length` bytes at `offset` of a document by `content` (base64, so that any byte survives JSON). */
export interface ReversalEdit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/**
 * The edits that turn `after` back into `before`, line by line: only changed lines are kept, so that a journal never
 * holds the passwords that stand elsewhere in hue.ini or in a valve.
 */
export async function reversal(before: Uint8Array, after: Uint8Array): Promise<ReversalEdit[]> {
  const { diffArrays } = await import("diff");
  const edits: ReversalEdit[] = [];
  let offset = 0;
  let open: { offset: number; length: number; content: string } | undefined;
  const close = () => {
    if (open !== undefined)
      edits.push({ ...open, content: Buffer.from(open.content, "latin1").toString("base64") });
    open = undefined;
  };
  for (const part of diffArrays(lines(after), lines(before))) {
    const text = part.value.join("");
    if (!part.added && !part.removed) {
      close();
    } else {
      open ??= { offset, length: 0, content: "" };
      if (part.added) open.content += text;
      else open.length += text.length;
    }
    if (!part.added) offset += text.length;
  }
  close();
  return edits;
}

/** Applies {@link reversal}'s edits. */
export function reverse(after: Uint8Array, edits: readonly ReversalEdit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const edit of edits) {
    parts.push(after.subarray(position, edit.offset), Buffer.from(edit.content, "base64"));
    position = edit.offset + edit.length;
  }
  parts.push(after.subarray(position));
  return Buffer.concat(parts);
}

/** Lines with their endings, one character per byte. */
function lines(bytes: Uint8Array): string[] {
  return (
    Buffer.from(bytes)
      .toString("latin1")
      .match(/[^\n]*\n|[^\n]+$/g) ?? []
  );
}
