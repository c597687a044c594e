// What an author sees of `zhi serve` while writing, in a real browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, beforeEach, test } from "node:test";
import { REPOSITORY, launch } from "./site.mjs";

const PARAGRAPHS = Array.from({ length: 80 }, (_, n) => `第 ${n} 段：保存之后，读者应该还在原来的地方。`);
const LONG = `# 甲\n\n${PARAGRAPHS.join("\n\n")}\n`;
const NOTES = { "notes/a.md": LONG, "notes/b.md": "# 乙\n\n正文，链接到 [[a]]。\n", "templates/note.html": '{% extends "builtin/note.html" %}\n' };

let browser, folder, server, root;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "zhi-"));
  Object.entries(NOTES).forEach(([path, text]) => write(path, text));
  mkdirSync(join(folder, "static"));
  copyFileSync(join(REPOSITORY, "static/site.css"), join(folder, "static/site.css"));
  server = spawn(process.env.ZHI ?? join(REPOSITORY, "target/debug/zhi"), ["serve", folder, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  for await (const line of createInterface({ input: server.stderr })) { root = line.trim(); break; }
  server.stderr.resume();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => Object.entries(NOTES).forEach(([path, text]) => write(path, text)));

function write(path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Opens a page that listens and holds a text; a mark tells later whether it was loaded anew. */
async function open(path, held) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(root + path, { waitUntil: "load" });
  await has(page, held);
  await page.locator("zhi-serve").waitFor({ state: "attached" });
  await page.evaluate(() => { self.mark = true; });
  return { page, context };
}

const has = (page, text) => page.waitForFunction(text => document.querySelector("main")?.textContent.includes(text), text);
const isMarked = page => page.evaluate(() => self.mark === true);
const place = (page, text) => page.getByText(text, { exact: false }).first().evaluate(block => block.getBoundingClientRect().top);

test("a saved note changes the page, and the reader stays where he is", async () => {
  const { page, context } = await open("a.html", PARAGRAPHS[79]);
  await page.getByText(PARAGRAPHS[40]).evaluate(block => block.scrollIntoView({ block: "start", behavior: "instant" }));
  await page.mouse.wheel(0, -120);
  await page.waitForTimeout(300);
  const top = await place(page, PARAGRAPHS[42]);
  write("notes/a.md", LONG.replace(PARAGRAPHS[3], `新的一段。\n\n还有一段。\n\n${PARAGRAPHS[3]}`));
  await has(page, "还有一段。");
  await page.waitForLoadState("load");
  await page.waitForTimeout(300);
  assert.equal(await isMarked(page), false);
  assert.ok(Math.abs(await place(page, PARAGRAPHS[42]) - top) < 4, `${top} became ${await place(page, PARAGRAPHS[42])}`);
  await context.close();
});

test("a page that an edit does not touch is not loaded anew", async () => {
  const changed = await open("a.html", PARAGRAPHS[79]);
  const other = await open("b.html", "正文");
  write("notes/a.md", `${LONG}\n后来的一段。\n`);
  await has(changed.page, "后来的一段。");
  await other.page.waitForTimeout(500);
  assert.equal(await isMarked(other.page), true);
  await Promise.all([changed.context.close(), other.context.close()]);
});

test("a style sheet is swapped in place", async () => {
  const { page, context } = await open("b.html", "正文");
  write("static/site.css", "body { background-color: rgb(1, 2, 3) !important; }\n");
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)");
  assert.equal(await isMarked(page), true);
  copyFileSync(join(REPOSITORY, "static/site.css"), join(folder, "static/site.css"));
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor !== "rgb(1, 2, 3)");
  assert.equal(await isMarked(page), true);
  await context.close();
});

test("a mistake in a template lies over the page until it is mended", async () => {
  const { page, context } = await open("b.html", "正文");
  write("templates/note.html", '{% extends "builtin/note.html" %}\n{% if %}\n');
  const overlay = page.locator("zhi-serve .overlay");
  await overlay.waitFor();
  assert.match(await overlay.innerText(), /templates\/note\.html:2:/);
  assert.match(await overlay.getByRole("link").first().getAttribute("href"), /^vscode:\/\/file\/.*\/templates\/note\.html:2:\d+$/);
  assert.match(await page.locator("main").innerText(), /正文/, "the former page is still there");
  write("notes/b.md", "# 乙\n\n正文改了，链接到 [[a]]。\n");
  await has(page, "正文改了");
  await overlay.waitFor();
  write("templates/note.html", NOTES["templates/note.html"]);
  await overlay.waitFor({ state: "detached" });
  await context.close();
});

test("the corner tells what the rules find, and where", async () => {
  write("notes/b.md", "# 乙\n\n## 空的\n\n## 满的\n\n正文，链接到 [[a]]。\n");
  const { page, context } = await open("b.html", "满的");
  const corner = page.locator("zhi-serve button.warning");
  await corner.click();
  const finding = page.locator("zhi-serve .panel li", { hasText: "empty-section" }).first();
  await finding.waitFor();
  assert.match(await finding.getByRole("link").getAttribute("href"), /^vscode:\/\/file\/.*\/notes\/b\.md:3:1$/);
  write("notes/b.md", "# 乙\n\n## 空的\n\n不空了。\n\n## 满的\n\n正文，链接到 [[a]]。\n");
  await corner.waitFor({ state: "detached" });
  await context.close();
});
