import { type Answer, call, type CallOptions, type ClientOptions } from "./call.ts";
import type { Operation, Routes } from "./route.ts";

/** One method for each operation of an API, under the name that its document gives it. */
export type Client<Operations> = {
  readonly [Id in keyof Operations]: Operations[Id] extends Operation ? Method<Operations[Id]> : never;
};

/** The input may be left out where nothing in it has to be given. */
type Method<One extends Operation> =
  Record<never, never> extends One["input"]
    ? (input?: One["input"], options?: CallOptions) => Promise<Answer<One["output"]>>
    : (input: One["input"], options?: CallOptions) => Promise<Answer<One["output"]>>;

export function createClient<Operations>(routes: Routes, options: ClientOptions): Client<Operations> {
  const methods = Object.entries(routes).map(([id, route]) => [
    id,
    (input: object = {}, callOptions?: CallOptions) =>
      call(options, route, input as Readonly<Record<string, unknown>>, callOptions),
  ]);
  return Object.freeze(Object.fromEntries(methods) as Client<Operations>);
}
