import { networkRules } from "@tenantry/assurance";
import { describe, expect, test } from "vitest";
import { type EditableTemplate, editJson, editTemplate, resourceOf } from "./mutants/edit.ts";
import { networkMutants } from "./mutants/network-mutants.ts";
import {
  check,
  failing,
  ingress,
  type Placement,
  refutedBy,
  tenantTemplate,
  withTenants,
} from "./network-checks.ts";
import { otherShape, type otherShapes } from "./network-platforms.ts";
import { shippedFiles } from "./shipped-platform.ts";

/** Each mutant on one of its platforms in turn; `TENANTRY_TEST_SLOW` takes all. */
const isSlow = process.env["TENANTRY_TEST_SLOW"] !== undefined;

describe("a broken platform", () => {
  const cases = networkMutants.flatMap((mutant, index) =>
    mutant.platforms
      .filter((_, at) => isSlow || at === index % mutant.platforms.length)
      .map(([platform, environment]) => [mutant.name, platform, environment, mutant] as const),
  );

  test("no two mutants have one name, and every rule but one has mutants", () => {
    expect(new Set(networkMutants.map(({ name }) => name)).size).toBe(networkMutants.length);
    const broken = new Set(networkMutants.map(({ rule }) => rule));
    const unbroken = networkRules.map(({ id }) => id).filter((id) => !broken.has(id));
    // It speaks of what cannot be read, and so never refutes.
    expect(unbroken).toEqual(["network/values-known"]);
  });

  test.each(cases)("%s (%s %s) is refuted", async (_, platform, environment, { mutate, rule }) => {
    const { verdicts } = check(mutate(await shippedFiles(platform, environment)));
    expect(refutedBy(verdicts, rule)).not.toEqual([]);
  });

  test("it is refuted for any two tenants where there are none yet", async () => {
    const nobody = editJson<Placement>(
      await shippedFiles("starter", "production"),
      "placement.json",
      (placement) => {
        placement.tenants = {};
      },
    );
    expect(failing(check(nobody).verdicts)).toEqual([]);
    const broken = editTemplate(nobody, tenantTemplate, (template) =>
      ingress(template, "AppServiceSecurityGroup", { IpProtocol: "-1", CidrIp: "10.0.0.0/16" }),
    );
    const [first] = refutedBy(check(broken).verdicts, "network/tenants-apart");
    expect(first).toMatchObject({ subject: expect.stringContaining("⟨tenant:silo-") as unknown });
  });

  test("a witness names both sides, protocol and port, and every rule on the way", async () => {
    const broken = editTemplate(
      await shippedFiles("tenant-silos", "production"),
      tenantTemplate,
      (template) =>
        ingress(template, "AppServiceSecurityGroup", {
          IpProtocol: "tcp",
          FromPort: 6000,
          ToPort: 6010,
          CidrIp: "10.0.0.0/16",
        }),
    );
    const [first] = refutedBy(check(broken).verdicts, "network/tenants-apart");
    expect(first).toMatchObject({
      subject: "tenant/globex-inc/AppService",
      witness:
        "tenant/acme-corp/AppService opens tcp 6000-6010 to tenant/globex-inc/AppService, by tenant/acme-corp/AppServiceSecurityGroup SecurityGroupEgress[0]; tenant/acme-corp/AppServiceSecurityGroup SecurityGroupIngress[0]; 19 more pairs like this one",
    });
  });

  test("of many findings of a rule twenty are listed, and the others counted", async () => {
    const many = withTenants(await shippedFiles("tenant-silos", "production"), 60);
    const broken = editTemplate(many, tenantTemplate, (template) =>
      ingress(template, "AppServiceSecurityGroup", { IpProtocol: "-1", CidrIp: "10.0.0.0/16" }),
    );
    const found = refutedBy(check(broken).verdicts, "network/tenant-groups-name-own-only");
    expect(found.length).toBe(21);
    expect(found.at(-1)).toMatchObject({ witness: "and 42 more of the same kind" });
  });
});

describe("a broken platform of another shape", () => {
  const cases: readonly (readonly [
    string,
    (typeof otherShapes)[number],
    string,
    string,
    (template: EditableTemplate) => void,
  ])[] = [
    [
      "the subnets of databases have a way out",
      "website",
      "data-subnets-closed",
      "foundation",
      (template) => {
        template.Resources["WayOut"] = {
          Type: "AWS::EC2::Route",
          Properties: {
            RouteTableId: { "Fn::GetAtt": ["NetworkDatabaseRouteTable", "RouteTableId"] },
            DestinationCidrBlock: "0.0.0.0/0",
            NatGatewayId: { "Fn::GetAtt": ["NetworkNatGatewayA", "NatGatewayId"] },
          },
        };
      },
    ],
    [
      "a service that may not call out calls everywhere",
      "website",
      "exits-as-defined",
      "services",
      (template) => {
        resourceOf(template, "OrdersServiceSecurityGroup").Properties["SecurityGroupEgress"] = [
          { IpProtocol: "-1", CidrIp: "0.0.0.0/0" },
        ];
      },
    ],
    [
      "the tier behind is reached by the load balancer",
      "website",
      "tasks-reached-by-callers-only",
      "services",
      (template) => {
        ingress(template, "OrdersServiceSecurityGroup", {
          IpProtocol: "tcp",
          FromPort: 4000,
          ToPort: 4000,
          CidrIp: "10.20.0.0/16",
        });
        resourceOf(template, "OrdersService").Properties["NetworkConfiguration"] = resourceOf(
          template,
          "FrontService",
        ).Properties["NetworkConfiguration"];
      },
    ],
    [
      "an internal load balancer faces the internet",
      "inside",
      "public-subnets-hold-load-balancers-only",
      "cell",
      (template) => {
        resourceOf(template, "LoadBalancer").Properties["Scheme"] = "internet-facing";
      },
    ],
    [
      "an internal load balancer lets in other networks",
      "inside",
      "entrance-as-defined",
      "cell",
      (template) =>
        ingress(template, "LoadBalancerSecurityGroup", {
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          CidrIp: "10.0.0.0/8",
        }),
    ],
    [
      "clients of a shared service let one another in",
      "mixed",
      "carried-groups-let-nothing-in",
      "services",
      (template) => {
        ingress(template, "MailClients", {
          IpProtocol: "tcp",
          FromPort: 2525,
          ToPort: 2525,
          CidrIp: "10.30.0.0/16",
        });
      },
    ],
  ];

  test.each(cases)("%s (%s)", (_, shape, rule, template, edit) => {
    const { verdicts } = check(editTemplate(otherShape(shape), template, edit));
    expect(refutedBy(verdicts, `network/${rule}`)).not.toEqual([]);
  });

  test("the VPCs of two regions are peered, and have the same addresses", () => {
    const files = editJson<{ stacks: { id: string; parameters: Record<string, object> }[] }>(
      otherShape("abroad"),
      "cloudformation/manifest.json",
      ({ stacks }) => {
        const foundation = stacks.find(({ id }) => id === "foundation");
        if (foundation === undefined) return;
        foundation.parameters["PeerVpc"] = {
          kind: "stack-value",
          name: "/abroad/production/network/vpc-id",
          region: "eu-central-1",
        };
      },
    );
    const peered = editTemplate(files, "foundation", (template) => {
      template.Parameters = { ...template.Parameters, PeerVpc: { Type: "String" } };
      template.Resources["Peering"] = {
        Type: "AWS::EC2::VPCPeeringConnection",
        Properties: {
          VpcId: { "Fn::GetAtt": ["NetworkVpc", "VpcId"] },
          PeerVpcId: { Ref: "PeerVpc" },
          PeerRegion: "eu-central-1",
        },
      };
    });
    expect(refutedBy(check(peered).verdicts, "network/ranges-possible")).toMatchObject([
      { subject: "foundation/Peering" },
    ]);
  });
});
