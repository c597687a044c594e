// Asks every judged query and tells, by kind, how often the first result is right, how often
// one of five is, and the mean reciprocal rank among ten.
//
//   node judge.mjs FOLDER ENTRY [queries.json] [-v]    -v lists what is not found first
import { readFileSync } from "node:fs";
import { open } from "./engine.mjs";

const [folder, entry, ...rest] = process.argv.slice(2);
const verbose = rest.includes("-v");
const file = rest.find(arg => !arg.startsWith("-")) ?? new URL("queries.json", import.meta.url);
const index = open(folder, entry);
const table = { all: { queries: 0, first: 0, five: 0, rank: 0 } };
for (const [kind, queries] of Object.entries(JSON.parse(readFileSync(file, "utf8")))) {
  table[kind] = { queries: 0, first: 0, five: 0, rank: 0 };
  for (const [query, ...answers] of queries) {
    const { results } = await index.ask(query);
    const urls = results.map(({ url }) => decodeURIComponent(url).replace(/(\/index)?\.html$|\/$/, ""));
    const rank = urls.findIndex(url => answers.some(answer => answer.replace(/\/index$/, "") === url)) + 1;
    for (const row of [table.all, table[kind]]) {
      row.queries++;
      row.first += +(rank === 1);
      row.five += +(rank > 0 && rank <= 5);
      row.rank += rank ? 1 / rank : 0;
    }
    if (verbose && rank !== 1) console.error(`${kind}: ${query}: ${rank || "not found"}; ${urls.slice(0, 3).join(" ")}`);
  }
}
for (const row of Object.values(table)) for (const key of ["first", "five", "rank"]) row[key] = +(row[key] / row.queries).toFixed(3);
console.log(JSON.stringify(table));
