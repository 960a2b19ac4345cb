import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

function run(name: string, flag: string): Promise<{ code: number; out: string; err: string }> {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  return new Promise((done) => {
    execFile(process.execPath, ["--import", "tsx", script, flag], (error, out, err) =>
      done({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

test.each(["steering", "tracks"])("%s tells how it is called", async (name) => {
  const { code, out } = await run(name, "--help");
  expect(code).toBe(0);
  expect(out).toContain(`npm run ${name} -- `);
});

test("a flag that steering does not know is named, with those that it does", async () => {
  const { code, err } = await run("steering", "--futurs");
  expect(code).toBe(2);
  expect(err).toContain("--futurs");
  expect(err).toContain("npm run steering -- ");
  expect(err).not.toContain("parse_args");
});
