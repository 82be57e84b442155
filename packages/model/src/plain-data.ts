import { errors } from "./errors.ts";
import { formatPath, type Mistake, type Path } from "./problem.ts";

const depthMax = 24;
const valuesMax = 2_000_000;
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Copies what a user handed over into plain data. A definition is a module's value and may be
 * anything: functions, getters that throw, objects that contain themselves. Everything behind
 * this door may rely on own enumerable data properties, finite numbers and no cycles.
 * What is not data is left out of the copy and reported.
 */
export function toPlainData(input: unknown): {
  readonly data: unknown;
  readonly mistakes: readonly Mistake[];
} {
  const copy = new PlainCopy();
  const data = copy.value(input, []);
  return { data: data === absent ? undefined : data, mistakes: copy.mistakes };
}

const absent = Symbol("absent");

class PlainCopy {
  readonly mistakes: Mistake[] = [];
  readonly #ancestors = new Map<object, Path>();
  #values = 0;

  value(input: unknown, path: Path): unknown {
    this.#values += 1;
    if (this.#values > valuesMax) return this.#tooLarge();
    switch (typeof input) {
      case "string":
      case "boolean":
      case "undefined":
        return input;
      case "number":
        return Number.isFinite(input)
          ? input
          : this.#wrong(path, errors.MODEL_NOT_DATA({ what: String(input) }));
      case "object":
        return input === null ? null : this.#object(input, path);
      default:
        return this.#wrong(path, errors.MODEL_NOT_DATA({ what: `a ${typeof input}` }));
    }
  }

  #object(input: object, path: Path): unknown {
    const seenAt = this.#ancestors.get(input);
    if (seenAt !== undefined) {
      return this.#wrong(path, errors.MODEL_CYCLE({ at: formatPath(seenAt) || "the definition" }));
    }
    if (path.length > depthMax) return this.#wrong(path, errors.MODEL_TOO_DEEP({ depthMax }));
    this.#ancestors.set(input, path);
    try {
      return Array.isArray(input) ? this.#array(input, path) : this.#record(input, path);
    } catch {
      // Only a proxy can throw here: every property is read through its descriptor.
      return this.#wrong(path, errors.MODEL_NOT_DATA({ what: "an object that cannot be read" }));
    } finally {
      this.#ancestors.delete(input);
    }
  }

  #array(input: readonly unknown[], path: Path): unknown {
    const copy: unknown[] = [];
    const length = Math.min(input.length, valuesMax);
    for (let index = 0; index < length && this.#values <= valuesMax; index++) {
      const item = this.#property(input, String(index), [...path, index]);
      if (item !== absent) copy.push(item);
    }
    return copy;
  }

  #record(input: object, path: Path): unknown {
    const prototype: unknown = Object.getPrototypeOf(input);
    // An object literal of another realm has another Object.prototype, so its identity is no test.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      return this.#wrong(path, errors.MODEL_NOT_DATA({ what: `an instance of ${className(prototype)}` }));
    }
    const copy: Record<string, unknown> = {};
    for (const key of Reflect.ownKeys(input)) {
      if (this.#values > valuesMax) break;
      if (typeof key === "symbol") {
        this.#wrong(path, errors.MODEL_NOT_DATA({ what: "an object with a symbol as a key" }));
      } else if (forbiddenKeys.has(key)) {
        this.#wrong([...path, key], errors.MODEL_FORBIDDEN_KEY({ key }));
      } else {
        const item = this.#property(input, key, [...path, key]);
        if (item !== absent && item !== undefined) copy[key] = item;
      }
    }
    return copy;
  }

  #property(owner: object, key: string, path: Path): unknown {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    if (descriptor === undefined) return undefined;
    if (descriptor.get !== undefined || descriptor.set !== undefined) {
      return this.#wrong(path, errors.MODEL_NOT_DATA({ what: "a getter or setter" }));
    }
    return this.value(descriptor.value, path);
  }

  #wrong(path: Path, error: Mistake["error"]): typeof absent {
    this.mistakes.push({ path, error });
    return absent;
  }

  #tooLarge(): typeof absent {
    if (this.#values === valuesMax + 1) {
      this.mistakes.push({ path: [], error: errors.MODEL_TOO_LARGE({ valuesMax }) });
    }
    return absent;
  }
}

function className(prototype: unknown): string {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "a class";
}
