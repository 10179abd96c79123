import assert from "node:assert/strict";
import { test } from "node:test";
import { STORE, found, problemsWith } from "./planting.js";

const OUTPUTS = "modules/store/outputs.tf";
const DEV = "environments/dev/main.tf";

for (const [what, file, old, wrong, words] of [
  [
    "an attribute that the resource does not have",
    OUTPUTS,
    "aws_rds_cluster.this.endpoint",
    "aws_rds_cluster.this.endpiont",
    /has no 'endpiont' \(did you mean 'endpoint'\?\)/,
  ],
  [
    "a resource that is not declared",
    OUTPUTS,
    "aws_rds_cluster.this.endpoint",
    "aws_rds_cluster.main.endpoint",
    /there is no resource 'aws_rds_cluster.main'/,
  ],
  [
    "an attribute within a computed list",
    OUTPUTS,
    "master_user_secret[0].secret_arn",
    "master_user_secret[0].arn",
    /has no 'arn'/,
  ],
  [
    "a list that is not indexed",
    OUTPUTS,
    "master_user_secret[0].secret_arn",
    "master_user_secret.secret_arn",
    /has to be indexed first/,
  ],
  [
    "a resource with count that is not indexed",
    OUTPUTS,
    "aws_rds_cluster_instance.this[*].identifier",
    "aws_rds_cluster_instance.this.identifier",
    /has to be indexed first/,
  ],
  [
    "an attribute behind a splat",
    OUTPUTS,
    "aws_rds_cluster_instance.this[*].identifier",
    "aws_rds_cluster_instance.this[*].identifer",
    /has no 'identifer'/,
  ],
  [
    "a set that is indexed",
    OUTPUTS,
    "aws_rds_cluster.this.endpoint",
    "aws_rds_cluster.this.cluster_members[0]",
    /a set has no order/,
  ],
  [
    "an attribute of an object that a variable does not have",
    OUTPUTS,
    "var.size.nodes",
    "var.size.notes",
    /has no 'notes'/,
  ],
  [
    "an attribute of a data source",
    STORE,
    "data.aws_region.current.region",
    "data.aws_region.current.regoin",
    /has no 'regoin'/,
  ],
  [
    "a data source that is not declared",
    STORE,
    "data.aws_region.current.region",
    "data.aws_region.here.region",
    /there is no data source 'aws_region.here'/,
  ],
  [
    "a variable that is not declared",
    STORE,
    "cluster_identifier          = var.name",
    "cluster_identifier          = var.nmae",
    /there is no variable 'nmae' \(did you mean 'name'\?\)/,
  ],
  [
    "a local value that is not declared",
    STORE,
    "for_each = local.names",
    "for_each = local.name",
    /there is no local value 'name'/,
  ],
  [
    "each without for_each",
    STORE,
    "cluster_identifier          = var.name",
    "cluster_identifier          = each.key",
    /'each' means nothing here/,
  ],
  ["an attribute of the objects that a for yields", STORE, "value.host]", "value.hots]", /'value' has no 'hots'/],
  ["an attribute of an iterator", STORE, "name  = parameter.key", "name  = parameter.kye", /'parameter' has no 'kye'/],
  [
    "an attribute of each",
    STORE,
    "referenced_security_group_id = each.value",
    "referenced_security_group_id = each.valeu",
    /'each' has no 'valeu'/,
  ],
  [
    "a function that there is not",
    STORE,
    "upper(group)",
    "uper(group)",
    /there is no function 'uper' \(did you mean 'upper'\?\)/,
  ],
  ["a function with too many arguments", STORE, "upper(group)", "upper(group, 1)", /takes 1 arguments and gets 2/],
] as const) {
  test(`found: ${what}`, () => {
    const problems = problemsWith({ file, old, wrong }).filter((each) => each.rule !== "unused");
    assert.equal(problems.length, 1, problems.map((each) => each.message).join("\n") || "none");
    assert.match(problems[0]?.message ?? "", words);
    assert.ok(["reference", "function"].includes(problems[0]?.rule ?? ""), problems[0]?.rule);
  });
}

test("a reference to an output that does not exist is found", () => {
  found(
    { file: "environments/dev/variables.tf", old: "module.store.endpoint", wrong: "module.store.endpont" },
    "reference",
    /module call 'store' has no 'endpont' \(did you mean 'endpoint'\?\)/,
  );
});

test("a module call that lacks a required variable is found", () => {
  found(
    { file: DEV, old: '  vpc_id  = "vpc-1"\n', wrong: "" },
    "call",
    /lacks the variable 'vpc_id'/,
    'module "store"',
  );
});

test("a module call with a variable that the module does not have is found", () => {
  found(
    { file: DEV, old: '  vpc_id  = "vpc-1"', wrong: '  vpc_id  = "vpc-1"\n  vcp_id  = "vpc-1"' },
    "call",
    /has no variable 'vcp_id'/,
    "vcp_id",
  );
});

test("a module call with a value of the wrong type is found", () => {
  found(
    { file: DEV, old: 'clients = { a = "sg-1" }', wrong: 'clients = "sg-1"' },
    "type",
    /'clients' wants map\(string\) and gets string/,
  );
});

test("an object that lacks an attribute is found", () => {
  found(
    { file: DEV, old: "size    = { nodes = 3 }", wrong: 'size    = { kind = "large" }' },
    "type",
    /'size' lacks 'nodes'/,
  );
});

test("an attribute that Terraform would drop in silence is found", () => {
  found(
    { file: DEV, old: "size    = { nodes = 3 }", wrong: 'size    = { nodes = 3, knid = "large" }' },
    "type",
    /has 'knid', which nobody reads/,
  );
});

test("an attribute that Terraform would drop in silence is found in an object that is passed on whole", () => {
  const problems = problemsWith(
    { file: DEV, old: "size    = { nodes = 3 }", wrong: "size    = var.size" },
    {
      file: "environments/dev/variables.tf",
      old: 'variable "region" {',
      wrong: `variable "size" {
  description = "How large it is"
  default     = { nodes = 1 }
  type = object({
    nodes = number
    knid  = optional(string)
  })
}

variable "region" {`,
    },
  );
  assert.deepEqual(
    problems.map((each) => each.message),
    ["module 'store': 'size' has 'knid', which nobody reads"],
  );
});

test("a call of a module that is not there is found", () => {
  const problems = problemsWith({ file: DEV, old: "../../modules/store", wrong: "../../modules/stores" });
  assert.ok(problems.some((each) => each.rule === "call" && /no module at/.test(each.message)));
});
