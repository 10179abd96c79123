import { posix } from "node:path";
import { access } from "./access.js";
import { callType } from "./functions.js";
import type { Declared, Module } from "./module.js";
import { sourceOf } from "./module.js";
import type { Place, Report } from "./problem.js";
import { suggestion } from "./problem.js";
import type { Schema } from "./schema.js";
import { shapeType } from "./schema.js";
import type { Attribute, Block, Expression, Step } from "./syntax.js";
import { attribute } from "./syntax.js";
import type { Tree } from "./tree.js";
import type { Type } from "./types.js";
import { ANY, BOOL, NUMBER, STRING, iteration, objectOf, readType, unify } from "./types.js";

/** What else than declarations the names at some place may stand for. */
export interface Names {
  readonly each: Type | undefined;
  readonly count: Type | undefined;
  readonly self: Type | undefined;
  readonly bound: ReadonlyMap<string, Type>;
}

export const NO_NAMES: Names = { each: undefined, count: undefined, self: undefined, bound: new Map() };

/** Follows references of one module to what they name, and finds out the types of expressions. */
export class Scope {
  private readonly locals = new Map<string, Type>();
  private readonly called = new Map<string, Type>();
  private silent = 0;

  constructor(
    private readonly tree: Tree,
    private readonly module: Module,
    private readonly schema: Schema,
    private readonly reporting: Report,
    private readonly runs: ReadonlySet<string> = new Set(),
  ) {}

  private report(at: Place, rule: string, message: string): void {
    if (this.silent === 0) {
      this.reporting(at, rule, message);
    }
  }

  /** The type of an expression that is checked where it stands. */
  private typed(expression: Expression, names: Names): Type {
    this.silent++;
    try {
      return this.check(expression, names);
    } finally {
      this.silent--;
    }
  }

  /** The names that a block with `count` or `for_each` adds. */
  namesOf(declared: Declared): Names {
    const forEach = attribute(declared.block.body, "for_each")?.value;
    const each = forEach === undefined ? undefined : objectOf(iteration(this.typed(forEach, NO_NAMES)));
    return { ...NO_NAMES, each, count: declared.repeated === "count" ? objectOf({ index: NUMBER }) : undefined };
  }

  /** The names within the content of a dynamic block. */
  namesIn(dynamic: Block, names: Names): Names {
    const iterator = attribute(dynamic.body, "iterator")?.value;
    const name = iterator?.kind === "traversal" ? iterator.root : (dynamic.labels[0] ?? "");
    const forEach = attribute(dynamic.body, "for_each")?.value;
    const type = forEach === undefined ? ANY : objectOf(iteration(this.typed(forEach, names)));
    return { ...names, bound: new Map([...names.bound, [name, type]]) };
  }

  /** Reports what is wrong in an expression by itself: names, functions, accesses. Gives its type. */
  check(expression: Expression, names: Names): Type {
    switch (expression.kind) {
      case "literal":
        return expression.type === "null" ? { kind: "null" } : readType(expression.type);
      case "template":
        this.template(expression, names);
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
      case "for":
        return this.forExpression(expression, names);
      case "conditional": {
        this.check(expression.condition, names);
        const yes = this.check(expression.yes, names);
        const no = this.check(expression.no, names);
        return unify([yes, no]);
      }
      case "operation":
        expression.operands.forEach((each) => this.check(each, names));
        return /^[-+*/%]$/.test(expression.operator) ? NUMBER : BOOL;
    }
  }

  private forExpression(expression: Expression & { kind: "for" }, names: Names): Type {
    const { key, value } = iteration(this.check(expression.collection, names));
    const [first, second] = expression.names;
    const bound = new Map([
      ...names.bound,
      ...(second === undefined
        ? [[first ?? "", value] as const]
        : [[first ?? "", key] as const, [second, value] as const]),
    ]);
    const types = expression.inner.map((each) => this.check(each, { ...names, bound }));
    return expression.object
      ? { kind: "map", element: expression.grouped ? ANY : (types[1] ?? ANY) }
      : { kind: "list", element: types[0] ?? ANY };
  }

  /** Directives of a template bind names, as `%{ for host in hosts }` does. */
  private template(expression: Expression & { kind: "template" }, names: Names): void {
    const bound = new Map([...names.bound, ...expression.bound.map((each) => [each, ANY] as const)]);
    expression.parts.forEach((each) => this.check(each, { ...names, bound }));
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
    return callType(expression, types, this.schema, (message) => this.report(expression.at, "function", message));
  }

  private reference(expression: Expression & { kind: "traversal" }, names: Names): Type {
    const { root, steps, at } = expression;
    const bound = names.bound.get(root);
    if (bound !== undefined) {
      return this.follow(bound, steps, names, `'${root}'`);
    }
    const [first, ...rest] = steps;
    const name = first?.kind === "attribute" ? first.name : undefined;
    switch (root) {
      case "each":
      case "count":
      case "self":
        if (names[root] === undefined) {
          this.report(at, "reference", `'${root}' means nothing here`);
        }
        return this.follow(names[root] ?? ANY, steps, names, `'${root}'`);
      case "path":
      case "terraform":
        return STRING;
      case "run":
        if (name === undefined || !this.runs.has(name)) {
          this.report(
            at,
            "reference",
            `there is no run '${name ?? ""}' before this one${suggestion(name ?? "", this.runs)}`,
          );
        }
        return ANY;
      case "var":
        return this.member(at, "variable", name, rest, names, this.module.variables, (each) => each.type ?? ANY);
      case "local":
        return this.member(at, "local value", name, rest, names, this.module.locals, (each) => this.localType(each));
      case "output":
        return this.member(at, "output", name, rest, names, this.module.outputs, (each) => this.outputType(each));
      case "module":
        return this.member(at, "module call", name, rest, names, this.module.calls, (each) =>
          this.repeat(each, this.outputsOf(each)),
        );
      case "data": {
        const second = rest[0];
        const data = second?.kind === "attribute" ? `${name}.${second.name}` : name;
        return this.member(at, "data source", data, rest.slice(1), names, this.module.data, (each) =>
          this.repeat(each, this.typeOf(each, "data")),
        );
      }
      default:
        return this.member(
          at,
          "resource",
          name === undefined ? root : `${root}.${name}`,
          rest,
          names,
          this.module.resources,
          (each) => this.repeat(each, this.typeOf(each, "resources")),
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
    const known = this.called.get(called.directory);
    if (known !== undefined) {
      return known;
    }
    const scope = new Scope(this.tree, called, this.schema, () => undefined);
    const type = objectOf(
      Object.fromEntries([...called.outputs].map(([name, output]) => [name, scope.outputType(output)])),
    );
    this.called.set(called.directory, type);
    return type;
  }

  private outputType(output: Block): Type {
    const value = attribute(output.body, "value")?.value;
    return value === undefined ? ANY : this.typed(value, NO_NAMES);
  }

  /** A local value that is made of itself has no type; Terraform refuses it. */
  private localType(local: Attribute): Type {
    const known = this.locals.get(local.name);
    if (known !== undefined) {
      return known;
    }
    this.locals.set(local.name, ANY);
    const type = this.typed(local.value, NO_NAMES);
    this.locals.set(local.name, type);
    return type;
  }

  /** Follows `.name`, `[index]` and `[*]` as far as types are known. */
  private follow(type: Type, steps: readonly Step[], names: Names, what: string): Type {
    this.indexes(steps, names);
    let current = type;
    let spread = false;
    for (const step of steps) {
      const next = access(current, step, what, (message) => this.report(step.at, "reference", message));
      spread ||= step.kind === "splat";
      if (next === undefined) {
        return ANY;
      }
      current = next;
    }
    return spread ? { kind: "list", element: current } : current;
  }

  private indexes(steps: readonly Step[], names: Names): void {
    steps.forEach((step) => step.kind === "index" && this.check(step.index, names));
  }
}
