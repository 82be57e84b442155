#!/usr/bin/env node
// Starts the server and ends the process as soon as it has ended, whatever is still open then.
import { main } from "../src/main.ts";

await main(process.argv.slice(2));
process.exit();
