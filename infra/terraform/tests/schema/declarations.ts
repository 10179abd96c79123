import ts from "typescript";

/** A property of an interface of the package: an argument of a resource or of a block. */
export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly block: boolean;
}

/** What a class of the package lets be read: the type of each getter by its name in TypeScript. */
export type Getters = ReadonlyMap<string, string>;

/** The interfaces and classes of one file of declarations. */
export interface Declarations {
  readonly interfaces: ReadonlyMap<string, readonly Argument[]>;
  readonly classes: ReadonlyMap<string, Getters>;
}

export function readDeclarations(text: string): Declarations {
  const source = ts.createSourceFile("index.d.ts", text, ts.ScriptTarget.Latest, true);
  const interfaces = new Map<string, Argument[]>();
  const classes = new Map<string, Getters>();
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) {
      interfaces.set(
        statement.name.text,
        statement.members.filter(ts.isPropertySignature).map((each) => argument(each, source)),
      );
    } else if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
      const getters = statement.members
        .filter(ts.isGetAccessorDeclaration)
        .map((each) => [each.name.getText(source), each.type?.getText(source) ?? ""] as const);
      classes.set(statement.name.text, new Map(getters));
    }
  }
  return { interfaces, classes };
}

/** The comment of an argument ends in `Class#name_in_terraform`, and begins with `name block` where it is a block. */
function argument(property: ts.PropertySignature, source: ts.SourceFile): Argument {
  const comment = source.text.slice(property.getFullStart(), property.getStart(source, false));
  const name = /#([a-z0-9_]+)\}/.exec(comment)?.[1];
  if (name === undefined) {
    throw new Error(`the declaration of '${property.name.getText(source)}' does not name its argument`);
  }
  return {
    name,
    type: property.type?.getText(source).replace(" | cdktf.IResolvable", "").trim() ?? "",
    optional: property.questionToken !== undefined,
    block: new RegExp(`\\* ${name} block\\b`).test(comment),
  };
}

/** A name that the compiled code reads from the state: how Terraform spells it, and whether it is a set. */
export interface Reading {
  readonly name: string;
  readonly set: boolean;
}

/** By class and getter, what the compiled JavaScript reads: the declarations lack Terraform's spelling of computed names. */
export function readReadings(text: string): ReadonlyMap<string, ReadonlyMap<string, Reading>> {
  const result = new Map<string, Map<string, Reading>>();
  for (const part of text.split(/^class /m).slice(1)) {
    const readings = new Map<string, Reading>();
    for (const match of part.matchAll(
      /get (\w+)\(\) \{\s+return (?:cdktf\.Token\.\w+\()?(cdktf\.Fn\.tolist\()?this\.(?:interpolationForAttribute|get\w+Attribute)\('([a-z0-9_]+)'\)/g,
    )) {
      readings.set(match[1] ?? "", { name: match[3] ?? "", set: match[2] !== undefined });
    }
    for (const match of part.matchAll(
      /this\._(\w+) = new (?:cdktf\.)?\w+\(this, "([a-z0-9_]+)"(?:, (true|false))?\)/g,
    )) {
      readings.set(match[1] ?? "", { name: match[2] ?? "", set: match[3] === "true" });
    }
    result.set(/^\w+/.exec(part)?.[0] ?? "", readings);
  }
  return result;
}
