import { posix } from "node:path";
import type { Declared, Module } from "./module.js";
import { sourceOf } from "./module.js";
import type { Place, Report } from "./problem.js";
import { suggestion } from "./problem.js";
import type { Schema } from "./schema.js";
import { shapeType } from "./schema.js";
import type { Expression, Step } from "./syntax.js";
import { attribute, literalText } from "./syntax.js";
import type { Tree } from "./tree.js";
import type { Type } from "./types.js";
import { ANY, BOOL, NUMBER, STRING, readType, show } from "./types.js";

/** What else than declarations the names at some place may stand for. */
export interface Names {
  readonly each: boolean;
  readonly count: boolean;
  readonly self: boolean;
  readonly bound: ReadonlySet<string>;
}

export const NO_NAMES: Names = { each: false, count: false, self: false, bound: new Set() };

/** Follows references of one module to what they name, and finds out the types of expressions. */
export class Scope {
  constructor(
    private readonly tree: Tree,
    private readonly module: Module,
    private readonly schema: Schema,
    private readonly report: Report,
    private readonly runs: ReadonlySet<string> = new Set(),
  ) {}

  /** Reports what is wrong in an expression by itself: names, functions, accesses. Gives its type. */
  check(expression: Expression, names: Names): Type {
    switch (expression.kind) {
      case "literal":
        return expression.type === "null" ? { kind: "null" } : readType(expression.type);
      case "template":
        expression.parts.forEach((each) => this.check(each, names));
        return expression.whole ? ANY : STRING;
      case "tuple":
        return { kind: "tuple", items: expression.items.map((each) => this.check(each, names)) };
      case "object":
        return this.object(expression, names);
      case "traversal":
        return this.reference(expression, names);
      case "access":
        return this.follow(this.check(expression.base, names), expression.steps, names, "the value");
      case "call":
        return this.call(expression, names);
      case "for": {
        this.check(expression.collection, names);
        const inner = { ...names, bound: new Set([...names.bound, ...expression.names]) };
        const types = expression.inner.map((each) => this.check(each, inner));
        return expression.object ? { kind: "map", element: ANY } : { kind: "list", element: types[0] ?? ANY };
      }
      case "conditional": {
        this.check(expression.condition, names);
        const yes = this.check(expression.yes, names);
        const no = this.check(expression.no, names);
        return yes.kind === "null" ? no : no.kind === "null" || yes.kind === no.kind ? yes : ANY;
      }
      case "operation":
        expression.operands.forEach((each) => this.check(each, names));
        return /^[-+*/%]$/.test(expression.operator) ? NUMBER : BOOL;
    }
  }

  private object(expression: Expression & { kind: "object" }, names: Names): Type {
    const attributes = new Map<string, { type: Type; optional: boolean }>();
    let open = false;
    for (const entry of expression.entries) {
      const type = this.check(entry.value, names);
      if (entry.name === undefined) {
        this.check(entry.key, names);
        open = true;
      } else {
        attributes.set(entry.name, { type, optional: false });
      }
    }
    return open ? { kind: "map", element: ANY } : { kind: "object", attributes };
  }

  private call(expression: Expression & { kind: "call" }, names: Names): Type {
    const types = expression.args.map((each) => this.check(each, names));
    const known = this.schema.functions[expression.name];
    if (known === undefined) {
      this.report(expression.at, "function", `there is no function '${expression.name}'${suggestion(expression.name, Object.keys(this.schema.functions))}`);
      return ANY;
    }
    const count = expression.args.length;
    if (!expression.expanded && (count < known.min || (known.max !== undefined && count > known.max))) {
      this.report(expression.at, "function", `'${expression.name}' takes ${known.max === known.min ? known.min : `${known.min} or more`} arguments and gets ${count}`);
    }
    const [first] = types;
    if (expression.name === "toset" || expression.name === "tolist") {
      const kind = expression.name === "toset" ? "set" : "list";
      return { kind, element: first !== undefined && "element" in first ? first.element : ANY };
    }
    return readType(known.returns);
  }

  private reference(expression: Expression & { kind: "traversal" }, names: Names): Type {
    const { root, steps, at } = expression;
    if (names.bound.has(root)) {
      this.indexes(steps, names);
      return ANY;
    }
    const [first, ...rest] = steps;
    const name = first?.kind === "attribute" ? first.name : undefined;
    switch (root) {
      case "each":
      case "count":
      case "self":
        if (!names[root]) {
          this.report(at, "reference", `'${root}' means nothing here`);
        }
        return ANY;
      case "path":
      case "terraform":
        return STRING;
      case "run":
        if (name === undefined || !this.runs.has(name)) {
          this.report(at, "reference", `there is no run '${name ?? ""}' before this one${suggestion(name ?? "", this.runs)}`);
        }
        return ANY;
      case "var":
        return this.member(at, "variable", name, rest, names, this.module.variables, (each) => each.type ?? ANY);
      case "local":
        return this.member(at, "local value", name, rest, names, this.module.locals, () => ANY);
      case "output":
        return this.member(at, "output", name, rest, names, this.module.outputs, () => ANY);
      case "module":
        return this.member(at, "module call", name, rest, names, this.module.calls, (each) => this.repeat(each, this.outputsOf(each)));
      case "data": {
        const second = rest[0];
        const data = second?.kind === "attribute" ? `${name}.${second.name}` : name;
        return this.member(at, "data source", data, rest.slice(1), names, this.module.data, (each) => this.repeat(each, this.typeOf(each, "data")));
      }
      default:
        return this.member(at, "resource", name === undefined ? root : `${root}.${name}`, rest, names, this.module.resources, (each) =>
          this.repeat(each, this.typeOf(each, "resources")),
        );
    }
  }

  private member<T>(
    at: Place,
    kind: string,
    name: string | undefined,
    steps: readonly Step[],
    names: Names,
    declared: ReadonlyMap<string, T>,
    type: (value: T) => Type,
  ): Type {
    const found = name === undefined ? undefined : declared.get(name);
    if (name === undefined || found === undefined) {
      this.report(at, "reference", `there is no ${kind} '${name ?? ""}'${suggestion(name ?? "", declared.keys())}`);
      this.indexes(steps, names);
      return ANY;
    }
    return this.follow(type(found), steps, names, `${kind} '${name}'`);
  }

  private typeOf(declared: Declared, kind: "resources" | "data"): Type {
    const shape = this.schema[kind][declared.type];
    return shape === undefined ? ANY : shapeType(shape);
  }

  private repeat(declared: Declared, type: Type): Type {
    switch (declared.repeated) {
      case "no":
        return type;
      case "count":
        return { kind: "list", element: type };
      case "for_each":
        return { kind: "map", element: type };
    }
  }

  private outputsOf(call: Declared): Type {
    const source = sourceOf(call);
    const called = source === undefined ? undefined : this.tree.modules.get(posix.join(this.module.directory, source));
    if (called === undefined) {
      return ANY;
    }
    return { kind: "object", attributes: new Map([...called.outputs.keys()].map((name) => [name, { type: ANY, optional: false }])) };
  }

  /** Follows `.name`, `[index]` and `[*]` as far as types are known. */
  private follow(type: Type, steps: readonly Step[], names: Names, what: string): Type {
    this.indexes(steps, names);
    let current = type;
    let spread = false;
    for (const step of steps) {
      const next = this.step(current, step, what);
      spread ||= step.kind === "splat";
      if (next === undefined) {
        return ANY;
      }
      current = next;
    }
    return spread ? { kind: "list", element: current } : current;
  }

  private step(type: Type, step: Step, what: string): Type | undefined {
    const refuse = (message: string): undefined => {
      this.report(step.at, "reference", message);
      return undefined;
    };
    if (type.kind === "any" || type.kind === "null") {
      return undefined;
    }
    switch (step.kind) {
      case "splat":
        return type.kind === "list" || type.kind === "set" ? type.element : type.kind === "map" ? refuse(`${what} is a map: [*] is for lists, values() for maps`) : type;
      case "index": {
        const key = literalText(step.index);
        if (type.kind === "object" && key !== undefined) {
          return this.attributeOf(type, key, step.at, what);
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
          return this.attributeOf(type, step.name, step.at, what);
        }
        if (type.kind === "map") {
          return type.element;
        }
        return refuse(`${what}: '.${step.name}' is asked of a ${show(type)}${type.kind === "list" ? ", which has to be indexed first" : ""}`);
    }
  }

  private attributeOf(type: Type & { kind: "object" }, name: string, at: Place, what: string): Type | undefined {
    const found = type.attributes.get(name);
    if (found === undefined) {
      this.report(at, "reference", `${what} has no '${name}'${suggestion(name, type.attributes.keys())}`);
    }
    return found?.type;
  }

  private indexes(steps: readonly Step[], names: Names): void {
    steps.forEach((step) => step.kind === "index" && this.check(step.index, names));
  }
}

/** The names that a block with `count` or `for_each` adds. */
export function namesOf(declared: Declared): Names {
  return { ...NO_NAMES, each: declared.repeated === "for_each", count: declared.repeated === "count" };
}

/** The iterator of a dynamic block. */
export function iteratorOf(block: { readonly labels: readonly string[]; readonly body: Declared["block"]["body"] }): string {
  const named = attribute(block.body, "iterator")?.value;
  return named?.kind === "traversal" ? named.root : (block.labels[0] ?? "");
}
