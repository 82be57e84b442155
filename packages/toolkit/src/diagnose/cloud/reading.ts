import type { CloudCalls } from "../../aws/cloud/cloud-calls.ts";
import { readFailure } from "../../aws/cloud/cloud-failure.ts";
import type { ClientConfig } from "../../aws/cloud/connect-cloud.ts";

/** How the readers call one service of AWS. */
export interface Reading {
  readonly config: ClientConfig;
  readonly calls: CloudCalls;
}

/** More pages than this of anything are not read. */
const pagesMax = 200;

/** Calls a service by the prefix of its actions in IAM. */
export function caller({ config, calls }: Reading, service: string) {
  return <T>(operation: string, call: () => Promise<T>): Promise<T> =>
    calls.run({ service, operation, region: config.region }, call);
}

export async function everyPage<P>(
  read: (token: string | undefined) => Promise<P>,
  next: (page: P) => string | undefined,
): Promise<readonly P[]> {
  const pages: P[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    pages.push(page);
    token = next(page);
  } while (token !== undefined && token !== "" && pages.length < pagesMax);
  return pages;
}

/** Null where AWS says by one of the names that the thing is not there. */
export async function orMissing<T>(answer: Promise<T>, ...names: readonly string[]): Promise<T | null> {
  try {
    return await answer;
  } catch (failure) {
    const { name } = readFailure(failure);
    if (names.some((one) => name.startsWith(one))) return null;
    throw failure;
  }
}

export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Those of a list that are there. */
export function present<T>(items: readonly (T | undefined)[] | undefined): readonly T[] {
  return (items ?? []).filter((item) => item !== undefined);
}
