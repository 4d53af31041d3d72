// Run by `node --test Tests/JavaScript/`. The terms are those that Tests/SiteBuilderTests/SearchTests.swift expects of the Swift side;
// the indexes are what it wrote for Tests/SiteBuilderTests/Fixtures/search_pages.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import vm from "node:vm";

const file = path => readFileSync(new URL("../../" + path, import.meta.url), "utf8");
const fixture = name => JSON.parse(file("Tests/SiteBuilderTests/Fixtures/" + name));

const source = file("Templates/site/search.js");
const exported = {};
vm.runInThisContext(`(module => {${source}\n})`)(exported);
const { compose, find, pieces, read, terms } = exported.exports;

test("text becomes the terms that the index holds", async t => {
  const vectors = fixture("search_vectors.json");
  assert.ok(vectors.length >= 80);
  for (const { group, text, terms: expected } of vectors) {
    await t.test(`${group}: ${text.slice(0, 60)}`, () => assert.deepEqual(terms(text), expected));
  }
});

// Titles of what is found, and the names of the files that it took.
const search = async (size, query) => {
  const files = fixture(`search_index_${size}.json`), loaded = new Set();
  const found = await find(query, async name => {
    loaded.add(name);
    return JSON.parse(files[name + ".json"]);
  });
  const documents = await found.documents(0, 20);
  assert.equal(documents.length, found.count);
  return { urls: documents.map(([url]) => url), loaded: [...loaded], files: Object.keys(files) };
};

for (const size of ["small", "large"]) {
  const cases = [
    ["a title weighs more than topics and these more than text, a rare word more than none", "carnival",
      ["/events/harvest-carnival/", "/news/2026/carnival-thanks/", "/about/"]],
    ["the beginning of a word is enough", "carn", ["/events/harvest-carnival/", "/news/2026/carnival-thanks/", "/about/"]],
    ["every word must be there", "carnival volunteers games", ["/news/2026/carnival-thanks/", "/events/harvest-carnival/"]],
    ["a word that is nowhere leaves nothing", "carnival unicorn", []],
    ["of equal pages the newer comes first", "reading night", ["/news/2026/reading-night/", "/news/2025/reading-night/"]],
    ["accents and case of the query do not matter", "REUNION Ninos", ["/es/events/reunion/"]],
    ["accents in parts are accents", "reunio\u0301n", ["/es/events/reunion/"]],
    ["œ is oe", "soeur", ["/fr/fete/"]],
    ["Vietnamese without marks", "hop phu huynh", ["/vi/hop/"]],
    ["Chinese without spaces", "学校新闻", ["/zh-Hans/yishu/"]],
    ["one Chinese character at the end of a run", "书", ["/zh-Hans/yishu/"]],
    ["Korean without its particle", "책", ["/ko/moim/"]],
    ["Korean in the middle of a word", "부모", ["/ko/moim/"]],
    ["ё is е", "еще ребенок", ["/ru/sobranie/"]],
    ["й is not и", "мои", []],
    ["Arabic with other alefs, endings and digits", "اولياء المدرسه 22", ["/ar/ijtima/"]],
    ["names that objects inherit are words like others", "constructor", ["/tricky/"]],
    ["__proto__ too", "__proto__ hasownproperty", ["/tricky/"]],
    ["a number is found by its beginning", "202", ["/tricky/"]],
    ["a single letter is a word of its own", "c", []],
  ];
  for (const [name, query, expected] of cases) {
    test(`${name} (${size} index)`, async () => assert.deepEqual((await search(size, query)).urls, expected));
  }
}

test("a large index loads only the parts that a query needs", async () => {
  const { loaded, files } = await search("large", "soeur");
  assert.ok(files.length > 15, `${files.length}`);
  assert.equal(loaded.length, 3);
});

test("a posting list is read as SearchPostings writes it", () => {
  const entries = [];
  read("be#", (id, weight) => entries.push([id, weight]));
  assert.deepEqual(entries, [[7, 8], [16, 1]]);
});

test("what was found is marked, character by character of the text as it stands", () => {
  const marked = (text, query) => pieces(compose(text), terms(query)).map((piece, i) => i % 2 ? `[${piece}]` : piece).join("");
  assert.equal(marked("Harvest Carnival", "carn"), "Harvest [Carn]ival");
  assert.equal(marked("Carnival of carnivals, incarnate", "carnival"), "[Carnival] of [carnival]s, incarnate");
  assert.equal(marked("Reunión général, cœur", "reunion coeur"), "[Reunión] général, [cœur]");
  assert.equal(marked("nin\u0303os", "ninos"), "[nin\u0303os]");
  assert.equal(marked("初等学校新闻", "学校"), "初等[学校]新闻");
  assert.equal(marked("学校新闻", "学校新闻"), "[学校新闻]");
  assert.equal(marked("a cat", "a"), "[a] cat");
  assert.equal(marked("🎃 fun 🎃", "fun"), "🎃 [fun] 🎃");
  assert.equal(marked("", "fun"), "");
  assert.equal(marked("<b>bold</b>", "bold"), "<b>[bold]</b>");
});

test("the script builds no HTML from text and evaluates none", () => {
  assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b/);
});

test("the script is small", () => {
  const bare = source.split("\n").map(line => line.trim()).filter(line => line && !line.startsWith("//")).join("\n");
  assert.ok(gzipSync(bare, { level: 9 }).length <= 2_850, `${gzipSync(bare, { level: 9 }).length} bytes`);
});
