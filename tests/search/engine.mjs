// The search of the browser without a browser: runs `static/search.js` over the files of an
// index, as the page does.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";

const require = createRequire(import.meta.url);
export const client = require(fileURLToPath(new URL("../../static/search.js", import.meta.url)));

/**
 * Opens the index in a folder.
 * @param {string} folder the folder `search/` of a site
 * @param {string} entry the name of its first file
 */
export function open(folder, entry) {
  let root, index, loaded = new Map();
  const push = ([name, data]) => { if (name === "root") root = data; else index.take(name, data); };
  const zhiSearch = { push };
  const load = path => {
    const script = readFileSync(join(folder, path), "utf8");
    loaded.set(path, gzipSync(script).length);
    vm.runInNewContext(script, { self: { zhiSearch }, zhiSearch });
  };
  load(entry);
  return {
    /** Answers a query as a first visit would: its results, and what was loaded for them, in bytes by file. */
    async ask(query) {
      index = client.createIndex(root, load);
      loaded = new Map();
      const found = await client.find(index, query);
      const results = [...await client.read(index, found, 0), ...await client.read(index, found, 5)];
      return { results, missing: found.missing, loaded };
    },
  };
}
