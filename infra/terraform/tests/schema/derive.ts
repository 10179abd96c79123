import type { AttributeShape, BlockShape, Shape } from "../src/schema.js";
import type { Argument, Declarations, Reading } from "./declarations.js";
import { readDeclarations, readReadings } from "./declarations.js";

/** The shape of the resource or data source `name` (CamelCase) from the two files that the package has for it. */
export function deriveResource(name: string, declarations: string, code: string): Shape {
  return new Derivation(readDeclarations(declarations), readReadings(code)).resource(name);
}

/** The shape of the provider's own configuration. */
export function deriveProvider(declarations: string, code: string): Shape {
  const derivation = new Derivation(readDeclarations(declarations), readReadings(code));
  const shape = derivation.body("AwsProviderConfig", undefined);
  // An alias is an argument of every provider, and here a part of the package's own interface.
  return shape;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  "cdktf.IResolvable": "bool",
  "string[]": "list(string)",
  "number[]": "list(number)",
  "boolean[]": "list(bool)",
  "cdktf.StringMap": "map(string)",
  "cdktf.NumberMap": "map(number)",
  "cdktf.BooleanMap": "map(bool)",
  "cdktf.StringMapList": "list(map(string))",
  "cdktf.AnyMap": "map(any)",
};

class Derivation {
  constructor(
    private readonly declarations: Declarations,
    private readonly readings: ReadonlyMap<string, ReadonlyMap<string, Reading>>,
  ) {}

  /** The package lets the id of every resource be set, and says itself that most cannot be. */
  resource(name: string): Shape {
    const shape = this.body(`${name}Config`, name);
    const readOnly = shape.attributes["id"]?.use === "optional" && name.startsWith("DataAws") === false;
    return readOnly
      ? { ...shape, attributes: { ...shape.attributes, id: { type: "string", use: "computed" } } }
      : shape;
  }

  /** Arguments come from the interface, what can be read besides from the class. */
  body(interfaceName: string, className: string | undefined): Shape {
    const attributes: Record<string, AttributeShape> = {};
    const blocks: Record<string, BlockShape> = {};
    for (const each of this.declarations.interfaces.get(interfaceName) ?? []) {
      if (each.block) {
        blocks[each.name] = this.block(each, className);
      } else {
        attributes[each.name] = this.argument(each, className);
      }
    }
    this.requireReadings(className ?? "");
    for (const [getter, reading] of this.readings.get(className ?? "") ?? []) {
      const type = this.declarations.classes.get(className ?? "")?.get(getter);
      if (type !== undefined && attributes[reading.name] === undefined && blocks[reading.name] === undefined) {
        attributes[reading.name] = this.computed(type, reading);
      }
    }
    return { attributes: sorted(attributes), blocks: sorted(blocks) };
  }

  /** A getter whose spelling was not found in the code would be an attribute that references cannot name. */
  private requireReadings(className: string): void {
    const known = this.readings.get(className);
    for (const getter of this.declarations.classes.get(className)?.keys() ?? []) {
      if (!/Input$|^internalValue$|^fqn$/.test(getter) && known?.has(getter) !== true) {
        throw new Error(`the code of ${className} does not tell how '${getter}' is spelt`);
      }
    }
  }

  private argument(argument: Argument, className: string | undefined): AttributeShape {
    const use = argument.optional ? "optional" : "required";
    const set = this.readingOf(argument.name, className)?.set === true;
    const primitive = PRIMITIVES[argument.type];
    if (primitive !== undefined) {
      return { type: set ? primitive.replace(/^list/, "set") : primitive, use };
    }
    const map = /^\{\s*\[key: string\]: \(?([^;]+?)\)?;\s*\}$/.exec(argument.type);
    if (map !== null) {
      return { type: `map(${PRIMITIVES[(map[1] ?? "").replace(" | cdktf.IResolvable", "")] ?? "any"})`, use };
    }
    const struct = /^(\w+)(\[\])?$/.exec(argument.type);
    if (struct !== null && this.declarations.interfaces.has(struct[1] ?? "")) {
      const of = this.body(struct[1] ?? "", `${struct[1]}OutputReference`);
      return { type: struct[2] === undefined ? "object" : set ? "set" : "list", use, of };
    }
    return { type: "any", use };
  }

  private block(argument: Argument, className: string | undefined): BlockShape {
    const struct = /^(\w+)(\[\])?$/.exec(argument.type);
    if (struct === null) {
      throw new Error(`the block '${argument.name}' has the type ${argument.type}`);
    }
    const single = struct[2] === undefined;
    const set = this.readingOf(argument.name, className)?.set === true;
    return {
      min: argument.optional ? 0 : 1,
      ...(single ? { max: 1 as const } : {}),
      as: argument.name === "timeouts" ? "object" : set ? "set" : "list",
      ...this.body(struct[1] ?? "", `${struct[1]}OutputReference`),
    };
  }

  private computed(type: string, reading: Reading): AttributeShape {
    const primitive = PRIMITIVES[type];
    if (primitive !== undefined) {
      return { type: reading.set ? primitive.replace(/^list/, "set") : primitive, use: "computed" };
    }
    const nested = /^(\w+?)(List|Map|OutputReference)$/.exec(type);
    if (nested === null) {
      return { type: "any", use: "computed" };
    }
    const of = this.body(nested[1] ?? "", `${nested[1]}OutputReference`);
    const kinds = { List: reading.set ? "set" : "list", Map: "map", OutputReference: "object" };
    return { type: kinds[nested[2] as keyof typeof kinds], use: "computed", of };
  }

  private readingOf(name: string, className: string | undefined): Reading | undefined {
    return [...(this.readings.get(className ?? "")?.values() ?? [])].find((each) => each.name === name);
  }
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}
