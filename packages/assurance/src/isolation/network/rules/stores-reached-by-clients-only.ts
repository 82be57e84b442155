import type { Interface } from "../network-model.ts";
import { judgeConnections } from "../judge-connections.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { Outside } from "../reachability.ts";
import type { NetworkModel } from "../read-network.ts";

const isStore = ({ kind }: Interface): boolean => kind === "store" || kind === "store-proxy";

export const storesReachedByClientsOnly: NetworkRule = {
  id: "network/stores-reached-by-clients-only",
  why: "a database that others reach is guarded by its password alone",
  fix: "let the store's group name its client group on its port, and give that group to services that use the store and to its rotation",
  judge: ({ network, connections }) => {
    const byKey = new Map(network.interfaces.map((one) => [one.key, one]));
    return judgeConnections(connections, (source, destination) => {
      if (!isStore(destination) || isForeign(source, destination)) return null;
      return clientPorts(network, byKey, source, destination);
    });
  },
};

export const siloStoresReachedByOwnTenantOnly: NetworkRule = {
  id: "network/silo-stores-reached-by-own-tenant-only",
  why: "a store of its own is what the tenant pays for: nobody else may even knock",
  fix: "make the client group of the store in the tenant's own stack, and give it to the tenant's own tasks only",
  judge: ({ connections }) =>
    judgeConnections(connections, (source, destination) =>
      isStore(destination) && isForeign(source, destination) ? [] : null,
    ),
};

/** A store of a tenant, and somebody else. */
const isForeign = (source: Interface | Outside, { tenant }: Interface): boolean =>
  tenant !== null && (typeof source === "string" || source.tenant !== tenant);

/** The ports of the store, where the source is one of its clients. */
function clientPorts(
  network: NetworkModel,
  byKey: ReadonlyMap<string, Interface>,
  source: Interface | Outside,
  store: Interface,
): readonly number[] {
  if (typeof source === "string" || store.name === null) return [];
  return isClient(network, byKey, source, store, store.name) ? store.ports : [];
}

function isClient(
  { definition }: NetworkModel,
  byKey: ReadonlyMap<string, Interface>,
  source: Interface,
  store: Interface,
  name: string,
): boolean {
  switch (source.kind) {
    case "tasks": {
      const uses = definition.services[source.name ?? ""]?.uses.includes(name) === true;
      // A tenant with a store of its own has no business in the shared one.
      const hasOwn = definition.tiers[source.tier ?? ""]?.stores[name] === "silo";
      return uses && (store.tenant !== null || source.tenant === null || !hasOwn);
    }
    case "function":
      return definition.functions[source.name ?? ""]?.uses.includes(name) === true;
    case "rotation": {
      // It serves the writer; readers of the same store let in the same group.
      const served = byKey.get(source.serves ?? "");
      return served?.name === name && served.tenant === store.tenant && served.role === store.role;
    }
    case "store-proxy":
      return source.name === name && source.tenant === store.tenant;
    case "instance":
      return source.tenant === null && definition.network.bastion?.uses.includes(name) === true;
    default:
      return false;
  }
}
