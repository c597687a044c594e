// What a page does while it is read: previews, places in a path, questions, the graph.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { OUTPUT, PHONE, build, launch, pages, serve, visit } from "./site.mjs";

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

test("on a phone a bar below the header names the section and leads to the others", async () => {
  const { page, context, errors } = await open("pod/probes.html", { viewport: PHONE, hasTouch: true, isMobile: true });
  const bar = page.locator(".contents button"), header = page.locator("header.top");
  assert.ok((await header.boundingBox()).height <= 96);
  assert.equal((await bar.innerText()).trim(), "本页内容");
  const heading = page.locator("article h2", { hasText: "三种齐备的例子" });
  await heading.evaluate(heading => heading.scrollIntoView());
  await page.waitForFunction(() => document.querySelector(".contents").textContent.includes("三种齐备的例子"));
  const before = await page.evaluate(() => scrollY);
  // A finger, not a script that first brings the bar into view.
  await page.touchscreen.tap(120, 70);
  const contents = page.locator("#zhi-toc");
  await contents.waitFor({ state: "visible" });
  assert.equal(await page.evaluate(() => scrollY), before, "the page stays where it is");
  assert.match(await contents.locator("[aria-current]").innerText(), /三种齐备的例子/);
  await contents.locator("a", { hasText: "常见误解" }).tap();
  await contents.waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.querySelector(".contents").textContent.includes("常见误解"));
  const [top, end] = await Promise.all([page.locator("article h2", { hasText: "常见误解" }).boundingBox(), header.boundingBox()]);
  assert.ok(top.y >= end.y + end.height && top.y < 200, `the heading is at ${top.y}`);
  assert.deepEqual(errors, []);
  await context.close();
  const plain = await open("pod/probes.html", { viewport: PHONE, javaScriptEnabled: false });
  await plain.page.locator(".contents button").click();
  await plain.page.locator("#zhi-toc a", { hasText: "常见误解" }).waitFor({ state: "visible" });
  await plain.context.close();
});

test("a page with fewer than two headings has no contents", () => {
  const odd = pages().filter(path => {
    const html = readFileSync(join(OUTPUT, path), "utf8"), contents = html.match(/<nav id="zhi-toc".*?<\/nav>/s)?.[0] ?? "";
    const entries = contents.split("<li").length - 1;
    return entries === 1 || (entries > 0) !== html.includes('popovertarget="zhi-toc"');
  });
  assert.deepEqual(odd, []);
});

test("each article has a heading", () => {
  const bare = pages().filter(path => readFileSync(join(OUTPUT, path), "utf8").split("<article").slice(1).some(html => !/<h[1-6]/.test(html.split("</article>")[0])));
  assert.deepEqual(bare, []);
});

test("a note shows its step, and what was read shows on the path and the home page", async () => {
  const { page, context, errors } = await open("operations/kubectl-essentials.html");
  const place = page.locator(".place", { hasText: "从零上手" });
  assert.match(await place.innerText(), /第 4 篇，共 16 篇/);
  await page.locator("button.read").click();
  assert.equal(await page.locator("button.read").getAttribute("aria-pressed"), "true");
  await place.locator(".next").click();
  await page.waitForURL(/pod-basics/);
  await page.goto(`${site.root}paths/from-zero.html`);
  assert.match(await page.locator("article .progress").innerText(), /1 \/ 16/);
  assert.equal(await page.locator("button.tick").count(), 16);
  await page.getByRole("button", { name: /容器编排/ }).click();
  assert.equal(await page.locator("article progress").evaluate(bar => bar.value), 2);
  await page.goto(`${site.root}index.html`);
  assert.match(await page.locator(".areas li:has(.progress)", { hasText: "从零上手" }).innerText(), /2 \/ 16/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("the self-test asks again what was not known, and remembers", async () => {
  const { page, context, errors } = await open("quiz.html");
  await page.getByLabel("领域").selectOption("Pod");
  const asked = await page.locator("[data-id]:not([hidden])").count();
  assert.ok(asked >= 3);
  await page.getByRole("button", { name: "开始自测" }).click();
  const now = page.locator("[data-id]:not([hidden])");
  const first = await now.getAttribute("data-id");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "不会" }).click();
  const seen = [];
  for (let step = 0; step < asked; step += 1) {
    seen.push(await now.getAttribute("data-id"));
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "会", exact: true }).click();
  }
  assert.ok(seen.includes(first), "it came again");
  assert.match(await page.getByRole("status").innerText(), new RegExp(`一次答对 ${asked - 1}，练过才会 1`));
  await page.reload();
  await page.getByLabel("领域").selectOption("Pod");
  assert.match(await page.getByRole("status").innerText(), new RegExp(`会 ${asked}`));
  assert.deepEqual(errors, []);
  await context.close();
});

test("a folder leads to its own questions; without scripts they are a list", async () => {
  const { page, context } = await open("network/index.html");
  await page.getByRole("link", { name: /道自测题/ }).first().click();
  await page.waitForURL(/quiz/);
  assert.equal(await page.getByLabel("领域").inputValue(), "网络与服务");
  await context.close();
  const plain = await open("quiz.html", { javaScriptEnabled: false });
  assert.ok(await plain.page.locator("details.callout-question").count() > 100);
  assert.equal(await plain.page.locator(".quiz").isVisible(), false);
  await plain.context.close();
});

for (const [from, root] of [["a server", () => site.root], ["disk", () => DISK]]) {
  test(`the graph from ${from} shows all notes, narrows, and opens one`, async () => {
    const { page, context, errors } = await open("graph.html", {}, root());
    const canvas = page.locator("canvas");
    const inked = () => canvas.evaluate(canvas => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 3; at < data.length; at += 4) count += data[at] > 200;
      return count;
    });
    await page.waitForFunction(() => document.querySelector("canvas").width > 400);
    await page.waitForTimeout(200);
    const whole = await inked();
    assert.ok(whole > 5000, `${whole} dots of ink`);
    const rows = page.locator(".graph-list li:not([hidden])");
    const all = await rows.count();
    await page.locator(".graph-find").fill("探针");
    assert.ok(await rows.count() < all && await rows.count() >= 2);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(200);
    const [x, y] = await canvas.evaluate(canvas => {
      const box = canvas.getBoundingClientRect();
      for (let x = box.left + 5; x < box.right; x += 10) for (let y = box.top + 5; y < Math.min(box.bottom, innerHeight); y += 10) {
        canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y, pointerType: "mouse" }));
        if (canvas.classList.contains("on-note")) return [x, y];
      }
    });
    await page.mouse.click(x, y);
    await page.waitForURL(/pod\//);
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("the graph's notes are reached by the keyboard, and are a list without scripts", async () => {
  const { page, context } = await open("graph.html");
  await page.locator(".graph-list a", { hasText: "探针" }).first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/probe/);
  await context.close();
  const plain = await open("graph.html", { javaScriptEnabled: false });
  assert.ok(await plain.page.locator(".graph-list a").count() > 100);
  assert.equal(await plain.page.locator(".graph").isVisible(), false);
  await plain.context.close();
});

test("two fingers stretch the graph and not the page", async () => {
  const { page, context, errors } = await open("graph.html", { viewport: PHONE, hasTouch: true, isMobile: true });
  const canvas = page.locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  /** Drawn points at the left and right edges: none while all is seen, since there is a margin. */
  const atEdges = () => canvas.evaluate(canvas => {
    const of = x => canvas.getContext("2d").getImageData(x, 0, 2, canvas.height).data.filter((value, n) => n % 4 === 3 && value > 200).length;
    return of(0) + of(canvas.width - 2);
  });
  assert.equal(await atEdges(), 0);
  const box = await canvas.boundingBox(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const fingers = await context.newCDPSession(page);
  const touch = (type, apart) => fingers.send("Input.dispatchTouchEvent", { type, touchPoints: apart ? [{ x: x - apart, y, id: 1 }, { x: x + apart, y, id: 2 }] : [] });
  await touch("touchStart", 20);
  for (let apart = 30; apart <= 120; apart += 10) await touch("touchMove", apart);
  await touch("touchEnd");
  await page.waitForTimeout(400);
  assert.ok(await atEdges() > 0, "the picture has grown over its edges");
  assert.equal(await page.evaluate(() => visualViewport.scale), 1);
  await page.locator("[data-zoom=all]").tap();
  await page.waitForTimeout(300);
  assert.equal(await atEdges(), 0);
  assert.deepEqual(errors, []);
  await context.close();
});
