import type { Context } from "../context.js";
import type { Attribute, Body, Expression } from "../syntax.js";
import { literalText, walk } from "../syntax.js";

const SECRET = /(password|passwd|secret|token|private_key|api_key|admin_key|credential)s?$/i;

/** Arguments whose value Terraform would keep in its state; a managed secret holds each of them instead. */
const KEPT_IN_STATE = new Set([
  "password",
  "passwords",
  "master_password",
  "auth_token",
  "secret_string",
  "secret_binary",
  "access_key",
  "secret_key",
]);

/** Secrets are in Secrets Manager, and Terraform knows their ARNs. */
export function checkSecrets(context: Context): void {
  for (const module of context.tree.modules.values()) {
    for (const variable of module.variables.values()) {
      if (SECRET.test(variable.name)) {
        context.report(
          variable.at,
          "secret",
          `the variable '${variable.name}' would hold a secret: take the ARN of one, as '${variable.name}_arn'`,
        );
      }
    }
    for (const resource of module.resources.values()) {
      checkBody(context, resource.block.body);
    }
  }
}

function checkBody(context: Context, body: Body): void {
  for (const each of body.attributes) {
    if (KEPT_IN_STATE.has(each.name) && each.value.kind !== "object") {
      context.report(each.at, "secret", `'${each.name}' would keep a secret in the state`);
    }
    checkEnvironment(context, each);
  }
  body.blocks.forEach((block) => checkBody(context, block.body));
}

/** The `environment` of a container is readable by whoever may describe its task: secrets go to `secrets`. */
function checkEnvironment(context: Context, argument: Attribute): void {
  walk(argument.value, (value) => {
    if (value.kind !== "object") {
      return;
    }
    const environment = value.entries.find((entry) => entry.name === "environment")?.value;
    environment !== undefined && walk(environment, (each) => checkVariable(context, each));
  });
}

function checkVariable(context: Context, value: Expression): void {
  if (value.kind !== "object") {
    return;
  }
  const name = literalText(value.entries.find((entry) => entry.name === "name")?.value);
  if (name !== undefined && SECRET.test(name)) {
    context.report(value.at, "secret", `'${name}' of a container stands in the open: put it under 'secrets'`);
  }
}
