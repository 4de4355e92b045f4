/* How the search puts pages in order: how many of the words stand in a page's title and headings,
   then what kind of page it is. Guides come before the reference, the changelog comes last. */
const OF_FOLDER = [
  [/^howto\//, 4], [/^(start|shell|python|fitting|scales|contact|faq|limits|validation|cite)$/, 4],
  [/^(model|glossary)$/, 2], [/^index$/, -3], [/^gallery\//, 0], [/^theory\//, 1],
  [/^reference\/(materials|cells|published)\//, -3], [/^reference\//, -1],
  [/^(contributing|architecture|speed)$/, -4], [/^changelog$/, -30],
];
const stems = (words) => {
  const stemmer = new Stemmer();
  const idle = new Set(stopwords);
  return words.toLowerCase().split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word && !idle.has(word)).map((word) => stemmer.stemWord(word));
};
var Scorer = {
  score: ([page, title, anchor, descr, score, file, kind]) => {
    const asked = stems(new URLSearchParams(location.search).get("q") ?? "");
    const number = Search._index.docnames.indexOf(page);
    const inHeadings = asked.filter((word) =>
      [].concat(Search._index.titleterms[word] ?? []).includes(number)).length;
    const ownTitle = stems(Search._index.titles[number] ?? "");
    const inTitle = asked.filter((word) => ownTitle.includes(word)).length;
    const folder = OF_FOLDER.find(([names]) => names.test(page))?.[1] ?? 0;
    return Math.min(score, 6) / 2 + (6 * inHeadings + 8 * inTitle) / (asked.length || 1)
      + folder - (kind === "object" ? 12 : 0);
  },
  objNameMatch: 11, objPartialMatch: 6, objPrio: {0: 15, 1: 5, 2: -5}, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
