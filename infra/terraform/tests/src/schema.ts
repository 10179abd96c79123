import { readFileSync } from "node:fs";
import type { Type } from "./types.js";
import { ANY, readType } from "./types.js";

/** What a body of a resource may hold, by the provider's own schema. */
export interface Shape {
  readonly attributes: Readonly<Record<string, AttributeShape>>;
  readonly blocks: Readonly<Record<string, BlockShape>>;
}

/**
 * An attribute.
 *
 * `type` is that of Terraform; `list` or `set` with `of` are sequences of objects. What is `computed` can be read only.
 */
export interface AttributeShape {
  readonly type: string;
  readonly use: "required" | "optional" | "computed";
  readonly of?: Shape;
}

/** A nested block: how many there may be (no `max`: any number), and how references see it. */
export interface BlockShape extends Shape {
  readonly min: 0 | 1;
  readonly max?: 1;
  readonly as: "list" | "set" | "object";
}

/** A function of Terraform: what it returns and how many arguments it takes (no `max`: any number). */
export interface FunctionShape {
  readonly returns: string;
  readonly min: number;
  readonly max?: number;
}

export interface Schema {
  readonly provider: { readonly source: string; readonly version: string; readonly derivedFrom: string };
  readonly terraform: string;
  readonly configuration: Shape;
  readonly resources: Readonly<Record<string, Shape>>;
  readonly data: Readonly<Record<string, Shape>>;
  readonly functions: Readonly<Record<string, FunctionShape>>;
}

export function readSchema(file: string): Schema {
  return JSON.parse(readFileSync(file, "utf8")) as Schema;
}

/** The type that a reference to an attribute has. */
export function attributeType(shape: AttributeShape): Type {
  if (shape.of === undefined) {
    return readType(shape.type);
  }
  const element = shapeType(shape.of);
  switch (shape.type) {
    case "list":
    case "set":
    case "map":
      return { kind: shape.type, element } as Type;
    case "object":
      return element;
    default:
      return ANY;
  }
}

/** The type that a reference to a block has. */
export function blockType(shape: BlockShape): Type {
  const element = shapeType(shape);
  return shape.as === "object" ? element : { kind: shape.as, element };
}

/** A body as references see it: attributes and blocks alike. */
export function shapeType(shape: Shape): Type {
  const members = [
    ...Object.entries(shape.attributes).map(([name, each]) => [name, attributeType(each)] as const),
    ...Object.entries(shape.blocks).map(([name, each]) => [name, blockType(each)] as const),
  ];
  return { kind: "object", attributes: new Map(members.map(([name, type]) => [name, { type, optional: true }])) };
}
