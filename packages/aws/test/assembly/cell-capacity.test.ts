import { expect, test } from "vitest";
import { cellRooms } from "../../src/capacity/cell-capacity.ts";

const template = (...types: readonly string[]) => ({
  Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }])),
});
const rule = "AWS::ElasticLoadBalancingV2::ListenerRule";
const group = "AWS::ElasticLoadBalancingV2::TargetGroup";

test("the narrowest limit ends how many tenants fit, and what all share is taken off first", () => {
  const rooms = cellRooms(
    [template(rule, group, group)],
    [template(rule, group), template(rule, group, group)],
    {},
  );
  expect(
    rooms.map(({ limit, fixed, perTenant, tenants }) => [limit.quota, fixed, perTenant, tenants]),
  ).toEqual([
    ["Target Groups per Application Load Balancer", 2, 2, 49],
    ["Rules per Application Load Balancer", 1, 1, 99],
  ]);
});

test("a raised quota makes room, and one that AWS never raises does not", () => {
  const rooms = cellRooms([], [template(rule, group)], { "L-7EED9B64": 500 });
  expect(rooms.map(({ tenants }) => tenants)).toEqual([100, 500]);
});

test("what no tenant uses ends nothing", () => {
  expect(cellRooms([template(rule)], [template("AWS::S3::Bucket")], {})).toEqual([]);
  expect(cellRooms([template(rule)], [], {})).toEqual([]);
});
