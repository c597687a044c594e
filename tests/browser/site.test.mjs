// What a reader meets, in a real browser.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { DESKTOP, OUTPUT, PHONE, SHOTS, build, launch, pages, serve, visit } from "./site.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = ["index.html", "pod/probes.html", "pod/pod-creation-flow.html", "network/index.html", "tags/pod.html", "a-z.html", "guide/callouts.html", "404.html", "graph.html", "quiz.html", "paths/from-zero.html"];

let browser, site;
before(async () => { build(); site = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); site?.close(); });

const open = (path, options, root = site.root) => visit(browser, root, path, options);

/** Asks the search box and waits for its answer. */
async function ask(page, query) {
  await page.keyboard.press("/");
  const box = page.getByRole("combobox");
  await box.waitFor();
  await box.fill(query);
  await page.waitForFunction(() => document.querySelector(".search [role=status]")?.textContent.trim());
  return box;
}

test("eleven pages load without an error, light and dark, and leave screenshots", async () => {
  for (const path of PAGES) for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) for (const colorScheme of ["light", "dark"]) {
    const { page, context, errors } = await open(path, { viewport, colorScheme });
    assert.deepEqual(errors, [], `${path} ${size} ${colorScheme}`);
    await page.screenshot({ path: join(SHOTS, `${path.replaceAll("/", "-")}-${size}-${colorScheme}.png`) });
    await context.close();
  }
});

test("axe finds nothing on eleven pages, light and dark, on desktop and phone", async () => {
  for (const path of PAGES) for (const viewport of [DESKTOP, PHONE]) for (const colorScheme of ["light", "dark"]) {
    const { page, context } = await open(path, { viewport, colorScheme, bypassCSP: true });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => self.axe.run(document));
    assert.deepEqual(violations.map(found => `${found.id}: ${found.nodes[0]?.html}`), [], `${path} ${viewport.width} ${colorScheme}`);
    await context.close();
  }
});

test("no page is wider than the screen at 320 and 390 px", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const wide = [];
  for (const path of pages().filter(path => !/refresh/.test(readFileSync(join(OUTPUT, path), "utf8").slice(0, 600)))) {
    await page.goto(site.root + path, { waitUntil: "domcontentloaded" });
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 700 });
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(`${path} at ${width}`);
    }
  }
  assert.deepEqual(wide, []);
  await context.close();
});

test("search finds in Chinese, English and by flag, and leads to the section", async () => {
  const { page, context, errors } = await open("index.html");
  for (const [query, expected] of [["驱逐", /驱逐/], ["eviction", /驱逐|eviction/i], ["--leader-elect", /leader-elect/], ["tanzhen", /探针/]]) {
    await page.goto(`${site.root}index.html`);
    await ask(page, query);
    await page.getByRole("option").first().waitFor();
    assert.match(await page.locator(".search [role=listbox]").innerText(), expected, query);
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(url => url.pathname.endsWith(".html") && !url.pathname.endsWith("index.html"));
  assert.deepEqual(errors, []);
  await context.close();
});

test("search says honestly when there is nothing, and closes with Escape", async () => {
  const { page, context } = await open("index.html");
  await ask(page, "zzqxvw");
  assert.match(await page.locator(".search").innerText(), /没有找到/);
  assert.equal(await page.getByRole("option").count(), 0);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.search[open]"));
  await context.close();
});

test("the middle of a composition searches nothing, and its Enter opens nothing", async () => {
  const { page, context } = await open("index.html");
  const box = await ask(page, "驱逐");
  await page.getByRole("option").first().waitFor();
  const before = page.url();
  await box.evaluate(input => {
    const key = (type, init) => input.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }));
    input.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    key("keydown", { key: "Enter", isComposing: true, keyCode: 229 });
    input.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "驱逐" }));
  });
  await page.waitForTimeout(150);
  assert.equal(page.url(), before);
  await context.close();
});

test("nothing that is seen moves while a page loads, on a phone", async () => {
  const moved = [];
  for (const path of [...PAGES, "search.html", "search.html?q=探针"]) {
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
    await context.addInitScript(() => {
      self.shifts = 0;
      new PerformanceObserver(list => list.getEntries().forEach(entry => self.shifts += entry.value)).observe({ type: "layout-shift", buffered: true });
    });
    const page = await context.newPage();
    await page.goto(site.root + path, { waitUntil: "networkidle" });
    const shifts = await page.evaluate(() => self.shifts);
    if (shifts > .01) moved.push(`${path}: ${shifts}`);
    await context.close();
  }
  assert.deepEqual(moved, []);
});

test("nothing of search is loaded before the box is touched", async () => {
  const asked = [];
  const context = await browser.newContext({ viewport: DESKTOP });
  const page = await context.newPage();
  page.on("request", request => asked.push(request.url()));
  await page.goto(`${site.root}pod/probes.html`, { waitUntil: "networkidle" });
  assert.deepEqual(asked.filter(url => /search/.test(url)), []);
  await context.close();
});

test("a note weighs at most 60 KB in at most 8 requests", async () => {
  const context = await browser.newContext({ viewport: DESKTOP });
  const page = await context.newPage();
  let bytes = 0, requests = 0;
  page.on("response", async response => { requests += 1; bytes += Number((await response.allHeaders())["content-length"] ?? 0); });
  await page.goto(`${site.root}pod/pod-creation-flow.html`, { waitUntil: "networkidle" });
  assert.ok(requests <= 8, `${requests} requests`);
  assert.ok(bytes <= 60 * 1024, `${bytes} bytes`);
  await context.close();
});

test("from disk every link of a page leads to a file, and search works", async () => {
  const root = pathToFileURL(OUTPUT).href + "/";
  const { page, context, errors } = await open("pod/probes.html", {}, root);
  const links = await page.locator("a[href]").evaluateAll(all => all.map(link => new URL(link.getAttribute("href"), document.baseURI).href));
  for (const link of links.filter(link => link.startsWith("file:"))) {
    assert.ok(readFileSync(new URL(link.split("#")[0].split("?")[0])).length, link);
  }
  await ask(page, "驱逐");
  await page.getByRole("option").first().waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});

test("the first stop of the keyboard skips to the text, search is within five", async () => {
  const { page, context } = await open("pod/probes.html");
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.className), /skip/);
  let stops = 1;
  while (stops < 6 && !(await page.evaluate(() => document.activeElement.matches("[data-search-open]")))) {
    await page.keyboard.press("Tab");
    stops += 1;
  }
  assert.ok(stops <= 5, `search is stop ${stops}`);
  await context.close();
});

test("the choice of colours stays from page to page", async () => {
  const { page, context } = await open("index.html");
  const toggle = page.locator("button.theme");
  await toggle.click();
  const chosen = await page.evaluate(() => document.documentElement.dataset.theme);
  assert.ok(chosen);
  await page.goto(`${site.root}pod/probes.html`);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), chosen);
  await context.close();
});

test("on a phone the tree opens as a drawer and leads to a note", async () => {
  const { page, context } = await open("pod/probes.html", { viewport: PHONE, hasTouch: true });
  await page.locator("button.menu").tap();
  const link = page.locator("#zhi-tree a", { hasText: "init 容器" }).first();
  await link.waitFor({ state: "visible" });
  await link.tap();
  await page.waitForURL(/init-containers/);
  await context.close();
});

test("the copy button of a transcript takes the commands only", async () => {
  const { page, context } = await open("guide/code.html", { permissions: ["clipboard-read", "clipboard-write"] });
  const figure = page.locator("figure.code", { hasText: "kubectl get pods" }).last();
  await figure.hover();
  await figure.getByRole("button").click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied.trim(), "kubectl get pods");
  await context.close();
});

test("without scripts everything that is read is there", async () => {
  const { page, context } = await open("pod/probes.html", { javaScriptEnabled: false });
  for (const selector of ["article h2", "nav#zhi-tree a", "figure.code", "a[href$='init-containers.html']"]) {
    assert.ok(await page.locator(selector).count(), selector);
  }
  await context.close();
});

test("on paper there is only the note", async () => {
  const { page, context } = await open("pod/probes.html");
  await page.emulateMedia({ media: "print" });
  for (const selector of ["header.top", "#zhi-tree", "button"]) {
    const shown = await page.locator(selector).evaluateAll(all => all.filter(element => element.checkVisibility()).length);
    assert.equal(shown, 0, selector);
  }
  assert.ok(await page.locator("article h1").isVisible());
  await context.close();
});
