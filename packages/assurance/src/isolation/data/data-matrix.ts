import type { Resource } from "../../artifacts/shipment.ts";
import type { Matrix } from "../../theme-result.ts";
import type { DataModel } from "./data-model.ts";
import { storeTypes } from "./store-references.ts";

/** Every store, and the services that are told of it. */
export function dataMatrix({ shared, tiers }: DataModel): Matrix {
  const readers = new Map<Resource, Set<string>>();
  const note = (store: Resource, reader: string): void => {
    readers.set(store, (readers.get(store) ?? new Set()).add(reader));
  };
  for (const { text, container } of shared.texts)
    for (const store of shared.find(text)) note(store, container);
  for (const { texts, find, label } of tiers)
    for (const { text, container } of texts)
      for (const store of find(text)) note(store, `${container} of each tenant (${label})`);
  const rows = [
    ...shared.resources.map((resource) => [resource, "shared"] as const),
    ...tiers.flatMap(({ resources, label }) =>
      resources.map((resource) => [resource, `each tenant (${label})`] as const),
    ),
  ]
    .filter(([{ type }]) => storeTypes.includes(type))
    .map(([resource, whose]) => [
      resource.key.replaceAll("⟨tenant:a⟩", "{tenant}"),
      resource.type.replace("AWS::", ""),
      whose,
      [...(readers.get(resource) ?? [])].join(", ") || "-",
    ]);
  return {
    title: "Stores and the services that are told of them",
    columns: ["store", "type", "whose", "services"],
    rows,
    legend: { "-": "no service: AWS, a person or a pipeline" },
  };
}
