// Search on a static host, in the index that SearchIndexBuilder writes (see there for the format).
//
// The page has a form with <input id="q"> and <div id="search-results">, which carries
//   data-index      address of the index, "/search/en/index.json" or its folder; results are relative to the site's root, two folders up
//   data-lang       language of the messages
//   data-count-one, data-count-other, … (by plural category), data-none, data-error, data-loading: the messages.
//                   {n} stands for the number of results, {query} for what was searched.
{
  // Scripts without spaces between words, or with particles at their ends: Thai, Lao, Burmese, Khmer, kana, Han, Hangul.
  const dense = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u9fff\\uac00-\\ufaff\\u{20000}-\\u{3ffff}";
  const isDense = term => RegExp(`^[${dense}]`, "u").test(term);
  const runs = RegExp(`[${dense}]+|[^ ${dense}]+`, "gu");
  const letters = { æ: "ae", œ: "oe", ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i", ς: "σ", ى: "ي", ی: "ي", ة: "ه", ک: "ك", ٱ: "ا" };

  // Puts й, Hangul syllables and voiced kana together: they stay distinct when accents go.
  const compose = text => text.replace(/.[\u0306\u1161-\u11c2\u3099\u309a]+/gsu, parts => parts.normalize("NFC"));

  // One character as the index spells it: small, without accents and vowel signs; a space for all that is no letter or digit.
  // SearchFolding.swift has the same rules.
  const fold = character => {
    if (/[٠-٩۰-۹]/.test(character)) return "" + (character.charCodeAt() & 15);
    if (/[！-～]/.test(character)) character = character.normalize("NFKC");
    character = character.toLowerCase();
    if (/[À-\u06ffḀ-\u1fff]/.test(character) && character != "й") character = character.normalize("NFD");
    character = character.replace(/(?=[\0-\u07ff\u2000-\u20ff\u3099\u309a\ufe00-\ufeff])[\p{M}\p{Cf}ـ]/gu, "");
    return letters[character] || character.replace(/[^\p{L}\p{M}\p{N}]/gu, " ");
  };

  // Terms of a text in their order: words, cut to 32 characters, and pairs of characters where there are no words.
  const terms = text => [...Array.from(compose(text), fold).join("").matchAll(runs)].flatMap(([run]) => {
    const characters = [...run];
    if (!isDense(run)) return characters.slice(0, 32).join("");
    return characters[1] ? characters.slice(1).map((next, i) => characters[i] + next) : run;
  });

  // Whether a word of the index starts as the searched one. A single letter would start too many, so it is a word of its own.
  const isPrefix = term => term[1] || isDense(term);
  const begins = (word, term) => word == term || isPrefix(term) && word.startsWith(term);

  // A composed text cut into pieces that match and pieces that do not: the latter come first, then they alternate.
  const pieces = (text, wanted) => {
    const characters = [...text], spelled = characters.map(fold), marked = [], result = [""];
    const origin = spelled.flatMap((spelling, i) => spelling.split("").map(() => i));
    for (const { 0: run, index } of spelled.join("").matchAll(runs)) {
      for (let i = isDense(run) ? run.length : 1; i--;) {
        for (const term of wanted) {
          if (begins(run.slice(i), term)) marked.push(...origin.slice(index + i, index + i + term.length));
        }
      }
    }
    characters.forEach((character, i) => {
      // An accent of its own stays with its letter.
      if (spelled[i] && marked.includes(i) == result.length % 2) result.push("");
      result[result.length - 1] += character;
    });
    return result;
  };

  // Calls use(document, weight) for each entry of a posting list. SearchPostings.swift writes them.
  const read = (postings, use) => {
    let id = -1, number = 0;
    for (let i = 0; i < postings.length; i++) {
      const code = postings.charCodeAt(i), digit = code - 35 - (code > 92);
      if (digit > 63) number = number * 27 + digit - 64;
      else {
        number = number * 64 + digit;
        id += (number >> 3) + 1;
        use(id, (1 << (number >> 1 & 3)) + (number & 1));
        number = 0;
      }
    }
  };

  // The documents that have every term of the query, the best first. load(name) gives a file of the index.
  const find = async (query, load) => {
    const wanted = [...new Set(terms(query))].slice(0, 12), index = await load("index");
    const part = either => typeof either == "string" ? load(either) : either;
    const lists = await Promise.all(wanted.map(async term => {
      const scores = new Map(), end = isPrefix(term) ? term + "\uffff" : term;
      const shards = index.shards.filter((_, i) => index.starts[i] <= end && !(index.starts[i + 1] <= term));
      for (const shard of await Promise.all(shards.map(part))) {
        for (const word in shard) {
          if (begins(word, term)) {
            read(shard[word], (id, weight) => scores.set(id, Math.max(scores.get(id) || 0, word == term ? weight * 2 : weight)));
          }
        }
      }
      return scores;
    }));
    // A rare word counts for more. Documents are numbered from the oldest on: of equal ones the newer comes first.
    const ranked = [...lists[0].keys()].filter(id => lists.every(scores => scores.has(id)))
      .map(id => [lists.reduce((sum, scores) => sum + scores.get(id) * Math.log(1 + index.count / scores.size), 0), id])
      .sort((a, b) => b[0] - a[0] || b[1] - a[1]);
    const documents = (from, to) => Promise.all(ranked.slice(from, to).map(async ([, id]) =>
      (await part(index.chunks[Math.floor(id / index.perChunk)]))[id % index.perChunk]));
    return { wanted, count: ranked.length, documents };
  };

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const start = (container, input) => {
    const message = name => container.getAttribute("data-" + name) || "";
    const language = message("lang"), folder = new URL(message("index"), location), status = element("output", { className: "search-status" });
    let files = {}, query, turn = 0, timer;
    container.before(status);

    // Gives a file of the index, loaded once. A page opened by double-click must not fetch: its files are scripts that call marqueeSearch.
    const load = name => files[name] = files[name] || (location.protocol != "file:"
      ? fetch(new URL(name + ".json", folder)).then(response => response.json())
      : new Promise((resolve, onerror) => {
        load[name] = resolve;
        document.head.append(element("script", { src: new URL(name + ".js", folder), onerror }));
      }));
    window.marqueeSearch = (name, value) => load[name](value);

    const say = (text, count = 0) => {
      status.textContent = text.replace("{n}", count.toLocaleString(language)).replace("{query}", () => query);
    };

    const highlighted = (text, wanted) => pieces(compose(text), wanted).map((piece, i) => i % 2 ? element("mark", {}, piece) : piece);

    const item = ([url, title, description, ...meta], wanted) => element("li", { className: "search-result" },
      element("a", { href: new URL("../.." + url, folder) }, ...highlighted(title, wanted)),
      element("p", { className: "search-meta" }, meta.filter(text => text).join(" · ")),
      element("p", {}, ...highlighted(description, wanted)));

    // Adds 20 results, and the following ones when the reader reaches the last of these.
    const extend = async (list, found) => {
      const shown = list.children.length;
      list.append(...(await found.documents(shown, shown + 20)).map(document => item(document, found.wanted)));
      if (list.children.length < found.count) {
        new IntersectionObserver(([last], observer) => {
          if (!last.isIntersecting) return;
          observer.disconnect();
          extend(list, found);
        }).observe(list.lastChild);
      }
    };

    const show = async mine => {
      const found = await find(query, load), { count } = found, list = element("ol", { className: "search-list" });
      await extend(list, found);
      if (mine != turn) return;
      container.replaceChildren(...count ? [list] : []);
      say(message(count ? "count-" + new Intl.PluralRules(language).select(count) : "none") || message("count-other"), count);
    };

    const run = async () => {
      query = input.value.trim().slice(0, 200);
      const mine = ++turn;
      history.replaceState(null, "", "?" + new URLSearchParams(query && { q: query }));
      say("");
      if (!terms(query)[0]) return container.replaceChildren();
      say(message("loading"));
      // A new release may have replaced the files that the index names: then it is read again, once.
      await show(mine).catch(() => {
        files = {};
        return show(mine);
      }).catch(() => mine == turn && say(message("error")));
    };

    input.onfocus = () => load("index").catch(() => {});
    input.oninput = () => {
      clearTimeout(timer);
      timer = setTimeout(run, 150);
    };
    input.form.onsubmit = event => {
      event.preventDefault();
      run();
    };
    input.value = new URLSearchParams(location.search).get("q") || input.value;
    if (input.value) run();
  };

  if (typeof module == "object") module.exports = { compose, find, fold, pieces, read, terms };
  else start(document.getElementById("search-results"), document.getElementById("q"));
}
