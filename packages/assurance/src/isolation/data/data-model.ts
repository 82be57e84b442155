import type { Isolation, PlatformStore } from "@tenantry/model";
import type { Resource, Shipment, ShippedStack, ShippedTier } from "../../artifacts/shipment.ts";
import { type Posture, readPosture } from "../../posture/read-posture.ts";
import { readPlacedTasks, type ForeignName } from "./placed-tasks.ts";
import { type Finder, finderOf, type GivenText, storeTypes, textsOfTask } from "./store-references.ts";

/** Stacks that stand for themselves: those that tenants share, or that of any tenant of a tier. */
export interface Scope {
  readonly resources: readonly Resource[];
  /** What their containers are given. */
  readonly texts: readonly GivenText[];
  /** Finds resources of their own, and those that are shared. */
  readonly find: Finder;
}

/** The stack of any tenant of a tier. */
export interface TierData extends Scope {
  readonly label: string;
  readonly tier: ShippedTier;
  readonly stack: ShippedStack;
  /** The stores of another tenant of the tier. */
  readonly othersStores: readonly Resource[];
}

/** What the rules look at, read once. */
export interface DataModel {
  readonly shipment: Shipment;
  readonly posture: Posture;
  readonly tiers: readonly TierData[];
  readonly shared: Scope;
  /** What is shared, and then every tier. */
  readonly scopes: readonly Scope[];
  /** How the tier has the store whose variable this is; null for a variable of no store. */
  readonly storeOfVariable: (tier: ShippedTier, name: string) => StoreOfTier | null;
  /** Texts of tenants that are placed, and of shared services, which name another tenant's store. */
  readonly foreign: readonly ForeignName[];
  readonly placedTasks: number;
}

export interface StoreOfTier {
  readonly store: PlatformStore;
  readonly isolation: Isolation;
  /** What of the store the variable says, such as "HOST". */
  readonly part: string;
}

export function dataModel(shipment: Shipment): DataModel {
  const posture = readPosture(shipment, {});
  const sharedResources = posture.resources.filter(({ stack }) => stack.tenant === null);
  const shared: Scope = {
    resources: sharedResources,
    texts: sharedResources.flatMap(textsOfTask),
    find: finderOf(sharedResources),
  };
  const tiers = shipment.tiers.map((tier) => tierData(tier, shipment, posture, sharedResources));
  return {
    shipment,
    posture,
    tiers,
    shared,
    scopes: [shared, ...tiers],
    storeOfVariable: (tier, name) => storeOfVariable(shipment, tier, name),
    ...readPlacedTasks(shipment, shared.resources, shared.texts),
  };
}

function tierData(
  tier: ShippedTier,
  shipment: Shipment,
  posture: Posture,
  shared: readonly Resource[],
): TierData {
  const stack = tier.anyTenant("a");
  const resources = posture.resources.filter(
    ({ stack: one }) => one.id === stack.id && one.tier === tier.tier && one.template === tier.template,
  );
  return {
    label: tier.region === shipment.region ? tier.tier : `${tier.tier} in ${tier.region}`,
    tier,
    stack,
    resources,
    texts: resources.flatMap(textsOfTask),
    find: finderOf([...shared, ...resources]),
    othersStores: tier
      .anyTenant("b")
      .resources()
      .filter(({ type }) => storeTypes.includes(type)),
  };
}

/** FILES_BUCKET is the bucket of the store "files"; of two stores whose names begin alike the longer one is meant. */
function storeOfVariable({ definition }: Shipment, tier: ShippedTier, name: string): StoreOfTier | null {
  const region = tier.role === "primary" ? definition : definition.recovery;
  const isolations = definition.tiers[tier.tier]?.stores ?? {};
  const [store] = Object.values(region?.stores ?? {})
    .filter((one) => name.startsWith(`${variable(one.name)}_`))
    .sort((one, other) => other.name.length - one.name.length);
  if (store === undefined) return null;
  return {
    store,
    isolation: isolations[store.name] ?? "pool",
    part: name.slice(variable(store.name).length + 1),
  };
}

const variable = (store: string): string => store.toUpperCase().replaceAll("-", "_");
