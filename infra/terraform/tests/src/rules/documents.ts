import type { Context } from "../context.js";
import { suggestion } from "../problem.js";
import type { Expression } from "../syntax.js";
import { walk } from "../syntax.js";

/** The elements of a policy, and of a statement of one, by the reference of IAM. */
const POLICY = ["Version", "Id", "Statement"];
const STATEMENT = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/** The parameters of a container on Fargate, by the reference of ECS. */
const CONTAINER = [
  "name",
  "image",
  "essential",
  "command",
  "entryPoint",
  "workingDirectory",
  "cpu",
  "memory",
  "memoryReservation",
  "environment",
  "environmentFiles",
  "secrets",
  "portMappings",
  "dependsOn",
  "startTimeout",
  "stopTimeout",
  "healthCheck",
  "logConfiguration",
  "firelensConfiguration",
  "mountPoints",
  "volumesFrom",
  "readonlyRootFilesystem",
  "user",
  "linuxParameters",
  "ulimits",
  "dockerLabels",
  "systemControls",
  "interactive",
  "pseudoTerminal",
  "repositoryCredentials",
  "restartPolicy",
  "versionConsistency",
];

type ObjectExpression = Expression & { kind: "object" };

/** Documents in JSON that Terraform passes on unread: policies of IAM and definitions of containers. */
export function checkDocuments(context: Context): void {
  for (const module of context.tree.modules.values()) {
    for (const attribute of module.bodies.flatMap((body) => body.blocks).flatMap((block) => block.body.attributes)) {
      walk(attribute.value, (value) => {
        if (
          value.kind === "object" &&
          has(value, "image") &&
          (has(value, "essential") || has(value, "logConfiguration"))
        ) {
          checkKeys(context, value, "a container", CONTAINER, ["name", "image"]);
        }
        if (value.kind === "call" && value.name === "jsonencode" && /polic|assume/.test(attribute.name)) {
          value.args
            .filter((each) => each.kind === "object")
            .forEach((each) => checkPolicy(context, each as ObjectExpression));
        }
      });
    }
  }
}

function checkPolicy(context: Context, policy: ObjectExpression): void {
  checkKeys(context, policy, "a policy", POLICY, ["Version", "Statement"]);
  const statements = policy.entries.find((entry) => entry.name === "Statement")?.value;
  statements !== undefined &&
    walk(statements, (value) => {
      if (
        value.kind === "object" &&
        value.entries.some((entry) => ["Effect", "Action", "Resource", "Principal"].includes(entry.name ?? ""))
      ) {
        checkKeys(context, value, "a statement of a policy", STATEMENT, ["Effect", "Action"]);
      }
    });
}

function checkKeys(
  context: Context,
  value: ObjectExpression,
  what: string,
  known: readonly string[],
  required: readonly string[],
): void {
  for (const entry of value.entries) {
    if (entry.name !== undefined && !known.includes(entry.name)) {
      context.report(entry.key.at, "document", `${what} has no '${entry.name}'${suggestion(entry.name, known)}`);
    }
  }
  for (const name of required.filter((each) => !has(value, each))) {
    context.report(value.at, "document", `${what} lacks '${name}'`);
  }
}

function has(value: ObjectExpression, name: string): boolean {
  return value.entries.some((entry) => entry.name === name);
}
