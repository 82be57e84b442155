// Deploys an assembly in a process of its own, which a test can kill: endpoint and folder are its arguments.
import { deployWhenFree } from "./deploy-when-free.ts";

const [endpoint = "", artifacts = ""] = process.argv.slice(2);
process.stdout.write("begun\n");
await deployWhenFree(endpoint, artifacts);
