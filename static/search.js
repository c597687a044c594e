(() => {
"use strict";

/** @typedef {{term: string, kind: "" | "~" | "+", start: number, end: number}} Token */

/* ---- Words: the rules of src/search/tokenise.rs ---- */

const HAN = /[\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const WORD = /[\p{Alphabetic}\p{N}\p{M}_\uff9e\uff9f]/u;
const PIECE = /[^](?:\p{M}|[\uff9e\uff9f])*/gu;
const HUMP = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=_)(?=[^_])/;

/**
 * The terms of a text with their places in it.
 * @param {string} text
 * @param {boolean} [all] every Han character is a term, too
 * @returns {Token[]}
 */
function tokenise(text, all) {
  /** @type {Token[]} */
  const tokens = [];
  /** @type {{c: string, start: number, end: number, lone: boolean} | null} */
  let han = null;
  let run = "";
  /** @type {number[]} */
  let starts = [], ends = [];
  const emit = (term, kind, start, end) => tokens.push({ term, kind, start, end });
  const add = (c, start, end) => {
    run += c;
    for (let i = 0; i < c.length; i++) starts.push(start), ends.push(end);
  };
  const endHan = () => {
    if (han && han.lone && !all) emit(han.c, "", han.start, han.end);
    han = null;
  };
  const endWord = () => {
    const joins = !run.includes("://");
    let before = null;
    for (const { 0: part, index } of run.matchAll(/[^.\-/:@+=]+/g)) {
      const last = index + part.length - 1;
      const start = starts[index], end = ends[last];
      if ([...part].length > 64) { before = null; continue; }
      emit(part.toLowerCase(), "", start, end);
      const pieces = part.split(HUMP);
      let at = index;
      if (pieces.length > 1 && pieces.length < 9) for (const piece of pieces) {
        const core = piece.replace(/^_+|_+$/g, "");
        const from = at + piece.indexOf(core);
        if ([...core].length > 1) emit(core.toLowerCase(), "~", starts[from], ends[from + core.length - 1]);
        at += piece.length;
      }
      if (before && joins) emit((before.part + part).toLowerCase(), "+", before.start, end);
      before = { part, start };
    }
    run = "", starts = [], ends = [];
  };
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    const end = index + piece.length;
    if (/^[.\-/:@+=]$/.test(piece)) {
      endHan();
      if (run) add(piece, index, end);
    } else for (const c of piece.normalize("NFKC")) {
      if (HAN.test(c)) {
        endWord();
        if (all) emit(c, "", index, end);
        if (han) emit(han.c + c, "", han.start, end);
        han = { c, start: index, end, lone: !han };
      } else {
        endHan();
        if (WORD.test(c)) add(c, index, end);
        else endWord();
      }
    }
  }
  endWord();
  endHan();
  return tokens;
}

/* ---- The index: the form that src/search/{root,shards,texts}.rs write ---- */

/**
 * @typedef {{pages: number, sections: number, folders: string, shards: string, texts: string, words: string,
 *   topics: [string, number][], glossary: string[][]}} Root
 * @typedef {{terms: Map<string, number>, names: string[], counts: number[], starts: Uint32Array,
 *   places: Uint32Array, weights: Uint8Array}} Shard
 */

/** Sections of a page have places `page * PAGE + section`. */
const PAGE = 4096;

/**
 * Undoes front coding: one character tells how much a term shares with the former one.
 * @param {string} coded
 */
function uncode(coded) {
  let last = "";
  return Array.from(coded.matchAll(/([\0-\x1f])([^\0-\x1f]*)/g), ([, shared, rest]) =>
    last = last.slice(0, shared.charCodeAt(0)) + rest);
}

/**
 * @param {string} packed
 * @returns {Promise<Shard>}
 */
async function unpack(packed) {
  const raw = Uint8Array.from(atob(packed), c => c.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const size = number(), length = number();
  const names = uncode(new TextDecoder().decode(bytes.subarray(at, at + length)));
  at += length;
  const counts = Array.from({ length: size }, number);
  const starts = new Uint32Array(size + 1);
  counts.forEach((count, n) => starts[n + 1] = starts[n] + Math.min(count, 3000));
  const places = new Uint32Array(starts[size]);
  for (let term = 0; term < size; term++) {
    let page = -1, section = 0;
    for (let i = starts[term]; i < starts[term + 1]; i++) {
      const step = number(), more = step & 7;
      const n = more < 7 ? more : 7 + number();
      section = step >> 3 ? n : section + 1 + n;
      page += step >> 3;
      places[i] = page * PAGE + section;
    }
  }
  return { terms: new Map(names.map((name, n) => [name, n])), names, counts, starts, places, weights: bytes.subarray(at) };
}

/** The last entry of a sorted list that is not greater; at least the first. */
function lastUpTo(list, value) {
  let low = 0, high = list.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle; else high = middle;
  }
  return low;
}

/**
 * @param {Root} root
 * @param {(path: string) => void} fetchScript loads a file, which calls `zhiSearch.push`
 */
function createIndex(root, fetchScript) {
  const firsts = uncode(root.shards), folders = root.folders.split(" ");
  let page = 0;
  const textStarts = root.texts.split(",").map(step => {
    const [pages, section] = step.split(":");
    return (page += +pages) * PAGE + +(section || 0);
  });
  /** @type {Map<number, {promise: Promise<any>, done: (data: any) => void}>} */
  const files = new Map();
  const file = n => {
    if (!files.has(n)) {
      let done;
      const promise = new Promise(resolve => done = resolve);
      files.set(n, { promise, done });
      fetchScript(`${folders[n >> 6]}/${n}.js`);
    }
    return files.get(n).promise;
  };
  const texts = (n, data) => {
    const start = Math.floor(textStarts[n - firsts.length] / PAGE);
    return data.map(([url, title, breadcrumb, topics, aliases, first, sections], i) =>
      ({ page: start + i, url, title, breadcrumb, topics, aliases, first, sections }));
  };
  const shards = new Map();
  const words = uncode(root.words);
  return {
    root,
    words,
    knows: word => words[lastUpTo(words, word)] == word,
    /** Takes what a file brought. */
    take: (n, data) => files.get(n)?.done(typeof data == "string" ? unpack(data) : texts(n, data)),
    shardOf: term => lastUpTo(firsts, term),
    /** @returns {Promise<Shard>} */
    shard: n => file(n).then(shard => (shards.set(n, shard), shard)),
    loaded: n => shards.get(n),
    textFile: place => firsts.length + lastUpTo(textStarts, place),
    isText: n => n >= firsts.length,
    text: place => file(firsts.length + lastUpTo(textStarts, place)),
  };
}

/* ---- Ranking ---- */

const K = { piece: .5, joined: 1, title: 1.4, cover: 2.3, head: .5, more: .4, decay: .85, most: 6, lead: .9, full: 1.2, whole: 1.35, inTitle: 1.25, isTitle: 1.5, cont: .9, contMin: .35, conts: 24, rare: 2, typo: .8, plural: .5, maxShards: 6, texts: 5 };

/**
 * What a query asks for: terms of one weight that stand for each other.
 * @typedef {{term: string, weight: number, last: boolean, latin: boolean, kind: string}} Unit
 * @param {string} query
 * @returns {Unit[]}
 */
function plan(query) {
  const tokens = tokenise(query);
  const end = query.trimEnd().length;
  const seen = new Map();
  for (const { term, kind, start, end: e } of tokens) {
    const weight = kind == "~" ? K.piece : kind == "+" ? K.joined : 1;
    const last = e >= end && !/\s$/.test(query);
    const unit = seen.get(term);
    if (unit) unit.weight = Math.max(unit.weight, weight), unit.last = unit.last || last;
    else seen.set(term, { term, start, end: e, weight, last, kind, latin: !HAN.test(term), near: [] });
  }
  return [...seen.values()].slice(0, 31);
}

/**
 * Whether two words are at most `most` slips apart: a letter too many, too few, wrong or swapped.
 * @returns {number} the slips, or a greater number
 */
function slips(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return 9;
  let before = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return 9;
    before = row, row = next;
  }
  return row[b.length];
}

/** The words of a list that a mistyped one may be meant to be: the nearest, at most two. */
function nearest(word, list) {
  const most = word.length < 8 ? 1 : 2;
  let best = most, found = [];
  for (const other of list) {
    if (Math.abs(other.length - word.length) > best || other == word || other.length < 4) continue;
    const n = slips(word, other, best);
    if (n > best) continue;
    if (n < best) found = [];
    best = n;
    found.push(other);
  }
  const alike = other => { let n = 0; while (other[n] == word[n]) n++; return n; };
  return found.sort((a, b) => alike(b) - alike(a)).slice(0, 2);
}

/** Terms of a shard that begin with `prefix`, as numbers. */
function* from(shard, prefix) {
  let low = -1, high = shard.names.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (shard.names[middle] < prefix) low = middle; else high = middle;
  }
  for (; high < shard.names.length && shard.names[high].startsWith(prefix); high++) yield high;
}

/** What stands for a unit: lists of places with a factor each. */
function alternatives(unit, index) {
  const shard = index.loaded(index.shardOf(unit.term));
  const found = [];
  if (!shard) return found;
  const exact = shard.terms.get(unit.term);
  if (exact !== undefined) found.push({ shard, n: exact, factor: 1 });
  if (unit.last && unit.kind != "~" || unit.term.length == 1 && !unit.latin) {
    let left = K.conts;
    for (const n of from(shard, unit.term)) {
      if (n == exact || shard.names[n].includes("'")) continue;
      const share = unit.latin ? unit.term.length / shard.names[n].length : .5;
      found.push({ shard, n, factor: K.cont * Math.max(K.contMin, share) });
      if (!--left) break;
    }
  }
  if (unit.latin && unit.term.length > 2 && !unit.last) {
    const other = /s$/.test(unit.term) ? unit.term.slice(0, -1) : unit.term + "s";
    const n = shard.terms.get(other);
    if (n !== undefined) found.push({ shard, n, factor: K.plural });
  }
  if (unit.latin && unit.term.length > 3 && !(found.length && (found[0].factor < 1 || shard.counts[exact] > K.rare))) {
    const near = unit.near.length ? unit.near : nearest(unit.term, shard.names);
    for (const other of near) {
      const there = index.loaded(index.shardOf(other)), n = there?.terms.get(other);
      if (n !== undefined && there.counts[n] > 0) found.push({ shard: there, n, factor: K.typo });
    }
  }
  return found;
}

function score(index, units, lists) {
  const { sections } = index.root;
  /** place -> {sum, mask, head} */
  const slots = new Map(), pages = new Map();
  let all = 0;
  const idfs = units.map((unit, u) => {
    if (!lists[u].length) return 0;
    const exact = lists[u].find(l => l.factor == 1);
    const count = exact ? exact.shard.counts[exact.n] : Math.max(...lists[u].map(l => l.shard.counts[l.n]));
    const idf = Math.log(1 + (sections - count + .5) / (count + .5)) * unit.weight;
    all += idf;
    return idf;
  });
  for (let u = 0; u < units.length; u++) {
    const bit = 1 << u, best = lists[u].length > 1 ? new Map() : null;
    for (const { shard, n, factor } of lists[u]) {
      for (let i = shard.starts[n]; i < shard.starts[n + 1]; i++) {
        const place = shard.places[i], w = shard.weights[i];
        let value = (w >> 3) / 15 * factor * idfs[u];
        if (best) {
          const old = best.get(place) || 0;
          if (value <= old) value = 0; else best.set(place, value), value -= old;
        }
        let slot = slots.get(place);
        if (!slot) slots.set(place, slot = { sum: 0, mask: 0, head: 0 });
        if (w >> 3) slot.sum += value, slot.mask |= bit;
        if (w & 4) slot.head |= bit;
        if (w & 3) {
          const p = Math.floor(place / PAGE);
          let t = pages.get(p);
          if (!t) pages.set(p, t = { units: new Map(), mask: 0 });
          t.mask |= bit;
          t.units.set(u, Math.max(t.units.get(u) || 0, (w & 3) / 3 * factor * idfs[u]));
        }
      }
    }
  }
  const share = mask => {
    let sum = 0;
    for (let u = 0; mask >>> u; u++) if (mask >>> u & 1) sum += idfs[u];
    return all ? sum / all : 0;
  };
  for (const t of pages.values()) t.sum = [...t.units.values()].reduce((a, b) => a + b, 0);
  const byPage = new Map();
  let must = 0;
  units.forEach((unit, u) => { if (unit.kind != "~" && idfs[u]) must |= 1 << u; });
  for (const [place, slot] of slots) {
    const p = Math.floor(place / PAGE), t = pages.get(p);
    const sum = slot.sum + (t ? t.sum * K.title : 0);
    const full = must && ((slot.mask | (t ? t.mask : 0)) & must) == must ? K.full : 1;
    const s = sum * full * (place % PAGE ? 1 : K.lead) * share(slot.mask | (t ? t.mask : 0)) ** K.cover * (1 + K.head * share(slot.head | (t ? t.mask : 0)));
    const list = byPage.get(p);
    if (list) list.push([s, place]); else byPage.set(p, [[s, place]]);
  }
  const results = [];
  for (const [page, list] of byPage) {
    list.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    let total = list[0][0];
    for (let n = 1; n < Math.min(list.length, K.most); n++) total += K.more / n ** K.decay * list[n][0];
    results.push({ page, score: total, places: list.slice(0, 3).map(l => l[1]) });
  }
  return results.sort((a, b) => b.score - a.score || a.page - b.page);
}

function choose(index, units, need) {
  if (need.size <= K.maxShards) return need;
  const chosen = new Set();
  const add = term => { if (chosen.size < K.maxShards) chosen.add(index.shardOf(term)); };
  for (const u of units) if (u.latin && u.kind == "") { add(u.term); }
  for (const u of units) if (u.latin && u.kind == "") u.near.forEach(add);
  // every second pair of a run
  const han = units.filter(u => !u.latin);
  let end = -1;
  for (const u of han) if (u.start >= end) { add(u.term); end = u.end; }
  for (const u of han) add(u.term);
  for (const u of units) add(u.term);
  return chosen;
}

async function search(index, query) {
  const units = plan(query);
  for (const unit of units) if (/^[a-z]{4,}$/.test(unit.term) && unit.kind == "" && !index.knows(unit.term)) unit.near = nearest(unit.term, index.words);
  const need = new Set(units.flatMap(u => [u.term, ...u.near]).map(index.shardOf));
  const chosen = choose(index, units, need);
  await Promise.all([...chosen].map(n => index.shard(n)));
  const lists = units.map(u => chosen.has(index.shardOf(u.term)) ? alternatives(u, index) : []);
  const results = score(index, units, lists);
  const top = results.slice(0, K.texts);
  await Promise.all(top.map(async r => {
    const records = await index.text(r.places[0]);
    let p = Math.floor(r.places[0] / PAGE), s = r.places[0] % PAGE;
    const rec = records.find(x => x.page == p);
    Object.assign(r, { url: rec.url, title: rec.title, sec: rec.sections[s - rec.first] });
    const flat = x => x.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
    const q = flat(query.trim()), title = flat(r.title);
    const text = flat(r.sec ? r.sec[1] + " " + r.sec[2] : "");
    if (text.includes(q)) r.score *= K.whole;
    if (title.includes(q)) r.score *= K.inTitle;
    if (title == q) r.score *= K.isTitle;
  }));
  top.sort((a, b) => b.score - a.score || a.page - b.page);
  return { results: top, count: results.length, shards: need.size };
}

if (typeof module == "object") module.exports = { tokenise, uncode, unpack, createIndex, PAGE, search, plan, K };
})();
