// Builds the repository's site once, serves it on loopback under a base path and a strict
// policy, as a static host would, and starts the browser.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

export const REPOSITORY = resolve(fileURLToPath(import.meta.url), "../../..");
export const OUTPUT = join(REPOSITORY, "target/browser/site");
export const SHOTS = join(REPOSITORY, "target/browser/shots");
const BASE = "/repo/";
const POLICY = "default-src 'self'; object-src 'none'; base-uri 'self'";
const TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript", svg: "image/svg+xml", xml: "application/xml", txt: "text/plain" };

/** Builds the site with the real binary. */
export function build() {
  const binary = process.env.ZHI ?? join(REPOSITORY, "target/debug/zhi");
  execFileSync(binary, ["build", REPOSITORY, "--output", OUTPUT, "--base-url", `https://example.org${BASE}`], { stdio: ["ignore", "ignore", "inherit"] });
  mkdirSync(SHOTS, { recursive: true });
}

/** Serves the site; answers the address of its root and what was sent for a page. */
export async function serve() {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const inside = path.startsWith(BASE) ? normalize(path.slice(BASE.length) || "index.html") : "";
    let file = join(OUTPUT, inside.endsWith("/") ? inside + "index.html" : inside);
    const there = inside && !inside.startsWith("..") && existsSync(file) && statSync(file).isFile();
    if (!there) file = join(OUTPUT, "404.html");
    const body = gzipSync(readFileSync(file));
    response.writeHead(there ? 200 : 404, {
      "Content-Type": TYPES[file.split(".").pop()] ?? "application/octet-stream",
      "Content-Encoding": "gzip",
      "Content-Length": body.length,
      "Content-Security-Policy": POLICY,
    });
    response.end(body);
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  return { root: `http://127.0.0.1:${server.address().port}${BASE}`, close: () => server.close() };
}

/** Starts the browser. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** All pages of the site, by address from its root. */
export function pages(folder = OUTPUT, prefix = "") {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(entry =>
    entry.isDirectory() ? pages(join(folder, entry.name), `${prefix}${entry.name}/`) : entry.name.endsWith(".html") ? [prefix + entry.name] : []);
}

/** What a reader on a desktop and on a phone has. */
export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 800 };

/** Opens a page of a site; what it does wrong gathers in `errors`. */
export async function visit(browser, root, path, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", error => errors.push(String(error)));
  page.on("console", message => message.type() === "error" && errors.push(message.text()));
  page.on("request", request => {
    if (!request.url().startsWith(root) && !request.url().startsWith("data:")) errors.push(`asks elsewhere: ${request.url()}`);
  });
  await page.goto(root + path, { waitUntil: "load" });
  return { page, context, errors };
}
