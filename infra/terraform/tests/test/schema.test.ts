import assert from "node:assert/strict";
import { test } from "node:test";
import { deriveResource } from "../schema/derive.js";
import { SCHEMA } from "./planting.js";

const DECLARATIONS = `
export interface StoreConfig extends cdktf.TerraformMetaArguments {
    /** Docs: {@link https://x/store#host_name Store#host_name} */
    readonly hostName: string;
    /** Docs: {@link https://x/store#id Store#id} */
    readonly id?: string;
    /** Docs: {@link https://x/store#ipv6_ports Store#ipv6_ports} */
    readonly ipv6Ports?: number[];
    /** Docs: {@link https://x/store#route Store#route} */
    readonly route?: StoreRoute[] | cdktf.IResolvable;
    /** Docs: {@link https://x/store#tags Store#tags} */
    readonly tags?: {
        [key: string]: string;
    };
    /**
    * volume block
    *
    * Docs: {@link https://x/store#volume Store#volume}
    */
    readonly volume: StoreVolume;
    /**
    * rule block
    *
    * Docs: {@link https://x/store#rule Store#rule}
    */
    readonly rule?: StoreRule[] | cdktf.IResolvable;
}
export interface StoreRoute {
    /** Docs: {@link https://x/store#to Store#to} */
    readonly to?: string;
}
export interface StoreVolume {
    /** Docs: {@link https://x/store#encrypted Store#encrypted} */
    readonly encrypted?: boolean | cdktf.IResolvable;
}
export interface StoreRule {
    /** Docs: {@link https://x/store#port Store#port} */
    readonly port: number;
}
export interface StoreSecret {
}
export declare class StoreSecretOutputReference extends cdktf.ComplexObject {
    get secretArn(): string;
}
export declare class Store extends cdktf.TerraformResource {
    get arn(): string;
    get memberIds(): string[];
    get secret(): StoreSecretList;
    get labels(): cdktf.StringMap;
    get ipv6Ports(): number[];
}
`;

const CODE = `
class StoreSecretOutputReference extends cdktf.ComplexObject {
    get secretArn() {
        return this.getStringAttribute('secret_arn');
    }
}
class Store extends cdktf.TerraformResource {
    constructor() {
        this._labels = new cdktf.StringMap(this, "labels");
        this._secret = new StoreSecretList(this, "secret", false);
        this._rule = new StoreRuleList(this, "rule", true);
    }
    get arn() {
        return this.getStringAttribute('arn');
    }
    get memberIds() {
        return cdktf.Fn.tolist(this.getListAttribute('member_ids'));
    }
    get ipv6Ports() {
        return cdktf.Token.asNumberList(cdktf.Fn.tolist(this.getNumberListAttribute('ipv6_ports')));
    }
}
`;

test("arguments, blocks and computed attributes come out of the package's declarations", () => {
  assert.deepEqual(deriveResource("Store", DECLARATIONS, CODE), {
    attributes: {
      arn: { type: "string", use: "computed" },
      host_name: { type: "string", use: "required" },
      id: { type: "string", use: "computed" },
      ipv6_ports: { type: "set(number)", use: "optional" },
      labels: { type: "map(string)", use: "computed" },
      member_ids: { type: "set(string)", use: "computed" },
      route: {
        type: "list",
        use: "optional",
        of: { attributes: { to: { type: "string", use: "optional" } }, blocks: {} },
      },
      secret: {
        type: "list",
        use: "computed",
        of: { attributes: { secret_arn: { type: "string", use: "computed" } }, blocks: {} },
      },
      tags: { type: "map(string)", use: "optional" },
    },
    blocks: {
      rule: { min: 0, as: "set", attributes: { port: { type: "number", use: "required" } }, blocks: {} },
      volume: { min: 1, max: 1, as: "list", attributes: { encrypted: { type: "bool", use: "optional" } }, blocks: {} },
    },
  });
});

test("the extract says what it was derived from, and knows resources as the provider's pages describe them", () => {
  assert.match(SCHEMA.provider.version, /^6\./);
  assert.match(SCHEMA.provider.derivedFrom, /^@cdktf\/provider-aws \d/);
  const cluster = SCHEMA.resources["aws_rds_cluster"];
  assert.equal(cluster?.attributes["engine"]?.use, "required");
  assert.equal(cluster?.attributes["endpoint"]?.use, "computed");
  assert.equal(cluster?.blocks["serverlessv2_scaling_configuration"]?.max, 1);
  assert.equal(SCHEMA.resources["aws_msk_cluster"]?.blocks["broker_node_group_info"]?.min, 1);
  assert.equal(SCHEMA.resources["aws_vpc_endpoint"]?.attributes["network_interface_ids"]?.type, "set(string)");
});

test("an attribute whose spelling the code does not tell is an error, and not left out", () => {
  const code = CODE.replace("this.getStringAttribute('arn')", "somethingElse('arn')");
  assert.throws(
    () => deriveResource("Store", DECLARATIONS, code),
    /the code of Store does not tell how 'arn' is spelt/,
  );
});
