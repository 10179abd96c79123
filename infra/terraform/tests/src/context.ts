import type { Report } from "./problem.js";
import type { Schema } from "./schema.js";
import type { Tree } from "./tree.js";

/** What every rule is given. */
export interface Context {
  readonly tree: Tree;
  readonly schema: Schema;
  readonly report: Report;
}
