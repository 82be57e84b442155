import type { ContextValue } from "../evaluate/context.ts";
import type { Holder, Target } from "../model/iam-model.ts";

/** What one tenant's role must not be able to do with something of another. */
export interface Question {
  readonly target: Target;
  /** What the request names: an ARN, with ⟨*⟩ for any text. */
  readonly resource: string;
  /** Keys of the context that what is asked for has. */
  readonly known: ReadonlyMap<string, ContextValue>;
  /** For data that a key encrypts, its encryption context. */
  readonly context: { readonly name: string; readonly value: string } | null;
}

const none: ReadonlyMap<string, ContextValue> = new Map();

/** Everything that may be asked about what a tenant has: each resource, and the data that a key encrypts. */
export function questionsOf({ targets }: Holder): readonly Question[] {
  return targets.flatMap((target): readonly Question[] => [
    ...target.subjects.map((resource) => ({ target, resource, known: none, context: null })),
    ...(target.encryption?.values ?? []).map((value): Question => {
      const name = target.encryption?.name ?? "";
      return {
        target,
        resource: target.encryption?.key ?? "",
        known: new Map([
          [`kms:encryptioncontext:${name}`.toLowerCase(), { kind: "single", value }],
          ["kms:encryptioncontextkeys", { kind: "many", values: [name] }],
        ]),
        context: { name, value },
      };
    }),
  ]);
}

/** A request for encrypted data has exactly the context that it was encrypted with. */
export function knownOf({ known, context }: Question, key: string): ContextValue | null {
  const value = known.get(key);
  if (value !== undefined) return value;
  return context !== null && key.startsWith("kms:encryptioncontext:") ? { kind: "absent" } : null;
}
