// The search page's script, the only one of a mirror. It loads its index as scripts, which works from a folder too, asks no
// host but the page's own, and keeps what is looked for behind the address's `#`, where no server sees it.
"use strict";
(() => {
  const pagesAtOnce = 10;
  const segmentsAtOnce = 4; // fewer where they are large
  const pagesLookedThroughAtOnce = 2000;
  const enoughLoaded = 120000; // characters of the index for one search, before the reader is asked to go on
  const longestWord = 40;
  const hashedLetters = 3;

  const form = document.getElementById("search");
  const field = form.elements.q;
  const said = document.getElementById("said");
  const list = document.getElementById("found");
  const more = document.getElementById("more");

  // Dates as the other pages write them.
  const pageLanguage = document.documentElement.lang;
  const language = pageLanguage === "en" ? "en-GB" : pageLanguage || undefined;

  // -- words, as src/render/search_terms.cpp cuts them

  const wordPart = /[\p{L}\p{N}\p{M}]/u;
  const denseScript =
    /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uA9E0-\uA9FF\uAA60-\uAA7F\uF900-\uFAFF\u{20000}-\u{3FFFF}]/u;

  function termsOf(text) {
    const folded = text.normalize("NFKD").replace(/[\p{Mn}\u0640]/gu, "").normalize("NFC").toLowerCase();
    const terms = new Set();
    let run = [];
    let dense = false;
    const end = () => {
      let word = dense ? run.slice(-1) : run.slice(0, longestWord);
      if (!dense && word.length >= 2 + hashedLetters && word[0] === "\u0627" && word[1] === "\u0644") word = word.slice(2);
      // The last character of a run is found with the pair before it.
      if (word.length !== 0 && !(dense && run.length > 1)) terms.add(word.join(""));
      run = [];
    };
    for (const c of folded) {
      const part = wordPart.test(c);
      if (!part || denseScript.test(c) !== dense) end();
      if (!part) continue;
      dense = denseScript.test(c);
      run.push(c);
      if (dense && run.length > 1) terms.add(run.slice(-2).join(""));
    }
    end();
    return [...terms];
  }

  function hashOf(term) {
    let hash = 2166136261;
    for (const c of [...term].slice(0, hashedLetters)) {
      hash = Math.imul(hash ^ c.codePointAt(0), 16777619) >>> 0;
      if (denseScript.test(c)) break;
    }
    return hash;
  }

  // -- the index

  const loads = new Map();
  let loaded = 0;
  let missing = false;

  window.dandelion_found = (name, content) => {
    const load = loads.get(name);
    if (load) load.resolve(content);
  };

  function load(name) {
    if (loads.has(name)) return loads.get(name).promise;
    const made = {};
    made.promise = new Promise(resolve => {
      made.resolve = resolve;
    });
    loads.set(name, made);
    const script = document.createElement("script");
    script.charset = "utf-8";
    script.src = "search/" + name + ".js";
    script.onerror = () => {
      loads.delete(name);
      missing = true;
      made.resolve(null);
    };
    script.onload = () => script.remove();
    document.head.append(script);
    return made.promise;
  }

  async function loadTerms(segment, word) {
    const name = segment.name + "/" + (hashOf(word) % segment.shards);
    const isNew = !loads.has(name);
    const content = (await load(name)) || {};
    if (isNew) for (const term in content) loaded += 3 * term.length + content[term].length;
    return content;
  }

  // The pages of a segment in which a word stands, or one that begins with it: number -> weight.
  function pagesWith(word, terms, segment) {
    const pages = new Map();
    const letters = [...word];
    const beginnings = letters.length >= hashedLetters || denseScript.test(letters[0]);
    for (const term in terms) {
      if (term !== word && !(beginnings && term.startsWith(word))) continue;
      const exact = term === word ? 1 : 0;
      if (terms[term] === "*") {
        for (let number = 0; number < segment.pages; ++number) if (!pages.has(number)) pages.set(number, exact);
        continue;
      }
      let number = 0;
      for (const step of terms[term].split(" ")) {
        number += parseInt(step, 36);
        const weight = exact + (step.endsWith("!") ? 4 : 0);
        if (!pages.has(number) || pages.get(number) < weight) pages.set(number, weight);
      }
    }
    return pages;
  }

  async function hitsIn(segment, words) {
    const found = await Promise.all(words.map(async word => pagesWith(word, await loadTerms(segment, word), segment)));
    found.sort((a, b) => a.size - b.size);
    const hits = [];
    for (const [number, weight] of found[0]) {
      if (!found.every(pages => pages.has(number))) continue;
      hits.push({ segment, number, weight: found.slice(1).reduce((sum, pages) => sum + pages.get(number), weight) });
    }
    return hits.sort((a, b) => b.weight - a.weight || b.number - a.number);
  }

  // -- what the reader sees

  let search = null;

  function dateElement(date) {
    const time = document.createElement("time");
    time.dateTime = date;
    const day = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" };
    time.textContent = new Date(date).toLocaleDateString(language, day);
    return time;
  }

  async function show(hit) {
    const block = hit.segment.name + "/p" + Math.floor(hit.number / hit.segment.perBlock);
    const content = (await load(block)) || [];
    const page = content[hit.number % hit.segment.perBlock];
    if (!page) return null;
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.dir = "auto";
    link.textContent = page[0];
    link.href = page[1].split("/").map(encodeURIComponent).join("/");
    item.append(link);
    if (page[2]) item.append(" ", dateElement(page[2]));
    return item;
  }

  async function goOn(current) {
    more.hidden = true;
    form.setAttribute("aria-busy", "true");
    loaded = 0;
    while (current.hits.length < pagesAtOnce && current.segments.length !== 0 && loaded < enoughLoaded) {
      const next = current.segments.splice(0, 1);
      let pages = next[0].pages;
      while (next.length < segmentsAtOnce && current.segments.length !== 0) {
        pages += current.segments[0].pages;
        if (pages > pagesLookedThroughAtOnce) break;
        next.push(current.segments.shift());
      }
      for (const hits of await Promise.all(next.map(segment => hitsIn(segment, current.words)))) current.hits.push(...hits);
      if (current !== search) return;
    }
    current.hits.sort((a, b) => b.weight - a.weight);
    const items = await Promise.all(current.hits.splice(0, pagesAtOnce).map(show));
    if (current !== search) return;
    const first = items.find(item => item);
    for (const item of items) if (item) list.append(item);
    current.shown += items.length;
    const left = current.hits.length !== 0 || current.segments.length !== 0;
    const count = (current.shown + current.hits.length).toLocaleString(language);
    said.textContent = current.shown === 0 && !left ? form.dataset.none : form.dataset.found + ": " + count + (left ? "+" : "");
    if (missing) said.textContent += " " + form.dataset.failed;
    more.hidden = !left;
    form.removeAttribute("aria-busy");
    if (current.asked && first) first.firstChild.focus();
  }

  async function begin() {
    const query = new URLSearchParams(location.hash.slice(1)).get("q") || "";
    if (field.value !== query) field.value = query;
    const words = termsOf(query);
    list.textContent = said.textContent = "";
    more.hidden = true;
    missing = false;
    search = null;
    if (words.length === 0) return;
    const current = { words, hits: [], shown: 0, segments: [] };
    search = current;
    const segments = (await load("segments")) || [];
    if (current !== search) return;
    current.segments = segments.map(([name, pages, shards, perBlock]) => ({ name, pages, shards, perBlock }));
    await goOn(current);
  }

  form.addEventListener("submit", event => {
    event.preventDefault();
    const hash = "#" + new URLSearchParams({ q: field.value });
    if (location.hash === hash) begin();
    else location.hash = hash;
  });
  more.addEventListener("click", () => {
    search.asked = true;
    goOn(search);
  });
  window.addEventListener("hashchange", begin);
  form.hidden = false;
  begin();
})();
