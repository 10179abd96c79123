import { suggestion } from "./problem.js";
import type { Schema } from "./schema.js";
import type { Expression } from "./syntax.js";
import type { Type } from "./types.js";
import { ANY, iteration, readType } from "./types.js";

type Call = Expression & { kind: "call" };

/** What a call of a function yields; an unknown function, or a wrong number of arguments, is reported. */
export function callType(call: Call, types: readonly Type[], schema: Schema, report: (message: string) => void): Type {
  const known = schema.functions[call.name];
  if (known === undefined) {
    report(`there is no function '${call.name}'${suggestion(call.name, Object.keys(schema.functions))}`);
    return ANY;
  }
  const count = types.length;
  if (!call.expanded && (count < known.min || (known.max !== undefined && count > known.max))) {
    const wanted = known.max === known.min ? known.min : `${known.min} or more`;
    report(`'${call.name}' takes ${wanted} arguments and gets ${count}`);
  }
  switch (call.name) {
    case "merge":
      return call.expanded ? ANY : merged(types);
    case "toset":
      return { kind: "set", element: iteration(types[0] ?? ANY).value };
    case "tolist":
      return { kind: "list", element: iteration(types[0] ?? ANY).value };
    default:
      return readType(known.returns);
  }
}

function merged(types: readonly Type[]): Type {
  if (!types.every((each) => each.kind === "object")) {
    return ANY;
  }
  const attributes = types.flatMap((each) => (each.kind === "object" ? [...each.attributes] : []));
  return { kind: "object", attributes: new Map(attributes) };
}
