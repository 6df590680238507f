import type { GenericSchema, InferOutput } from "valibot";
import { UNUSABLE } from "../../messages/failures/cloudera/answers.ts";
import { type Call, unexpectedReply } from "../http/failures.ts";
import { tooIntricate } from "../http/json.ts";
import type { Reply } from "../http/transport.ts";
import { shaped } from "./shapes.ts";

/**
 * What a 2xx answer says, in the shape that was promised.
 * @throws CmFailure code `cm-unexpected-reply`: not JSON, more than is read, or of another shape
 */
export function readAnswer<S extends GenericSchema>(
  reply: Pick<Reply, "body" | "json">,
  schema: S,
  call: Call,
): InferOutput<S> {
  const result = shaped(schema, reply.json ?? readJson(reply.body, call));
  if (!result.ok) throw unexpectedReply(call, result.why);
  return result.value;
}

function readJson(body: Buffer, call: Call): unknown {
  if (body.length === 0) throw unexpectedReply(call, UNUSABLE.empty);
  const refused = tooIntricate(body);
  if (refused !== undefined) throw unexpectedReply(call, refused);
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw unexpectedReply(call, UNUSABLE.notJson);
  }
}
