import { readFile } from "node:fs/promises";
import { join } from "node:path";

const SOURCE = "models/TRAJLOOM.md";

/** The guide to the published checkpoints as a page, from its Markdown, styled by `notices.css`. */
export async function renderGuide(root: string): Promise<string> {
  const markdown = await readFile(join(root, SOURCE), "utf8");
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? "Guide";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<title>${inline(title)}</title>
<link rel="stylesheet" href="notices.css">
</head>
<body>
<main>
<p><a href="./">Back to the studio</a></p>
${markdownToHtml(markdown)}
</main>
</body>
</html>
`;
}

/** The part of Markdown that our documents use: headings, paragraphs, lists, tables, code. */
export function markdownToHtml(markdown: string): string {
  return joinFences(markdown.trim().split(/\n{2,}/))
    .map(block)
    .join("\n");
}

/** Blank lines inside a fence do not end it. */
function joinFences(blocks: readonly string[]): string[] {
  const joined: string[] = [];
  for (const text of blocks) {
    const last = joined.at(-1);
    const isOpen = last !== undefined && (last.match(/^```/gm)?.length ?? 0) % 2 === 1;
    if (isOpen) joined[joined.length - 1] = `${last}\n\n${text}`;
    else joined.push(text);
  }
  return joined;
}

function block(text: string): string {
  const heading = /^(#{1,3}) (.+)$/.exec(text);
  if (heading) return `<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>`;
  const fence = /^```\w*\n([\s\S]*?)\n```$/.exec(text);
  if (fence) return `<pre tabindex="0">${escapeHtml(fence[1])}</pre>`;
  if (text.startsWith("|")) return table(text.split("\n"));
  if (text.startsWith("- ")) {
    const items = text.slice(2).split(/\n- /);
    return `<ul>${items.map((item) => `<li>${inline(item)}</li>`).join("")}</ul>`;
  }
  return `<p>${inline(text)}</p>`;
}

function table([head, , ...rows]: readonly string[]): string {
  const cells = (row: string) => row.split("|").slice(1, -1);
  const line = (row: string, tag: string) =>
    `<tr>${cells(row)
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join("")}</tr>`;
  const body = rows.map((row) => line(row, "td")).join("");
  return `<table><thead>${line(head, "th")}</thead><tbody>${body}</tbody></table>`;
}

function inline(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/\*([^*\s][^*]*)\*/g, "<em>$1</em>");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
