// Search judged on the repository's own notes, by the engine of the page itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client } from "../search/engine.mjs";
import { OUTPUT, REPOSITORY, build } from "./site.mjs";

/** The lines that search has reached and must not fall under. */
const FIRST = .9, FIVE = .97, RANK = .94;

test("text becomes the same terms in the browser as in the index", () => {
  const vectors = JSON.parse(readFileSync(join(REPOSITORY, "tests/search/tokeniser.json"), "utf8"));
  for (const { says, text, singles, terms } of vectors) {
    const tokens = client.tokenise(text, singles === "all");
    assert.deepEqual(tokens.map(({ kind, term }) => kind + term), terms, `${says}: ${text}`);
  }
});

test("questions of ten kinds find the note that answers them", () => {
  build();
  const folder = join(OUTPUT, "search");
  const entry = readdirSync(folder).find(name => name.startsWith("root."));
  const judge = join(REPOSITORY, "tests/search/judge.mjs");
  const { all } = JSON.parse(execFileSync(process.execPath, [judge, folder, entry], { encoding: "utf8" }));
  assert.ok(all.queries >= 150);
  assert.ok(all.first >= FIRST && all.five >= FIVE && all.rank >= RANK, JSON.stringify(all));
});
