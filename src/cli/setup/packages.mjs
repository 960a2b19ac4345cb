import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { must, say } from "./process.mjs";

/** Root of the checkout. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const STAMP = join(ROOT, "node_modules/.foretrack-lock");

/** Ends the process, with what to do, on a Node too old for the tools. */
export function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 20) return;
  console.error(
    `Foretrack needs Node 20 or newer; this is ${process.version}. See https://nodejs.org`,
  );
  process.exit(1);
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
}

function installed() {
  if (!existsSync(join(ROOT, "node_modules/vite/package.json"))) return false;
  if (existsSync(STAMP)) return readFileSync(STAMP, "utf8") === lockHash();
  // Installed by npm itself: its own record is as new as the lock file, or it is stale.
  const record = join(ROOT, "node_modules/.package-lock.json");
  return existsSync(record) && sameVersions(record);
}

/** npm's record of what is installed agrees with the lock file on every package it holds. */
function sameVersions(record) {
  const have = JSON.parse(readFileSync(record, "utf8")).packages;
  const want = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === "" || optional || have[path]?.version === version,
  );
}

/** Installs the npm packages of the lock file where they are missing or stale. */
export async function ensurePackages() {
  if (installed()) return;
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  say(
    `Installing ${Object.keys(packages).length - 1} npm packages of the lock file, about 500 MB on disk`,
  );
  // Install scripts are left out: none is needed, and some download from hosts that are often blocked.
  await must("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: ROOT });
  writeFileSync(STAMP, lockHash());
}
