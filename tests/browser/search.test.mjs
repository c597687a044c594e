// Search judged on the repository's own notes, by the engine of the page itself, and what its
// first answer costs, in the browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { client } from "../search/engine.mjs";
import { OUTPUT, REPOSITORY, build, launch, serve } from "./site.mjs";

/** The lines that search has reached and must not fall under: share of queries whose first, and one of whose first five, results are right. */
const FLOORS = {
  all: [.955, .985], zh: [.9, .95], en: [.94, 1], mixed: [.9, .95], ident: [.95, 1], prefix: [.87, 1],
  typo: [.94, 1], synonym: [.83, .93], title: [.94, 1], phrase: [.94, 1], words: [.87, .93], spelling: [.9, 1], pinyin: [.9, 1],
};
const RANK = .97;
/** Bytes of the script as a host sends it. */
const CLIENT = 8000;
/** What a first answer may take: requests, those that wait for each other, and bytes: half of the answers, each answer. */
const REQUESTS = 12, ROUNDS = 3, BYTES = 70_000, MOST = 90_000;

let browser, host;
before(async () => {
  build();
  [browser, host] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser?.close();
  host?.close();
});

test("text becomes the same terms in the browser as in the index", () => {
  const vectors = JSON.parse(readFileSync(join(REPOSITORY, "tests/search/tokeniser.json"), "utf8"));
  for (const { says, text, singles, terms } of vectors) {
    const tokens = client.tokenise(text, singles === "all");
    assert.deepEqual(tokens.map(({ kind, term }) => kind + term), terms, `${says}: ${text}`);
  }
});

test("questions of twelve kinds find the note that answers them", () => {
  const folder = join(OUTPUT, "search");
  const entry = readdirSync(folder).find(name => name.startsWith("root."));
  const judge = join(REPOSITORY, "tests/search/judge.mjs");
  const table = JSON.parse(execFileSync(process.execPath, [judge, folder, entry], { encoding: "utf8" }));
  assert.ok(table.all.queries >= 150);
  assert.ok(table.all.rank >= RANK, JSON.stringify(table));
  for (const [kind, [first, five]] of Object.entries(FLOORS)) {
    assert.ok(table[kind].first >= first && table[kind].five >= five, `${kind}: ${JSON.stringify(table[kind])}`);
  }
});

test("the theme's scripts are typed, and that of search is small", () => {
  execFileSync(join(import.meta.dirname, "node_modules/.bin/tsc"), ["-p", join(REPOSITORY, "tests/search/tsconfig.json")], { stdio: "inherit" });
  assert.ok(gzipSync(readFileSync(join(OUTPUT, "search.js")), { level: 9 }).length <= CLIENT);
});

test("a first answer takes few requests, rounds and bytes", async () => {
  const bytes = [];
  for (const query of ["滚动更新", "readiness probe", "kube-proxy ipvs 模式", "--leader-elect", "deployemnt", "rongqi", "gundonggengxin", "fwfx"]) {
    const cost = await firstAnswer(query);
    assert.ok(cost.requests <= REQUESTS && cost.rounds <= ROUNDS && cost.bytes <= MOST, `${query}: ${JSON.stringify(cost)}`);
    bytes.push(cost.bytes);
  }
  assert.ok(bytes.sort((a, b) => a - b)[4] <= BYTES, String(bytes));
});

/** What a reader loads who never searched before. */
async function firstAnswer(query) {
  const context = await browser.newContext(), page = await context.newPage();
  const urls = [];
  let waiting = [], timer, rounds = 0, bytes = 0;
  // All requests of a round are answered at once, so that the next ones are a new round.
  const answer = () => {
    rounds++;
    for (const route of waiting.splice(0)) route.continue();
  };
  await page.route(/\/search(\/|\.js|\.css)/, route => {
    urls.push(route.request().url());
    waiting.push(route);
    clearTimeout(timer);
    timer = setTimeout(answer, 250);
  });
  page.on("response", response => { if (urls.includes(response.url())) bytes += +response.headers()["content-length"]; });
  await page.goto(host.root);
  assert.equal(urls.length, 0, "nothing is loaded before the box is touched");
  await page.goto(`${host.root}?q=${encodeURIComponent(query)}`);
  await page.waitForFunction(() => document.querySelectorAll(".search [role=option] .search-text").length > 0);
  await context.close();
  return { requests: urls.length, rounds, bytes };
}
