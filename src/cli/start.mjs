// Serves the studio: `npm start [-- --port 5173]`. Plain Node, so that it runs before any install.
import { ensurePackages, ROOT, requireNode } from "./setup/packages.mjs";
import { must, say } from "./setup/process.mjs";

requireNode();
await ensurePackages();
say("Starting the studio. It runs in your browser; nothing is uploaded. Ctrl+C stops it.");
const vite = ["node_modules/vite/bin/vite.js", "--host", "127.0.0.1", ...process.argv.slice(2)];
await must(process.execPath, vite, { cwd: ROOT });
