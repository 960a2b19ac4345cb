import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Plugin } from "vite";
import { renderGuide } from "./guide.ts";
import { renderNotices } from "./notices.ts";
import { DEVELOPMENT_POLICY, headersFor, ISOLATION, PAGE_POLICY } from "./policy.ts";
import { hashOf, siteFile, sortedForKeeping } from "./site-files.ts";

const WORKER = "sw.js";
/** Pages beside the studio, by path. */
const PAGES: Readonly<Record<string, (root: string) => Promise<string>>> = {
  "notices.html": renderNotices,
  "trajloom.html": renderGuide,
};

/**
 * What makes the build a site: content policy, headers of the two servers, the pages beside the studio, and
 * the service worker with the list of every file.
 */
export function site(): Plugin {
  let root = "";
  let publicDir = "";
  return {
    name: "foretrack-site",
    config: async ({ publicDir: packs = "public" }) => ({
      define: { SHIPPED_PACKS: JSON.stringify(await readdir(join(packs || "public", "packs"))) },
      build: {
        rolldownOptions: {
          input: { main: "index.html", sw: "src/site/service-worker.ts" },
          output: {
            entryFileNames: ({ name }) => (name === "sw" ? WORKER : "assets/[name]-[hash].js"),
          },
        },
      },
    }),
    configResolved(config) {
      root = config.root;
      publicDir = config.publicDir;
    },
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        setHeaders(response, { ...ISOLATION, "Content-Security-Policy": DEVELOPMENT_POLICY });
        const render = PAGES[request.url?.split("?")[0].slice(1) ?? ""];
        if (!render) return next();
        response.setHeader("Content-Type", "text/html; charset=utf-8");
        response.end(await render(root));
      });
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url?.split("?")[0] ?? "/";
        setHeaders(response, headersFor(path));
        // Compressed on each request, weights cost a second of processor and become hardly smaller.
        if (path.endsWith(".onnx")) delete request.headers["accept-encoding"];
        next();
      });
    },
    transformIndexHtml: {
      order: "pre",
      handler: (_html, { server }) =>
        server
          ? []
          : [
              {
                tag: "meta",
                attrs: { "http-equiv": "Content-Security-Policy", content: PAGE_POLICY },
                injectTo: "head-prepend",
              },
            ],
    },
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const pages = await Promise.all(
          Object.entries(PAGES).map(async ([path, render]) => [path, await render(root)] as const),
        );
        for (const [fileName, source] of pages) {
          this.emitFile({ type: "asset", fileName, source });
        }
        const worker = bundle[WORKER];
        if (worker?.type !== "chunk") return;
        if (worker.imports.length > 0) throw new Error(`${WORKER} must stand alone`);
        const built = Object.values(bundle)
          .filter(({ fileName }) => fileName !== WORKER && !PAGES[fileName])
          .map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source] as const);
        const files = [...built, ...pages, ...(await publicFiles(publicDir))];
        const list = sortedForKeeping(
          files.map(([path, bytes]) => ({ ...siteFile(path, bytes), bytes: bytes.length })),
        );
        const version = hashOf(JSON.stringify(list));
        const head = `const SITE_FILES=${JSON.stringify(list)},SITE_VERSION="${version}";`;
        worker.code = `${head}\n${worker.code}`;
      },
    },
  };
}

function setHeaders(
  response: { setHeader(name: string, value: string): void },
  headers: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

async function publicFiles(folder: string): Promise<(readonly [string, Uint8Array])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => {
      const name = relative(folder, path).split("\\").join("/");
      return [name, await readFile(path)] as const;
    }),
  );
}
