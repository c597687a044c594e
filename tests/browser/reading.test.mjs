// What a page does while it is read: previews, places in a path, questions, the graph.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { OUTPUT, PHONE, build, launch, serve, visit } from "./site.mjs";

const DISK = pathToFileURL(OUTPUT).href + "/";

let browser, site;
before(async () => { build(); site = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); site?.close(); });

const open = (path, options, root = site.root) => visit(browser, root, path, options);
const link = (page, end) => page.locator(`.prose a[href$="${end}"]`).first();

test("a link shows the note that it leads to, and the pointer may go there", async () => {
  const { page, context, errors } = await open("pod/probes.html");
  await link(page, "restart-policy.html").hover();
  const preview = page.locator(".preview");
  await preview.waitFor();
  assert.match(await preview.innerText(), /重启策略.*restartPolicy/s);
  await preview.hover();
  await page.waitForTimeout(400);
  assert.ok(await preview.isVisible(), "it stays under the pointer");
  const clashes = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    return ids.filter((id, n) => ids.indexOf(id) !== n);
  });
  assert.deepEqual(clashes, []);
  assert.equal(await preview.locator("a, button, input, summary, [tabindex]").count(), 0, "nothing in it takes the focus");
  await page.keyboard.press("Escape");
  await preview.waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await context.close();
});

test("a link to a heading shows that section", async () => {
  const { page, context } = await open("guide/links.html");
  const anchored = page.locator('.prose a[href*=".html#"]:not(.external)').first();
  const heading = decodeURIComponent((await anchored.getAttribute("href")).split("#")[1]);
  await anchored.hover();
  const first = page.locator(".preview .prose > :first-child");
  await first.waitFor();
  assert.equal((await first.getAttribute("id")) ?? `zhi-${heading}`, `zhi-${heading}`);
  assert.match(await first.innerText(), new RegExp(heading.split("-")[0], "i"));
  await context.close();
});

test("the keyboard's focus shows a preview too, and takes it away again", async () => {
  const { page, context } = await open("pod/probes.html");
  await page.keyboard.press("Tab");
  await link(page, "restart-policy.html").focus();
  await page.locator(".preview").waitFor();
  await page.keyboard.press("Tab");
  await page.waitForTimeout(400);
  assert.equal(await page.locator(".preview", { hasText: "重启策略：" }).count(), 0);
  await context.close();
});

test("a finger on a link goes there and sees no preview", async () => {
  const { page, context } = await open("pod/probes.html", { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.evaluate(() => addEventListener("click", event => event.preventDefault()));
  await link(page, "restart-policy.html").tap();
  await page.waitForTimeout(700);
  assert.equal(await page.locator(".preview").count(), 0);
  await context.close();
});

test("from disk a preview is the page itself, in a frame", async () => {
  const { page, context, errors } = await open("pod/probes.html", {}, DISK);
  await link(page, "restart-policy.html").hover();
  await page.locator(".preview iframe").waitFor();
  await page.frameLocator(".preview iframe").locator("h1", { hasText: "重启策略" }).waitFor();
  assert.deepEqual(errors, []);
  await context.close();
});
