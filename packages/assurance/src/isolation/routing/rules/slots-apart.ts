import { refuted } from "../../../rule.ts";
import { routingRule } from "../routing-rule.ts";

export const slotsApart = routingRule({
  id: "routing/slots-apart",
  why: "what a tenant gets in its cell follows from its slot: two in one slot get one place, and one beyond the cell's capacity another's",
  fix: "give every tenant of a cell a slot of its own, not above cells.capacity",
  reads: [],
  idle: ({ shipment }) => (shipment.tenants.size === 0 ? "no tenant is placed" : null),
  *judge({ definition, shipment }) {
    const taken = new Map<string, string>();
    for (const { cell, id, slot } of shipment.tenants.values()) {
      const subject = `placement.json: ${id}`;
      const place = `slot ${slot} of cell ${cell}`;
      const other = taken.get(place);
      if (other !== undefined) yield refuted(subject, `it has ${place}, as ${other} has`);
      taken.set(place, id);
      if (slot > definition.cells.capacity)
        yield refuted(subject, `it has ${place}, which has ${definition.cells.capacity}`);
    }
  },
});
