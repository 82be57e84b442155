import { reservedTenantIds } from "@tenantry/model";
import { unknownIn } from "../../artifacts/mark.ts";
import type { Resource, Shipment, ShippedStack, ShippedTier } from "../../artifacts/shipment.ts";
import { canMeet, type Meeting, type MeetOptions } from "../words/can-meet.ts";
import { parsePattern } from "../words/pattern.ts";
import { keySpacesOf, type KeySpace } from "./key-spaces.ts";
import { fullName, type GivenName, readNames, type StackNames } from "./read-names.ts";

/** A tier's template, as the stack of each of any two tenants. */
export interface TierNames {
  /** Such as "silo", or "silo in us-west-2" for the recovery region. */
  readonly label: string;
  readonly tier: ShippedTier;
  readonly a: StackNames;
  readonly b: StackNames;
  /** What is reached by the beginning of a name. */
  readonly spacesOfA: readonly KeySpace[];
  readonly spacesOfB: readonly KeySpace[];
  readonly resourcesOfB: readonly Resource[];
}

/** The same name in two stacks of those that are there. */
export interface TwiceGiven {
  readonly name: GivenName;
  readonly first: string;
  readonly second: string;
}

/** What the rules look at, read once. */
export interface NamesModel {
  readonly shipment: Shipment;
  readonly tiers: readonly TierNames[];
  readonly shared: readonly StackNames[];
  /** Names that the stacks of tenants share with each other or with the platform's. */
  readonly twice: readonly TwiceGiven[];
  /** Names in concrete stacks that could not be resolved. */
  readonly unresolved: readonly GivenName[];
  /** How many names of concrete tenants were compared. */
  readonly compared: number;
  /** Whether two resolved texts can be the same; ids that nobody may have are no tenants'. */
  readonly canMeet: (one: string, other: string, options?: TextOptions) => Meeting;
}

export interface TextOptions extends Pick<MeetOptions, "distinct" | "markLength"> {
  /** `*` and `?` stand for other text in the first, in the second. Default: in neither. */
  readonly wildcards?: readonly [boolean, boolean];
}

export function namesModel(shipment: Shipment): NamesModel {
  const tiers = shipment.tiers.map((tier) => tierNames(tier, shipment));
  const shared = shipment.shared.map((stack) => readNames(stack, stack.resources()));
  return { shipment, tiers, shared, ...readTenants(shipment, shared), canMeet: meeter(shipment) };
}

function tierNames(tier: ShippedTier, { region }: Shipment): TierNames {
  const read = (stack: ShippedStack) => {
    const resources = stack.resources();
    return { names: readNames(stack, resources), spaces: keySpacesOf(resources), resources };
  };
  const a = read(tier.anyTenant("a"));
  const b = read(tier.anyTenant("b"));
  return {
    label: tier.region === region ? tier.tier : `${tier.tier} in ${tier.region}`,
    tier,
    a: a.names,
    b: b.names,
    spacesOfA: a.spaces,
    spacesOfB: b.spaces,
    resourcesOfB: b.resources,
  };
}

/** A stack's names are compared and forgotten: of ten thousand tenants only the names themselves stay. */
function readTenants(
  { tenants }: Shipment,
  shared: readonly StackNames[],
): Pick<NamesModel, "twice" | "unresolved" | "compared"> {
  const owners = new Map<string, string>();
  for (const { names } of shared) for (const name of names) owners.set(identity(name), name.subject);
  const twice: TwiceGiven[] = [];
  const unresolved: GivenName[] = [];
  let compared = 0;
  for (const { stacks } of tenants.values())
    for (const stack of stacks)
      for (const name of readNames(stack, stack.resources()).names) {
        compared++;
        if (unknownIn(fullName(name)) !== undefined) unresolved.push(name);
        const key = identity(name);
        const first = owners.get(key);
        if (first === undefined) owners.set(key, name.subject);
        else twice.push({ name, first, second: name.subject });
      }
  return { twice, unresolved, compared };
}

const identity = (name: GivenName): string => `${name.kind.what}\n${name.place}\n${fullName(name)}`;

function meeter({ definition }: Shipment): NamesModel["canMeet"] {
  const lengthMax = definition.tenantIdLengthMax;
  return (one, other, { wildcards = [false, false], ...options } = {}) => {
    const left = parsePattern(one, { wildcards: wildcards[0] });
    const right = parsePattern(other, { wildcards: wildcards[1] });
    const all = canMeet(left, right, { lengthMax, ...options });
    // Most never meet at all; only of the others it matters which ids nobody may have.
    return all.kind === "meet" && options.distinct !== false
      ? canMeet(left, right, { lengthMax, ...options, others: reservedTenantIds })
      : all;
  };
}

/** What a rule says of two names that may meet; undefined where they never do. */
export function witnessOf(meeting: Meeting): string | undefined {
  if (meeting.kind !== "meet") return undefined;
  return `the tenants "${meeting.a}" and "${meeting.b}" (${meeting.text})`;
}
