import { registerHooks } from "node:module";

/**
 * Makes a definition importable wherever it lies. Two things stand in the way otherwise:
 *
 * - `@tenantry/model` must be found from a folder without node_modules, and must be *this* copy,
 *   because what definePlatform of another copy returns is of another version;
 * - Node decides by the nearest package.json whether a .ts file is an ES module, and a definition
 *   and what it imports from beside it are ES modules always.
 *
 * The hooks are removed as soon as the import has settled.
 */
export function withModelResolution<T>(load: () => Promise<T>): Promise<T> {
  const modelUrl = import.meta.resolve("@tenantry/model");
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "@tenantry/model" ? { url: modelUrl, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      isTypeScriptOfTheUser(url)
        ? next(url, { ...context, format: "module-typescript" })
        : next(url, context),
  });
  return load().finally(() => hooks.deregister());
}

function isTypeScriptOfTheUser(url: string): boolean {
  return url.startsWith("file:") && new URL(url).pathname.endsWith(".ts") && !url.includes("/node_modules/");
}
