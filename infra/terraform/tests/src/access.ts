import { suggestion } from "./problem.js";
import type { Step } from "./syntax.js";
import { literalText } from "./syntax.js";
import type { Type } from "./types.js";
import { ANY, show } from "./types.js";

/** The type of what one step leads to; undefined where it is not known, or where `report` was told why there is none. */
export function access(type: Type, step: Step, what: string, report: (message: string) => void): Type | undefined {
  const refuse = (message: string): undefined => {
    report(message);
    return undefined;
  };
  if (type.kind === "any" || type.kind === "null") {
    return undefined;
  }
  switch (step.kind) {
    case "splat":
      return type.kind === "list" || type.kind === "set"
        ? type.element
        : type.kind === "map"
          ? refuse(`${what} is a map: [*] is for lists, values() for maps`)
          : type;
    case "index": {
      const key = literalText(step.index);
      if (type.kind === "object" && key !== undefined) {
        return attributeOf(type, key, what, refuse);
      }
      if (type.kind === "set") {
        return refuse(`${what}: a set has no order and cannot be indexed; use one() or tolist()`);
      }
      if (type.kind === "list" || type.kind === "map") {
        return type.element;
      }
      return type.kind === "tuple" || type.kind === "object" ? ANY : refuse(`${what}: ${show(type)} cannot be indexed`);
    }
    case "attribute":
      if (type.kind === "object") {
        return attributeOf(type, step.name, what, refuse);
      }
      if (type.kind === "map") {
        return type.element;
      }
      return refuse(
        `${what}: '.${step.name}' is asked of a ${show(type)}${type.kind === "list" ? ", which has to be indexed first" : ""}`,
      );
  }
}

function attributeOf(
  type: Type & { kind: "object" },
  name: string,
  what: string,
  refuse: (message: string) => undefined,
): Type | undefined {
  const found = type.attributes.get(name);
  if (found === undefined) {
    refuse(`${what} has no '${name}'${suggestion(name, type.attributes.keys())}`);
  }
  return found?.type;
}
