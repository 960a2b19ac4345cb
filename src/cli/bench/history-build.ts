import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./browser.ts";
import { runProgram } from "./program.ts";

export interface HistoryBuild {
  /** The short hash of the commit. */
  readonly name: string;
  /** Folder of the built site. */
  readonly dist: string;
}

/**
 * The site as a commit of this repository builds it, made in a temporary folder and kept under `.cache`.
 * Rejects where the commit is unknown or does not build.
 */
export async function buildOf(commit: string): Promise<HistoryBuild> {
  const git = (...args: string[]) => runProgram("git", ["-C", ROOT, ...args]);
  const hash = (await git("rev-parse", "--verify", `${commit}^{commit}`)).trim();
  const name = hash.slice(0, 9);
  const dist = join(ROOT, ".cache/bench/builds", hash);
  if (existsSync(join(dist, "index.html"))) return { name, dist };
  const temporary = await mkdtemp(join(tmpdir(), "foretrack-bench-"));
  const tree = join(temporary, "tree");
  try {
    await git("worktree", "add", "--detach", tree, hash);
    await bringPackages(tree);
    const vite = join(tree, "node_modules/vite/bin/vite.js");
    await runProgram(process.execPath, [vite, "build", "--logLevel", "error", tree], "", tree);
    await cp(join(tree, "dist"), `${dist}.draft`, { recursive: true });
    await rename(`${dist}.draft`, dist);
  } finally {
    await git("worktree", "remove", "--force", tree).catch(() => undefined);
    await rm(temporary, { recursive: true, force: true });
  }
  return { name, dist };
}

/** The packages of this checkout where they are of the versions that the commit asks for; else its own. */
async function bringPackages(tree: string): Promise<void> {
  if (await fits(tree)) {
    await symlink(join(ROOT, "node_modules"), join(tree, "node_modules"), "dir");
    return;
  }
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await runProgram(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "", tree);
}

async function fits(tree: string): Promise<boolean> {
  const { dependencies = {}, devDependencies = {} } = await packageJson(tree);
  const wanted = Object.entries({ ...dependencies, ...devDependencies });
  const fitting = wanted.map(async ([name, version]) => {
    const installed = await packageJson(join(ROOT, "node_modules", name)).catch(() => null);
    return installed?.version === version;
  });
  return (await Promise.all(fitting)).every(Boolean);
}

interface PackageJson {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function packageJson(folder: string): Promise<PackageJson> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}
