import { expect, test } from "vitest";
import { markdownToHtml, renderGuide } from "./guide.ts";

test("headings, lists, tables, code and what HTML would take for its own", () => {
  const html = markdownToHtml(
    "# A `b` & <c>\n\ntwo **bold** words\nof *one* text\n\n- x\n- y\n  z\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nif a < b\n\n  c\n```",
  );
  expect(html.split("\n").slice(0, 3)).toEqual([
    "<h1>A <code>b</code> &amp; &lt;c&gt;</h1>",
    "<p>two <strong>bold</strong> words",
    "of <em>one</em> text</p>",
  ]);
  expect(html).toContain("<ul><li>x</li><li>y\n  z</li></ul>");
  expect(html).toContain("<thead><tr><th>a</th><th>b</th></tr></thead>");
  expect(html).toContain("<tbody><tr><td>1</td><td>2</td></tr></tbody>");
  expect(html).toContain('<pre tabindex="0">if a &lt; b\n\n  c</pre>');
});

test("the guide is a page without leftovers of Markdown", async () => {
  const html = await renderGuide(process.cwd());
  expect(html).toContain("<title>Running the published TrajLoom checkpoints in the studio</title>");
  expect(html).toContain("npm run convert");
  expect(html).not.toMatch(/\*\*|^#|^\|/m);
});
