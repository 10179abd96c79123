import type { Context } from "../context.js";
import type { Declared, Module } from "../module.js";
import type { Body, Expression } from "../syntax.js";
import { attribute, blocks, literalText, walk } from "../syntax.js";

const ANYWHERE = new Set(["0.0.0.0/0", "::/0"]);

const OFF: Readonly<Record<string, string>> = {
  storage_encrypted: "false",
  encrypted: "false",
  at_rest_encryption_enabled: "false",
  transit_encryption_enabled: "false",
  publicly_accessible: "true",
  map_public_ip_on_launch: "true",
  associate_public_ip_address: "true",
};

/** What the world may reach: the load balancer's 443 and nothing else. Out to the world goes TLS and nothing else. */
export function checkExposure(context: Context): void {
  for (const module of context.tree.modules.values()) {
    const public443 = publicGroups(module);
    for (const resource of module.resources.values()) {
      checkRules(context, resource, public443);
      checkSwitches(context, resource.block.body);
    }
  }
}

/** The security groups of load balancers that face the world. */
function publicGroups(module: Module): ReadonlySet<string> {
  const groups = new Set<string>();
  for (const resource of module.resources.values()) {
    if (resource.type !== "aws_lb" || literal(attribute(resource.block.body, "internal")?.value) === "true") {
      continue;
    }
    const used = attribute(resource.block.body, "security_groups");
    used !== undefined && references(used.value, "aws_security_group").forEach((each) => groups.add(each));
  }
  return groups;
}

function checkRules(context: Context, resource: Declared, public443: ReadonlySet<string>): void {
  const { body } = resource.block;
  const refuse = (what: string): void =>
    context.report(resource.at, "exposure", `${resource.type}.${resource.name} ${what}`);
  switch (resource.type) {
    case "aws_vpc_security_group_ingress_rule":
      if (
        open(body, ["cidr_ipv4", "cidr_ipv6"]) &&
        !(onlyPort443(body) && groupOf(body).some((each) => public443.has(each)))
      ) {
        refuse("lets the world in, and is not port 443 of a public load balancer");
      }
      break;
    case "aws_vpc_security_group_egress_rule":
      if (open(body, ["cidr_ipv4", "cidr_ipv6"]) && !onlyPort443(body)) {
        refuse("lets more than TLS out to the world");
      }
      break;
    case "aws_security_group_rule":
      refuse("is of the old kind: write aws_vpc_security_group_ingress_rule or aws_vpc_security_group_egress_rule");
      break;
    case "aws_security_group":
      for (const name of ["ingress", "egress"]) {
        if (
          attribute(body, name) !== undefined ||
          blocks(body, name).length > 0 ||
          blocks(body, "dynamic").some((each) => each.labels[0] === name)
        ) {
          refuse(`has '${name}' inside: write its rules as resources of their own, which name the other group`);
        }
      }
      break;
    default:
      break;
  }
}

/** Whether a rule names the whole world, or a range of a variable, which may be the whole world. */
function open(body: Body, names: readonly string[]): boolean {
  return names.some((name) => {
    const value = attribute(body, name)?.value;
    let found = false;
    value !== undefined && walk(value, (each) => (found ||= isAnywhere(each)));
    return found;
  });
}

function isAnywhere(value: Expression): boolean {
  return value.kind === "literal" ? ANYWHERE.has(value.text) : value.kind === "traversal" && value.root === "var";
}

function onlyPort443(body: Body): boolean {
  const ports = ["from_port", "to_port"].map((name) => literal(attribute(body, name)?.value));
  return ports.every((port) => port === "443") && literalText(attribute(body, "ip_protocol")?.value) === "tcp";
}

function groupOf(body: Body): string[] {
  const group = attribute(body, "security_group_id");
  return group === undefined ? [] : references(group.value, "aws_security_group");
}

function references(value: Expression, type: string): string[] {
  const found: string[] = [];
  walk(value, (each) => {
    const [first] = each.kind === "traversal" && each.root === type ? each.steps : [];
    first?.kind === "attribute" && found.push(first.name);
  });
  return found;
}

/** Switches that are written out the wrong way. */
function checkSwitches(context: Context, body: Body): void {
  for (const each of body.attributes) {
    if (OFF[each.name] !== undefined && literal(each.value) === OFF[each.name]) {
      context.report(each.at, "exposure", `'${each.name}' is ${OFF[each.name]}`);
    }
  }
  body.blocks.forEach((block) => checkSwitches(context, block.body));
}

function literal(value: Expression | undefined): string | undefined {
  return value?.kind === "literal" ? value.text : undefined;
}
