/** Loads CDK, which takes a while; what only reads an assembly imports the package's main entry. */
export { buildApp, type Synthesized, synthesize } from "./assembly/synthesize.ts";
