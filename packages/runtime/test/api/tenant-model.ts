import { expect } from "vitest";
import type { Answer } from "../http/exchange.ts";
import { mergePatchType, type TenantClient } from "./tenant-client.ts";

/*
 * What the API should answer, by the four rules of RESTler (https://doi.org/10.1109/ICST46399.2020.00024)
 * and one of ours. A model remembers what each tenant has made, and every answer must be the one
 * that follows from it:
 *
 * - use after free: what was deleted is gone, under every verb;
 * - resource leak: a creation that failed leaves nothing;
 * - resource hierarchy: a document is in its own collection and in no other;
 * - user namespace: what one tenant has made is for no other to see, to change or to notice;
 * - one truth: both versions show the same.
 */

export const resources = ["members", "roles", "api-keys", "documents"] as const;
export type Resource = (typeof resources)[number];
export const versions = ["v1", "v2"] as const;
export type Version = (typeof versions)[number];
export const collections = ["alpha", "beta"] as const;

export interface Item {
  readonly resource: Resource;
  /** The id, or a role's name. */
  readonly id: string;
  /** Of a document. */
  readonly collection?: string;
}

type View = Record<string, unknown>;

/** What one tenant has made: by path below the version. */
export class TenantModel {
  readonly #views = new Map<string, View>();

  set(item: Item, view: View): void {
    this.#views.set(pathOf(item), comparable(view));
  }

  get(item: Item): View | undefined {
    return this.#views.get(pathOf(item));
  }

  delete(item: Item): void {
    const view = this.get(item);
    if (item.resource !== "api-keys") this.#views.delete(pathOf(item));
    // A revoked key is there for good, and says so; when it was revoked only the answer knows.
    else if (view !== undefined) this.set(item, { ...view, status: "revoked" });
  }

  list(path: string): View[] {
    const found = [...this.#views].filter(([key]) => key.slice(0, key.lastIndexOf("/")) === path);
    return found.map(([, view]) => view).sort(byId);
  }
}

export function pathOf({ resource, id, collection }: Item): string {
  return collection === undefined ? `${resource}/${id}` : `documents/${collection}/${id}`;
}

/** Without what a request changes that only reads. */
function comparable(view: View): View {
  const { lastUsedAt: _used, revokedAt: _revoked, key: _key, ...rest } = view;
  return rest;
}

function byId(one: View, other: View): number {
  const [a, b] = [String(one["id"] ?? one["name"]), String(other["id"] ?? other["name"])];
  return a < b ? -1 : a > b ? 1 : 0;
}

export const notFound: Readonly<Record<Resource, string>> = {
  members: "MEMBER_NOT_FOUND",
  roles: "ROLE_NOT_FOUND",
  "api-keys": "API_KEY_NOT_FOUND",
  documents: "DOCUMENT_NOT_FOUND",
};

/** What to send so that an item of the resource is replaced or changed; null where nothing is. */
export function changeOf(resource: Resource, version: Version, text: string) {
  const replace = { method: "PUT", headers: { "if-match": "*" } };
  const patchType = version === "v1" ? {} : mergePatchType;
  const changes = {
    members: { method: "PATCH", headers: patchType, body: { name: text } },
    roles: { ...replace, body: { description: text, permissions: ["files:read"] } },
    "api-keys": null,
    documents: { ...replace, body: { body: { text } } },
  };
  return changes[resource];
}

/** Asks under every verb for an item that must not be there for this client. */
export async function expectAbsent(client: TenantClient, version: Version, item: Item): Promise<void> {
  const path = `/${version}/${pathOf(item)}`;
  const change = changeOf(item.resource, version, "intrusion");
  const answers: Answer[] = [
    await client(path),
    ...(change === null ? [] : [await client(path, change)]),
    await client(path, { method: "DELETE" }),
  ];
  for (const answer of answers)
    expect([answer.status, answer.json?.code]).toEqual([404, notFound[item.resource]]);
}

/** Asks with a credential that another tenant has given out, for something that is there. */
export async function expectRefused(client: TenantClient, version: Version, item: Item): Promise<void> {
  const path = `/${version}/${pathOf(item)}`;
  const change = changeOf(item.resource, version, "intrusion");
  const asks = [{}, ...(change === null ? [] : [change]), { method: "DELETE" }];
  for (const ask of asks) expect([401, 403]).toContain((await client(path, ask)).status);
}

/** Every list of the tenant, in both versions and all pages, is what the model says. */
export async function expectLists(client: TenantClient, model: TenantModel): Promise<void> {
  for (const path of ["members", "roles", "api-keys", ...collections.map((name) => `documents/${name}`)]) {
    const expected = model.list(path);
    const [one, two] = [await byOffset(client, path), await byCursor(client, path)];
    expect(one.map(comparable).sort(byId), `v1 ${path}`).toEqual(expected);
    expect(two.map(comparable).sort(byId), `v2 ${path}`).toEqual(expected);
  }
}

export async function byOffset(client: TenantClient, path: string): Promise<View[]> {
  const items: View[] = [];
  for (;;) {
    const { status, json } = await client(`/v1/${path}?limit=100&offset=${items.length}`);
    expect(status).toBe(200);
    items.push(...json.items);
    if (json.items.length === 0 || items.length === json.total) {
      expect(items).toHaveLength(json.total);
      return items.filter(({ kind }) => kind !== "built-in");
    }
  }
}

async function byCursor(client: TenantClient, path: string): Promise<View[]> {
  const items: View[] = [];
  let cursor = "";
  for (;;) {
    const { status, json } = await client(`/v2/${path}?limit=7${cursor}`);
    expect(status).toBe(200);
    items.push(...json.items);
    if (json.nextCursor === null) return items.filter(({ kind }) => kind !== "built-in");
    cursor = `&cursor=${json.nextCursor}`;
  }
}
