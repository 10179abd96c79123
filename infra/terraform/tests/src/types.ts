import type { Expression } from "./syntax.js";

/** A type of Terraform, as far as it is known; `any` fits everything. */
export type Type =
  | { readonly kind: "any" | "null" | "string" | "number" | "bool" }
  | Sequence
  | MapType
  | { readonly kind: "tuple"; readonly items: readonly Type[] }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, ObjectAttribute> };

export interface ObjectAttribute {
  readonly type: Type;
  readonly optional: boolean;
}

export const ANY: Type = { kind: "any" };
export const STRING: Type = { kind: "string" };
export const NUMBER: Type = { kind: "number" };
export const BOOL: Type = { kind: "bool" };

const PRIMITIVES: Readonly<Record<string, Type>> = { string: STRING, number: NUMBER, bool: BOOL, any: ANY };

/** The type that a variable declares, or undefined where that is no type. */
export function declaredType(expression: Expression): Type | undefined {
  if (expression.kind === "traversal" && expression.steps.length === 0) {
    return PRIMITIVES[expression.root];
  }
  if (expression.kind !== "call") {
    return undefined;
  }
  const [first] = expression.args;
  if (first === undefined) {
    return undefined;
  }
  switch (expression.name) {
    case "list":
    case "set":
    case "map": {
      const element = declaredType(first);
      return element === undefined ? undefined : ({ kind: expression.name, element } as Type);
    }
    case "tuple": {
      const items = first.kind === "tuple" ? first.items.map(declaredType) : [undefined];
      return items.some((each) => each === undefined) ? undefined : { kind: "tuple", items: items as Type[] };
    }
    case "object":
      return first.kind === "object" ? objectType(first) : undefined;
    default:
      return undefined;
  }
}

function objectType(expression: Expression & { kind: "object" }): Type | undefined {
  const attributes = new Map<string, ObjectAttribute>();
  for (const entry of expression.entries) {
    const optional = entry.value.kind === "call" && entry.value.name === "optional";
    const inner = entry.value.kind === "call" && optional ? entry.value.args[0] : entry.value;
    const type = inner === undefined ? undefined : declaredType(inner);
    if (entry.name === undefined || type === undefined) {
      return undefined;
    }
    attributes.set(entry.name, { type, optional });
  }
  return { kind: "object", attributes };
}

/** The type of a text such as `list(string)`, as the schema and the functions of Terraform write it. */
export function readType(text: string): Type {
  const nested = /^(list|set|map)\((.*)\)$/.exec(text);
  if (nested !== null) {
    return { kind: nested[1], element: readType(nested[2] ?? "any") } as Type;
  }
  return PRIMITIVES[text] ?? ANY;
}

export function show(type: Type): string {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return `${type.kind}(${show(type.element)})`;
    case "tuple":
      return "list";
    default:
      return type.kind;
  }
}

/** Why a value of one type cannot stand where another is wanted, by the conversions of Terraform; undefined where it can. */
export function misfit(actual: Type, wanted: Type, value?: Expression): string | undefined {
  if (actual.kind === "any" || actual.kind === "null" || wanted.kind === "any") {
    return undefined;
  }
  switch (wanted.kind) {
    case "string":
      return ["string", "number", "bool"].includes(actual.kind) ? undefined : differs(actual, wanted);
    case "number":
      return actual.kind === "number" || converts(actual, value, /^-?\d+(\.\d+)?$/)
        ? undefined
        : differs(actual, wanted);
    case "bool":
      return actual.kind === "bool" || converts(actual, value, /^(true|false)$/) ? undefined : differs(actual, wanted);
    case "list":
    case "set":
      return sequenceMisfit(actual, wanted, value);
    case "tuple":
      return actual.kind === "tuple" || actual.kind === "list" ? undefined : differs(actual, wanted);
    case "map":
      return mapMisfit(actual, wanted, value);
    case "object":
      return objectMisfit(actual, wanted, value);
    case "null":
      return undefined;
  }
}

function differs(actual: Type, wanted: Type): string {
  return `wants ${show(wanted)} and gets ${show(actual)}`;
}

/** Text that is written out converts when it reads as what is wanted; text that is not known here may. */
function converts(actual: Type, value: Expression | undefined, pattern: RegExp): boolean {
  return actual.kind === "string" && (value?.kind !== "literal" || pattern.test(value.text));
}

function sequenceMisfit(actual: Type, wanted: Sequence, value: Expression | undefined): string | undefined {
  if (actual.kind === "tuple") {
    const items = value?.kind === "tuple" ? value.items : [];
    const reasons = actual.items.map((item, index) => misfit(item, wanted.element, items[index]));
    return reasons.find((each) => each !== undefined);
  }
  return actual.kind === "list" || actual.kind === "set"
    ? misfit(actual.element, wanted.element)
    : differs(actual, wanted);
}

function mapMisfit(actual: Type, wanted: MapType, value: Expression | undefined): string | undefined {
  if (actual.kind === "object") {
    for (const [name, { type }] of actual.attributes) {
      const reason = misfit(type, wanted.element, entryValue(value, name));
      if (reason !== undefined) {
        return `'${name}' ${reason}`;
      }
    }
    return undefined;
  }
  return actual.kind === "map" ? misfit(actual.element, wanted.element) : differs(actual, wanted);
}

function objectMisfit(
  actual: Type,
  wanted: Type & { kind: "object" },
  value: Expression | undefined,
): string | undefined {
  if (actual.kind === "map") {
    return undefined;
  }
  if (actual.kind !== "object") {
    return differs(actual, wanted);
  }
  for (const [name, attribute] of wanted.attributes) {
    const given = actual.attributes.get(name);
    if (given === undefined) {
      if (!attribute.optional) {
        return `lacks '${name}'`;
      }
      continue;
    }
    const reason = misfit(given.type, attribute.type, entryValue(value, name));
    if (reason !== undefined) {
      return `'${name}' ${reason}`;
    }
  }
  // Terraform drops such attributes without a word, which hides misspelt ones. Outputs may well have more than is wanted.
  const chosen = value?.kind === "object" || (value?.kind === "traversal" && value.root === "var");
  const unknown = chosen ? [...actual.attributes.keys()].find((each) => !wanted.attributes.has(each)) : undefined;
  return unknown === undefined ? undefined : `has '${unknown}', which nobody reads`;
}

function entryValue(value: Expression | undefined, name: string): Expression | undefined {
  return value?.kind === "object" ? value.entries.find((entry) => entry.name === name)?.value : undefined;
}

export interface Sequence {
  readonly kind: "list" | "set";
  readonly element: Type;
}

export interface MapType {
  readonly kind: "map";
  readonly element: Type;
}

/** What is known of a value that may have any of these types. */
export function unify(types: readonly Type[]): Type {
  const known = types.filter((each) => each.kind !== "null");
  const [first, ...rest] = known;
  if (first === undefined || rest.some((each) => each.kind !== first.kind)) {
    return ANY;
  }
  switch (first.kind) {
    case "list":
    case "set":
    case "map":
      return {
        kind: first.kind,
        element: unify(known.map((each) => ("element" in each ? each.element : ANY))),
      } as Type;
    case "tuple":
      return { kind: "list", element: unify(known.flatMap((each) => (each.kind === "tuple" ? each.items : []))) };
    case "object": {
      const objects = known.filter((each): each is Type & { kind: "object" } => each.kind === "object");
      const common = [...first.attributes].filter(([name]) => objects.every((each) => each.attributes.has(name)));
      const merged = common.map(([name]) => {
        const members = objects.map((each) => each.attributes.get(name)).filter((each) => each !== undefined);
        return [
          name,
          { type: unify(members.map((each) => each.type)), optional: members.some((each) => each.optional) },
        ] as const;
      });
      return { kind: "object", attributes: new Map(merged) };
    }
    default:
      return first;
  }
}

/** What an iteration over a value yields: keys and values. */
export function iteration(type: Type): { readonly key: Type; readonly value: Type } {
  switch (type.kind) {
    case "list":
      return { key: NUMBER, value: type.element };
    case "set":
      return { key: type.element, value: type.element };
    case "map":
      return { key: STRING, value: type.element };
    case "tuple":
      return { key: NUMBER, value: unify(type.items) };
    case "object":
      return { key: STRING, value: unify([...type.attributes.values()].map((each) => each.type)) };
    default:
      return { key: ANY, value: ANY };
  }
}

/** An object of these attributes, all of them there. */
export function objectOf(attributes: Readonly<Record<string, Type>>): Type {
  return {
    kind: "object",
    attributes: new Map(Object.entries(attributes).map(([name, type]) => [name, { type, optional: false }])),
  };
}
