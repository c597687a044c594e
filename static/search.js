/*
 * Search in the browser: reads the index that `src/search.rs` wrote, shows what it finds. A
 * classic script; works from file:// and under `Content-Security-Policy: default-src 'self'`.
 *
 * The page carries one button, and nothing is loaded before the reader touches it:
 *
 *   <button type="button" data-search-open
 *           data-search-root="../search/"             where the index is, from this page
 *           data-search-entry="root.0123456789.js"    its entry: `Files::entry`
 *           data-search-site="../"                    the site's root, from this page
 *           data-search-style="../search.css">
 *
 * On the first focus or press of the button, on `/`, Ctrl-K or ⌘K, and on an address with
 * `q=`, the page's own script appends the style, the entry and this file at once, in any order, and sets
 * `self.zhiSearchOpen = true` if the box is to open by itself. A page of its own has the same
 * attributes on an element `[data-search-page]`, into which the box is put; its style it brings itself.
 */
(() => {
"use strict";

/* ---- Words: the rules of src/search/tokenise.rs ---- */

/** @typedef {{term: string, kind: "" | "~" | "+" | "=", start: number, end: number}} Token */

const HAN = /[\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const WORD = /[\p{Alphabetic}\p{N}\p{M}_\uff9e\uff9f]/u;
const JOINT = /^[.\-/:@+=]$/;
const CHARACTER = /[^](?:\p{M}|[\uff9e\uff9f])*/gu;
const CUT = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=_)(?=[^_])/;

/**
 * The terms of a text with their places in it.
 * @param {string} text
 * @param {boolean} [all] every Han character is a term, too
 * @returns {Token[]}
 */
function tokenise(text, all = false) {
  /** @type {Token[]} */
  const tokens = [];
  /** The run of word characters, and where each of its units comes from. */
  let run = "", from = /** @type {number[]} */ ([]), to = /** @type {number[]} */ ([]);
  let dashes = "";
  /** The last character of a Han run. */
  let han = "", hanAt = 0, lone = 0;
  /** @type {(term: string, kind: Token["kind"], start: number, end: number) => void} */
  const emit = (term, kind, start, end) => { tokens.push({ term, kind, start, end }); };
  const endHan = () => {
    if (lone && !all) emit(han, "", hanAt, lone);
    han = "", lone = 0;
  };
  const endWord = () => {
    /** @type {(part: string, kind: Token["kind"], at: number, end?: number) => void} */
    const word = (part, kind, at, end = at + part.length) => emit(part.toLowerCase(), kind, from[at], to[end - 1]);
    const name = (written, at, before = "") => {
      if (/^[!-~]*[a-z][!-~]*$/i.test(written)) emit(written.replace(/\W|_/g, "").toLowerCase() + "!" + before + written, "=", from[at], to[at + written.length - 1]);
    };
    const parts = [...run.matchAll(/[^.\-/:@+=]+/g)];
    let before = "", first = 0;
    for (const { 0: part, index } of parts) {
      if ([...part].length > 64) { before = ""; continue; }
      word(part, "", index);
      const pieces = part.split(CUT);
      let at = index;
      if (pieces.length > 1 && pieces.length < 9) {
        name(part, at);
        for (const piece of pieces) {
          const core = piece.replace(/^_+|_+$/g, "");
          if ([...core].length > 1) word(core, "~", at + piece.indexOf(core));
          at += piece.length;
        }
      }
      if (before && !run.includes("://") && (parts.length == 2 || /\D/.test(before + part))) word(before + part, "+", first, index + part.length);
      before = part, first = index;
    }
    if (dashes != "--") dashes = "";
    const held = run.replace(/([=:].*|[.\-/@+]+)$/, "");
    if (held.length < 65 && (dashes || /[.\-/@+]/.test(held))) name(held, 0, dashes);
    run = dashes = "", from = [], to = [];
  };
  for (const { 0: piece, index } of text.matchAll(CHARACTER)) {
    const end = index + piece.length;
    const add = (/** @type {string} */ c) => {
      for (const unit of c.split("")) run += unit, from.push(index), to.push(end);
    };
    if (JOINT.test(piece)) {
      endHan();
      if (run) add(piece);
      else dashes = piece == "-" ? dashes + piece : "";
    } else for (const c of piece.normalize("NFKC")) {
      if (HAN.test(c)) {
        endWord();
        if (all) emit(c, "", index, end);
        if (han) emit(han + c, "", hanAt, end);
        lone = han ? 0 : end, han = c, hanAt = index;
      } else {
        endHan();
        if (WORD.test(c)) add(c);
        else endWord();
      }
    }
  }
  endWord();
  endHan();
  return tokens;
}

/* ---- The index, in the form that src/search/{root,shards,texts}.rs write ---- */

/**
 * @typedef {{pages: number, sections: number, folders: string, shards: string, words: string,
 *   texts: string, opening: string, topics: string[], glossary: string[][], labels: Record<string, string>}} Root
 * @typedef {{names: string[], counts: number[], starts: number[], places: number[],
 *   weights: Uint8Array}} Shard
 * @typedef {[id: string, heading: string, text: string]} Section
 * @typedef {[url: string, title: string, crumb: string, topics: string[], aliases: string[],
 *   first: number, sections: Section[]]} Page
 * @typedef {ReturnType<typeof createIndex>} Index
 */

/** Section `s` of page `p` has the place `p * PAGE + s`. */
const PAGE = 4096;
const pageOf = place => Math.floor(place / PAGE);

/**
 * Undoes front coding: one character tells how much a term shares with the one before.
 * @returns {string[]}
 */
function uncode(coded) {
  let last = "";
  return Array.from(coded.matchAll(/([\0-\x1f])([^\0-\x1f]*)/g), ([, shared, rest]) =>
    last = last.slice(0, shared.charCodeAt(0)) + rest);
}

/** Where the last entry stands that is not greater than `value`; 0 if all are. */
function lastUpTo(list, value) {
  let low = 0, high = list.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] > value) high = middle; else low = middle;
  }
  return low;
}

/** @returns {Promise<Uint8Array>} */
async function unpack(...packed) {
  const raw = new Blob(packed.map(text => Uint8Array.from(atob(text), c => c.charCodeAt(0))));
  return new Uint8Array(await new Response(raw.stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
}

const decode = bytes => new TextDecoder().decode(bytes);

/** @returns {Shard} */
function toShard(bytes) {
  let at = 0;
  /** @returns {number} five bytes at most */
  const number = (byte = bytes[at++]) => byte > 127 ? byte - 128 + 128 * number() : byte;
  const length = number();
  const names = uncode(decode(bytes.subarray(at, at += length)));
  const counts = [], starts = [0], places = [];
  let all = 0;
  for (const _ of names) {
    const count = number();
    counts.push(count >> 1);
    // An odd number is followed by how many of the sections are listed.
    starts.push(all += count & 1 ? number() : count >> 1);
  }
  const lower = bytes.subarray(bytes.length - 2 * all);
  for (const end of starts) {
    let page = -1, section = 0;
    while (places.length < end) {
      const step = number() << 7 | lower[places.length], pages = step >>> 3;
      section = (step & 7) + (pages ? 0 : section + 1);
      if ((step & 7) == 7) section += number();
      page += pages;
      places.push(page * PAGE + section);
    }
  }
  return { names, counts, starts, places, weights: lower.subarray(all) };
}

/**
 * @param {Root} root
 * @param {(path: string, failed: (error: any) => void) => void} load runs a file, which calls `zhiSearch.push`
 */
function createIndex(root, load) {
  const firsts = uncode(root.shards), words = uncode(root.words), folders = root.folders.split(" ");
  const files = new Map(), shards = new Map(), waiting = {};
  let place = 0;
  const texts = root.texts.split(",").map(step => place += +step);
  const file = n => {
    if (!files.has(n)) files.set(n, new Promise((resolve, reject) => {
      waiting[n] = resolve;
      load(`${folders[n >> 6]}/${n}.js`, error => { files.delete(n); reject(error); });
    }));
    return files.get(n);
  };
  const shardOf = term => lastUpTo(firsts, term);
  return {
    root, words, shardOf,
    /** Takes what a file brought: a shard, or pages behind a line that all have in common. */
    take(n, packed) {
      waiting[n](n < firsts.length ? unpack(packed).then(bytes => shards.set(n, toShard(bytes)))
        : unpack(root.opening, packed).then(bytes => JSON.parse(decode(bytes).replace(/^.*\n/, ""))));
    },
    /** Loads shards; `shard` has them then. */
    load: numbers => Promise.all(Array.from(new Set(numbers), file)),
    /** @returns {Shard | undefined} */
    shard: term => shards.get(shardOf(term)),
    /** @returns {Promise<Page>} */
    async page(place) {
      const n = lastUpTo(texts, place);
      return (await file(firsts.length + n))[pageOf(place) - pageOf(texts[n])];
    },
  };
}

/* ---- What is asked ---- */

/**
 * A term of the query. `near` are words it may be a slip of; `last` is still being typed, `inner`
 * a part of a longer one.
 * @typedef {{term: string, kind: string, weight: number, start: number, end: number,
 *   last: boolean, latin: boolean, near: string[], inner: boolean}} Unit
 * A list of places that stands for it.
 * @typedef {{shard: Shard, n: number, factor: number}} List
 * One wording of the query.
 * @typedef {{units: Unit[], lists: List[][], text: string, factor: number}} Wording
 */

/** Sorts behind all that a word can go on with, which may reach into the next shard. */
const LAST = "~";

const fold = text => text.normalize("NFKC").toLowerCase();

/** Parts a query into words and `#topics`. */
function parse(query) {
  /** @type {string[]} */
  const topics = [];
  return { text: query.slice(0, 200).replace(/(?<!\S)[#＃](\S+)/g, (_, topic) => (topics.push(fold(topic)), "")), topics };
}

/**
 * @param {Index} index
 * @param {string} text
 * @returns {Unit[]}
 */
function plan(index, text) {
  /** @type {Map<string, Unit>} */
  const units = new Map();
  const tokens = tokenise(text);
  for (const { term, kind, start, end } of tokens) {
    const inner = tokens.some(other => other.kind != "=" && other.start <= start && end <= other.end && other.end - other.start > end - start);
    const latin = !HAN.test(term);
    const near = index.words.includes(term) || kind || !/^[a-z]{4,}$/.test(term) ? [] : nearest(term, index.words);
    const unit = { term, kind, start, end, latin, near, inner, weight: kind == "~" ? .5 : 1, last: kind != "~" && kind != "=" && end == text.length };
    const before = units.get(term);
    if (!before || before.weight < unit.weight || unit.last) units.set(term, unit);
  }
  return [...units.values()].slice(0, 31);
}

/** How many letters too many, missing, wrong or swapped lie between two words; 9 if above `most`. */
function slips(a, b, most) {
  let before = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + +(a[i - 1] != b[j - 1]));
      if (a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return 9;
    before = row, row = next;
  }
  return row[b.length];
}

/** The words that are the fewest slips away, two at most. */
function nearest(word, words) {
  let found = [], best = word.length < 8 ? 1 : 2;
  for (const other of words) {
    if (other.length < 4 || Math.abs(other.length - word.length) > best || other == word) continue;
    const n = slips(word, other, best);
    if (n < best) found = [], best = n;
    if (n == best) found.push(other);
  }
  return found.slice(0, 2);
}

/**
 * The shards to load, at most four: those that speak for most of what was typed, in each of
 * its wordings. With code, style, entry and five texts they make twelve requests.
 * @param {Index} index
 * @param {Unit[][]} plans
 */
function choose(index, plans) {
  /** @type {Map<number, Unit[]>} */
  const shards = new Map();
  plans.forEach((units, p) => {
    for (const unit of units) for (const term of [unit.term, ...unit.near, ...unit.last && unit.latin ? [unit.term + LAST] : []]) {
      const n = index.shardOf(term), from = p * 1e4;
      shards.set(n, [...shards.get(n) ?? [], { ...unit, start: from + unit.start, end: from + unit.end }]);
    }
  });
  /** @type {Set<number>} */
  const chosen = new Set();
  let covered = new Set();
  const cover = (list, here = new Set(covered)) => {
    let gain = 0;
    for (const { kind, start, end, latin } of list) {
      const size = here.size;
      // A name as it is written often stands nowhere; it comes along with its words.
      for (let i = start; i < end && kind != "="; i++) here.add(i);
      gain += .3 + (latin ? Math.min(2, here.size - size) : here.size - size);
    }
    return { gain, here };
  };
  while (chosen.size < Math.min(4, shards.size)) {
    const left = Array.from(shards, ([n, list]) => ({ n, ...cover(list) })).filter(({ n }) => !chosen.has(n));
    const [{ n, here }] = left.sort((a, b) => b.gain - a.gain);
    chosen.add(n);
    covered = here;
  }
  return chosen;
}

/**
 * The numbers of the terms that begin with `prefix`, the most frequent first.
 * @param {Shard} shard
 * @param {string} prefix
 */
function beginning(shard, prefix) {
  const { names, counts } = shard;
  return [...names.keys()].filter(n => names[n].startsWith(prefix)).sort((a, b) => counts[b] - counts[a]);
}

/**
 * Everything that stands for a term of the query, and counts less than the term itself:
 * continuations of what is being typed by the share that is there, plurals, and, for a word
 * that hardly ever occurs, its continuations and those it may be a slip of, or the pinyin of.
 * @param {Index} index
 * @param {Unit} unit
 * @returns {List[]}
 */
function lists(index, { term, kind, last, latin, near }) {
  const own = index.shard(term);
  /** @type {List[]} */
  const found = [];
  const add = (other, factor) => {
    const shard = index.shard(other), n = shard ? shard.names.indexOf(other) : -1;
    if (shard && n >= 0) found.push({ shard, n, factor });
  };
  if (!own) return found;
  add(term, 1);
  const rare = !found.length || own.counts[found[0].n] < 3, word = latin && !kind && term.length > 2;
  if (last || (latin ? word && rare : [...term].length == 1)) for (const shard of new Set([own, index.shard(term + LAST) ?? own])) {
    const more = beginning(shard, term).filter(n => !/['!]/.test(shard.names[n]) && shard.names[n] != term);
    for (const n of more.slice(0, 24)) found.push({ shard, n, factor: .9 * Math.max(.35, term.length / shard.names[n].length) });
  }
  const alone = found.length < 2;
  if (word && !last) add(term.endsWith("s") ? term.slice(0, -1) : term + "s", .5);
  // Han words stand behind their pinyin and their initials: `rongqi'容器`, `rq'容器`.
  const sound = end => {
    if (!found.length && latin && !kind) for (const n of beginning(own, term + end).filter(n => own.names[n].includes("'")).slice(0, 3)) {
      found.push({ shard: own, n, factor: .9 });
      near.push(own.names[n].split("'")[1]);
    }
  };
  sound("'");
  if (word && rare && alone && term.length > 3) {
    if (!near.length) near.push(...nearest(term, own.names));
    for (const word of near) add(word, .8);
  }
  sound("");
  return found;
}

/* ---- What is found ---- */

/** @typedef {{page: number, score: number, share: number, places: number[]}} Hit */

/**
 * What a wording finds. All figures here and below are those that did best on judged queries
 * (tests/search).
 * @param {Index} index
 * @param {Wording} wording
 * @param {Set<number> | undefined} among the pages that may be found
 * @returns {Hit[]}
 */
function score(index, { units, lists, factor: wording }, among) {
  let all = 0, must = 0;
  const worth = units.map(({ weight, kind }, u) => {
    if (!lists[u].length) return 0;
    const exact = lists[u][0].factor == 1 ? lists[u].slice(0, 1) : lists[u];
    const count = Math.max(...exact.map(({ shard, n }) => shard.counts[n]));
    const idf = weight * Math.log(1 + (index.root.sections - count + .5) / (count + .5));
    if (kind != "~") must |= 1 << u;
    all += idf;
    return idf;
  });
  const share = mask => worth.reduce((sum, idf, u) => sum + idf * (mask >>> u & 1), 0) / all;
  /** Points, terms, terms in the heading, and the last term with its points: by place, of titles by `~page`. */
  const slots = new Map();
  const note = (key, u, points, heading) => {
    const slot = slots.get(key) ?? [0, 0, 0, -1, 0];
    slots.set(key, slot);
    if (slot[3] != u) slot[3] = u, slot[4] = 0;
    if (points) slot[1] |= 1 << u;
    if (heading) slot[2] |= 1 << u;
    if (points > slot[4]) slot[0] += points - slot[4], slot[4] = points;
  };
  lists.forEach((list, u) => {
    for (const { shard: { starts, places, weights }, n, factor } of list) for (let i = starts[n]; i < starts[n + 1]; i++) {
      const page = pageOf(places[i]), weight = weights[i], points = factor * worth[u];
      if (among && !among.has(page)) continue;
      note(places[i], u, (weight >> 4) / 15 * points, weight & 8);
      if (weight & 7) note(~page, u, (weight & 7) / 7 * points, 0);
    }
  });
  /** @type {Map<number, {score: number, share: number, place: number}[]>} */
  const pages = new Map();
  for (const [place, [points, mask, heading]] of slots) {
    if (place < 0) continue;
    const page = pageOf(place), [more, title] = slots.get(~page) ?? [0, 0], has = mask | title, part = share(has);
    // The share of the query that is there counts more than how strongly it is.
    const score = (points + 2.2 * more) * part ** 2.6 * (1 + share(heading | title) / 2) * ((has & must) == must ? 2 : 1);
    pages.set(page, [...pages.get(page) ?? [], { score, share: part, place }]);
  }
  return Array.from(pages, ([page, list]) => {
    list.sort((a, b) => b.score - a.score || a.place - b.place);
    const sum = list.slice(0, 6).reduce((sum, { score }, n) => sum + score * (n ? .4 / n ** .85 : 1), 0);
    return { page, score: sum * wording, share: list[0].share, places: list.slice(0, 4).map(({ place }) => place) };
  });
}

/** A query that is one word of several syllables or initials, as pairs of them like Han: `fuwuqi` is `fuwu wuqi`. */
function spelled(text) {
  const word = text.trim(), parts = word.match(/[b-df-hj-np-tw-z]?h?[aeiouv]+(?:ng?(?![aeiouv]))?|[b-df-hj-np-tw-z]h?$/g) ?? [];
  const all = parts.join("") == word ? parts : /^[b-df-hj-np-tw-z]+$/.test(word) ? word.split("") : [];
  return all.length < 3 ? [] : [all.slice(1).map((part, i) => all[i] + part).join(" ")];
}

/** Queries that say the same in other words of the glossary. */
function reworded(glossary, text) {
  const asked = fold(text);
  return glossary.flatMap(group => group.flatMap(word => {
    const at = asked.indexOf(word), end = at + word.length;
    const inWord = (/** @type {number} */ at) => /\w\w/.test(asked.slice(at - 1, at + 1));
    return at < 0 || inWord(at) || inWord(end) ? [] : group.filter(other => other != word).map(other => asked.slice(0, at) + other + asked.slice(end) + " ");
  })).slice(0, 3);
}

/** The pages that have all topics. */
function pagesOf(/** @type {Index} */ index, topics) {
  return topics.map(topic => {
    const shard = index.shard(topic), n = shard ? shard.names.indexOf(topic) : -1;
    return new Set(n < 0 ? [] : shard?.places.slice(shard.starts[n], shard.starts[n + 1]).map(pageOf));
  }).reduce((all, some) => new Set([...all].filter(page => some.has(page))));
}

/**
 * @typedef {{hits: Hit[], missing: string[], asked: Unit[], text: string}} Found
 * @param {Index} index
 * @param {string} query
 * @returns {Promise<Found>}
 */
async function find(index, query) {
  const { text, topics } = parse(query), names = topics.map(topic => "#" + topic);
  const texts = [text, ...spelled(text), ...reworded(index.root.glossary, text)], plans = texts.map(text => plan(index, text));
  const chosen = choose(index, plans), has = ({ term }) => chosen.has(index.shardOf(term));
  await index.load([...chosen, ...names.map(index.shardOf)]);
  /** @type {Wording[]} */
  const wordings = plans.map((units, p) => ({ units, text: texts[p], factor: p ? .8 : 1, lists: units.map(unit => lists(index, unit)) }));
  const lacking = ({ units, lists }) => units.filter((unit, u) => !unit.kind && !lists[u].length && has(unit));
  const meant = wordings.find(wording => !lacking(wording).length) ?? wordings[0];
  const among = names.length ? pagesOf(index, names) : undefined;
  /** @type {Map<number, Hit>} */
  const pages = new Map();
  if (!plans[0].length) among?.forEach(page => pages.set(page, { page, score: 1, share: 1, places: [page * PAGE] }));
  for (const hit of wordings.flatMap(wording => score(index, wording, among))) {
    if (hit.score > (pages.get(hit.page)?.score ?? 0)) pages.set(hit.page, hit);
  }
  const all = [...pages.values()], most = Math.max(...all.map(({ share }) => share));
  return {
    // What has much less of the query than the best is no answer.
    hits: all.filter(({ share }) => share >= most * .4).sort((a, b) => b.score - a.score || a.page - b.page),
    // As it was meant, where a word was mistyped.
    text: meant.units.reduce((text, { term, near }, u) => near[0] && meant.lists[u][0]?.factor < 1 ? fold(text).replace(term, near[0]) : text, meant.text.trim()),
    asked: wordings.flatMap(({ units }) => units),
    missing: lacking(meant).map(({ start, end }) => meant.text.slice(start, end)),
  };
}

/**
 * @typedef {{hit: Hit, url: string, title: string, crumb: string, aliases: string[],
 *   sections: Section[], points: number}} Result
 */

/**
 * Loads what five hits say, and puts those first that have the query as it was typed, in the
 * text, in the title, or as the whole title.
 * @param {Index} index
 * @param {Found} found
 * @param {number} from
 * @returns {Promise<Result[]>}
 */
async function read(index, { hits, text }, from) {
  const asked = fold(text).replace(/\s+/g, " ");
  // A name such as `--dry-run` or `nodeName` and a whole phrase are meant as they stand, a
  // name rather as it is written than in other letters or as a part of another.
  const isName = /^[!-~]*([!-@[-`{-~]|[a-z][A-Z])[!-~]*$/.test(text), literal = isName ? 2.5 : 1.35 + Math.max(0, tokenise(text).length - 4) / 2;
  const written = RegExp("(?<![\\w-])" + text.replace(/\W/g, "\\$&") + "(?![\\w-])");
  const results = await Promise.all(hits.slice(from, from + 5).map(async hit => {
    const [url, title, crumb, , aliases, first, all] = await index.page(hit.places[0]), names = [title, ...aliases].map(fold);
    const sections = hit.places.map(place => all[place % PAGE - first]).filter(Boolean);
    const verbatim = sections.findIndex(section => fold(section.slice(1).join(" ")).includes(asked));
    sections.unshift(...sections.splice(Math.max(0, verbatim), 1));
    const points = hit.score * (verbatim < 0 ? 1 : literal) * (isName && written.test(sections.join(" ")) ? 1.3 : 1)
      * (names[0].includes(asked) ? 1.25 : 1) * (names.includes(asked) ? 1.5 : 1);
    return { hit, url, title, crumb, aliases, sections, points };
  }));
  return results.sort((a, b) => b.points - a.points || a.hit.page - b.hit.page);
}

/* ---- What is shown ---- */

/** @typedef {[start: number, end: number]} Span */

/**
 * The parts of a text that were asked for, in order, merged where they touch.
 * @param {string} text
 * @param {Unit[]} asked
 */
function marks(text, asked) {
  const outer = asked.filter(({ inner }) => !inner);
  const whole = new Set(outer.flatMap(({ term, near }) => [term, ...near]));
  const open = outer.filter(({ last, latin }) => last && latin).map(({ term }) => term);
  /** @type {Span[]} */
  const spans = [];
  for (const { term, start, end } of tokenise(text, true).sort((a, b) => a.start - b.start)) {
    const prefix = whole.has(term) ? term : open.find(prefix => term.startsWith(prefix)), last = spans.at(-1);
    if (!prefix) continue;
    const stop = prefix == term ? end : start + prefix.length;
    if (last && start <= last[1]) last[1] = Math.max(last[1], stop);
    else spans.push([start, stop]);
  }
  // Parts of a name are marked only where the whole name is not.
  return spans.length || outer.length == asked.length ? spans : marks(text, asked.map(unit => ({ ...unit, inner: false })));
}

/**
 * The stretch of some 130 characters of a text that has most of what was asked for, and its marks.
 * @param {string} text
 * @param {Unit[]} asked
 * @returns {[text: string, spans: Span[]]}
 */
function excerpt(text, asked) {
  const spans = marks(text, asked);
  let best = 0, most = 0;
  for (const [start] of spans) {
    const near = spans.filter(([from, to]) => from >= start && to < start + 110);
    const sum = [...new Set(near.map(span => fold(text.slice(...span))))].join("").length;
    if (sum > most) most = sum, best = start;
  }
  let from = Math.max(0, Math.min(best - 24, text.length - 130));
  // Rather at the start of a sentence or of a word.
  if (from) from += Math.max(0, text.slice(from, best).search(/(?<=[。！？；]|[.!?;]\s|\s)[^。！？；.!?;\s]*$/));
  const to = from + 130, before = from ? "…" : "", shift = before.length - from;
  return [before + text.slice(from, to) + (to < text.length ? "…" : ""),
    spans.filter(([start, end]) => start >= from && end <= to).map(([start, end]) => [start + shift, end + shift])];
}

/* ---- The box ---- */

/** @returns {any} */
function make(tag, attributes = {}, ...inner) {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...inner);
  return element;
}

/** A text with its marks, as nodes. */
function marked(text, /** @type {Span[]} */ spans) {
  let at = 0;
  return [...spans.flatMap(([start, end]) => [text.slice(at, start), make("mark", {}, text.slice(start, at = end))]), text.slice(at)];
}

/**
 * What was searched for lately, or a new list of it; nothing where storage is closed to the page.
 * @param {string[]} [list]
 * @returns {string[]}
 */
function recent(list) {
  try {
    if (list) localStorage["zhi-searches"] = JSON.stringify(list);
    return JSON.parse(localStorage["zhi-searches"]);
  } catch {
    return [];
  }
}

/** The query in the address; from file:// only the fragment may change. */
const address = {
  get: () => new URLSearchParams(location.search + "&" + location.hash.slice(1)).get("q") ?? "",
  set(query) {
    if (query == address.get()) return;
    history.replaceState(history.state, "", (location.protocol == "file:" ? "#" : location.pathname + "?") + new URLSearchParams({ q: query }));
  },
};

/**
 * Builds the box and wires it.
 * @param {Record<string, string | undefined>} data what the page says about the index
 * @param {Index} index
 * @param {HTMLElement | null} page where the box stays open, instead of a dialog
 * @returns {() => void} opens it
 */
function mount(data, index, page) {
  const t = index.root.labels;
  const button = (label, press, attributes = {}) => {
    const element = make("button", { type: "button", ...attributes }, label);
    element.onclick = press;
    return element;
  };
  const input = make("input", {
    type: "search", role: "combobox", "aria-expanded": false, "aria-controls": "search-list", "aria-autocomplete": "list",
    "aria-label": t.label, placeholder: t.hint, autocomplete: "off", spellcheck: false,
  });
  const chips = index.root.topics.map(name => {
    const topic = fold(name).replace(/\s+/g, "-");
    return button("#" + name, () => {
      const { text, topics } = parse(input.value), rest = topics.filter(other => other != topic);
      if (rest.length == topics.length) rest.push(topic);
      ask([...rest.map(topic => "#" + topic), text.trim()].join(" "));
    }, { "aria-pressed": false, "data-topic": topic });
  });
  const status = make("p", { role: "status" });
  const list = make("div", { id: "search-list", role: "listbox", "aria-label": t.results });
  const more = button(t.more, async () => {
    const n = active;
    await show();
    select(n + 1);
    input.focus();
  }, { class: "search-more", hidden: "" });
  const box = make(page ? "div" : "dialog", { class: "search", "aria-label": t.label },
    make("div", { class: "search-bar" }, input, ...page ? [] : [button(t.close, () => box.close())]),
    make("div", { class: "search-topics", role: "group", "aria-label": t.topics }, ...chips),
    make("div", { class: "search-body" }, status, list, more));
  (page ?? document.body).append(box);

  /** @type {Found | undefined} */
  let found;
  let turn = 0, shown = 0, active = -1, timer = 0, typed = 0;
  const select = n => {
    active = n;
    [...list.children].forEach((option, i) => { option.setAttribute("aria-selected", i == n); });
    list.children[n]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[n]?.id ?? "");
  };
  /** Shows rows and says how many there are. */
  const fill = (rows, rest = false) => {
    list.append(...rows);
    [...list.children].forEach((row, n) => { row.id = "search-" + n; });
    input.setAttribute("aria-expanded", !!list.children.length);
    more.hidden = !rest;
  };
  const option = (attributes, ...inner) => make("a", { role: "option", tabindex: -1, "aria-selected": false, ...attributes }, ...inner);
  /** The next five of what was found. */
  const show = async () => {
    const mine = turn, what = found;
    if (!what) return;
    const results = await read(index, what, shown);
    if (mine != turn) return;
    if (!shown) list.replaceChildren();
    shown += 5;
    fill(results.map(({ url, title, crumb, aliases, sections: [[id, heading, text] = ["", "", ""], ...also] }) => {
      const part = (name, ...inner) => make("span", { class: "search-" + name }, ...inner);
      const line = (name, text) => part(name, ...marked(text, marks(text, what.asked)));
      const alias = aliases.find(name => marks(name, what.asked).length);
      return option({ href: data.searchSite + url + (id && "#" + id) },
        line("title", title), line("alias", alias ?? ""), part("crumb", crumb), line("heading", heading),
        part("text", ...marked(...excerpt(text, what.asked))),
        line("also", also.map(([, heading]) => heading).filter(Boolean).join(" · ")));
    }), shown < what.hits.length);
  };
  /** Before anything is typed: what was searched lately. */
  const start = () => {
    const past = recent();
    found = undefined, active = -1;
    list.replaceChildren();
    status.replaceChildren(...past.length ? [t.past, " ", button(t.clear, () => { recent([]); start(); })] : []);
    fill(past.map(query => option({ href: "?q=" + encodeURIComponent(query), "data-query": query }, query)));
  };
  const run = async () => {
    const query = input.value.trim(), mine = ++turn, { topics } = parse(query);
    address.set(query);
    for (const chip of chips) chip.ariaPressed = topics.includes(chip.dataset.topic);
    if (!query) return start();
    const say = (text, q = query) => text.replace(/{[nq]}/, () => q);
    try {
      const answer = await find(index, input.value);
      if (mine != turn) return;
      found = answer, shown = 0, active = -1;
      await show();
      if (mine != turn) return;
      select(-1);
      status.textContent = answer.hits.length ? say(t.hits, answer.hits.length) : say(t.none);
      if (answer.missing.length) status.append(" ", say(t.missing, answer.missing.join(" ")));
    } catch {
      status.textContent = t.failed;
    }
  };
  const ask = query => {
    input.value = query;
    input.focus();
    run();
  };
  const open = () => {
    if (!page && !box.open) box.showModal();
    input.select();
    if (!input.value) ask(address.get());
  };

  input.addEventListener("input", event => {
    if (event.isComposing) return;
    clearTimeout(timer);
    // A single change is answered at once, a row of them when it ends.
    timer = event.timeStamp - typed > 150 ? (run(), 0) : setTimeout(run, 70);
    typed = event.timeStamp;
  });
  input.addEventListener("compositionend", run);
  input.addEventListener("keydown", event => {
    const { key } = event, count = list.children.length;
    // Keys of an input method, the Enter that takes a candidate among them, are not for us.
    if (event.isComposing || event.keyCode == 229) return;
    if (key == "ArrowDown" && active == count - 1 && !more.hidden) more.click();
    else if (key == "ArrowDown") select((active + 1) % count);
    else if (key == "ArrowUp") select((active < 1 ? count : active) - 1);
    // The browser would first empty the field, and close the box at the second press only.
    else if (key == "Escape" && !page) box.close();
    else if (key == "Enter") list.children[Math.max(0, active)]?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", event => {
    const link = event.target.closest("a"), now = input.value.trim();
    if (!link) return;
    if (link.dataset.query) event.preventDefault(), ask(link.dataset.query);
    else {
      recent([now, ...recent().filter(other => other != now)].slice(0, 6));
      if (!page && link.pathname == location.pathname) box.close();
    }
  });
  box.addEventListener("close", () => address.set(""));
  box.addEventListener("click", event => { if (event.target == box) box.close(); });
  if (page || address.get()) open();
  return open;
}

/** Takes over from the page's script as soon as the entry is there. */
function begin(early) {
  const page = /** @type {HTMLElement | null} */ (document.querySelector("[data-search-page]"));
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-search-open]"));
  const { dataset: data } = page ?? button ?? document.body;
  const add = (tag, attributes) => document.head.append(Object.assign(document.createElement(tag), attributes));
  let index;
  const push = ([n, brought]) => {
    if (n != "root") return index.take(n, brought);
    index = createIndex(brought, (path, onerror) => add("script", { src: data.searchRoot + path, onerror }));
    const open = mount(data, index, page);
    button?.addEventListener("click", open);
    addEventListener("keydown", event => {
      const typing = /** @type {HTMLElement} */ (event.target).closest?.("input, textarea, select, [contenteditable]");
      if (event.ctrlKey || event.metaKey ? event.key.toLowerCase() != "k" : event.key != "/" || typing || event.altKey) return;
      event.preventDefault();
      open();
    });
    if (globalThis.zhiSearchOpen) open();
  };
  globalThis.zhiSearch = { push };
  early.forEach(push);
}

if (typeof module == "object") module.exports = { tokenise, createIndex, find, read, excerpt };
else if (Array.isArray(globalThis.zhiSearch ?? [])) begin(globalThis.zhiSearch ?? []);
})();
