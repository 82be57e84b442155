/**
 * Stands in for the values that an error message names, so that the message shows its shape:
 * `port ${port} is taken` becomes `port {port} is taken`. A message does many things with a value
 * before it is text; a placeholder lets all of them happen and stays what it is:
 *
 * - a property is a placeholder named by its path, an element or the result of a method keeps the name;
 * - as text, in JSON and in a list it is its name in braces; it is a list of itself once;
 * - it has no own properties, so copying it leaves nothing.
 */
export function placeholder(name: string): unknown {
  const text = `{${name}}`;
  // A function, so that the result of a method can be taken from it.
  const target = () => undefined;
  return new Proxy(target, {
    get(_, key) {
      // The parameters themselves: whatever they hold is a value with that name.
      if (name === "" && typeof key === "string") return placeholder(key);
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === "number" ? Number.NaN : text);
      if (key === Symbol.iterator) return () => [placeholder(name)].values();
      if (typeof key === "symbol") return undefined;
      if (key === "toString" || key === "toJSON" || key === "join" || key === "toLocaleString")
        return () => text;
      if (key === "length" || key === "size") return placeholder(`number of ${name}`);
      if (/^\d+$/.test(key) || key in Array.prototype || key in String.prototype) return placeholder(name);
      return placeholder(`${name}.${key}`);
    },
    apply: () => placeholder(name),
    ownKeys: () => [],
    getOwnPropertyDescriptor: () => undefined,
  });
}
