/*
 * Search in the browser: reads the index that `src/search.rs` wrote, shows what it finds.
 * A classic script without dependencies, which works from file:// and under
 * `Content-Security-Policy: default-src 'self'`.
 *
 * The page carries one button, and nothing is loaded before the reader touches it:
 *
 *   <button type="button" data-search-open
 *           data-search-root="../search/"             where the index is, from this page
 *           data-search-entry="root.0123456789.js"    its entry: `Files::entry`
 *           data-search-site="../"                    the site's root, from this page
 *           data-search-style="../static/search.css"
 *           data-search-labels='{"open": "搜索", …}'>  words that differ from the built-in
 *                                                     ones, which follow <html lang>
 *
 * On the first focus or press of the button, on `/`, Ctrl-K or ⌘K, `site.js` appends two
 * scripts at once, the entry and this file, in any order, so that both come in one round
 * trip, and sets `self.zhiSearchOpen = true` if the box is to open by itself:
 *
 *   function loadSearch(open) {
 *     if (open) self.zhiSearchOpen = true;
 *     if (loaded) return;
 *     loaded = true;
 *     for (const src of [button.dataset.searchRoot + button.dataset.searchEntry, "…/search.js"])
 *       document.head.append(Object.assign(document.createElement("script"), { src }));
 *   }
 *
 * From then on this file listens to the button and the keys itself. On a page of its own
 * (`search.html`) the same attributes stand on the main element, scripts are appended at
 * once, and the box is mounted into it instead of a dialog:
 *
 *   <main data-search-page data-search-root="search/" …>
 *     <noscript><p>搜索需要 JavaScript。也可以从<a href="tags.html">标签</a>开始找。</p></noscript>
 *   </main>
 */
