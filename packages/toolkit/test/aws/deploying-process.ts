// Deploys an assembly in a process of its own, which a test can kill: endpoint and folder are its arguments. Writes a
// line for everything that happens.
import { deployWhenFree } from "./deploy-when-free.ts";

const [endpoint = "", artifacts = ""] = process.argv.slice(2);
await deployWhenFree(endpoint, artifacts, ({ message }) => process.stdout.write(`${message}\n`));
