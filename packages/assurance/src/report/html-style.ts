/** The style of the page: paper and ink in both schemes, colour for verdicts alone, and a form for print. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fbfbf9; --card: #ffffff; --ink: #1d2126; --soft: #5b636e; --line: #dfe1e4; --tint: #f1f2f3;
  --good: #18703c; --good-tint: #e4f3e9; --bad: #b3261e; --bad-tint: #fbe9e7;
  --open: #8a5a00; --open-tint: #fdf1d8; --kept: #4a5a86; --kept-tint: #e8ecf7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1b1f23; --ink: #e4e6e9; --soft: #9aa3ad; --line: #31373e; --tint: #22272c;
    --good: #6bcf93; --good-tint: #16301f; --bad: #ff8b80; --bad-tint: #3b1a18;
    --open: #f0bd5b; --open-tint: #362a10; --kept: #a9b9ec; --kept-tint: #1f2740;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: break-word;
  font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.015em; text-wrap: balance; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3.25rem 0 .75rem; letter-spacing: -.01em; }
h3 { font-size: 1rem; margin: 0; }
h4 { font-size: .875rem; margin: 1.25rem 0 .4rem; color: var(--soft); font-weight: 600; }
p { margin: .4rem 0; max-width: 70ch; }
a { color: inherit; text-underline-offset: .15em; }
code, .mono { font: .86em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.lead { color: var(--soft); margin: 0; }
.banner { margin: 1.75rem 0 1rem; padding: 1.1rem 1.25rem; border-radius: .6rem; border: 1px solid; }
.banner p { margin: 0; }
.banner .say { font-size: 1.15rem; font-weight: 650; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); } .kept { color: var(--kept); }
.banner.good { background: var(--good-tint); } .banner.bad { background: var(--bad-tint); } .banner.open { background: var(--open-tint); }
.banner .soft { color: var(--ink); opacity: .85; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .6rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.figures li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem; }
.figures b { display: block; font-size: 1.6rem; line-height: 1.15; font-variant-numeric: tabular-nums; font-weight: 650; }
.figures span { color: var(--soft); font-size: .85rem; }
.figures .none b { color: var(--soft); font-weight: 500; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.5rem; margin: 1rem 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin: .75rem 0; padding: 1rem 1.15rem; }
.finding { border-left: .3rem solid; }
.finding.bad { border-left-color: var(--bad); } .finding.open { border-left-color: var(--open); } .finding.kept { border-left-color: var(--kept); }
.finding > * { color: var(--ink); }
.finding h3 { display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: baseline; }
.finding p { margin: .5rem 0 0; overflow-wrap: anywhere; }
.finding .fix { padding-left: 1.1rem; text-indent: -1.1rem; }
.finding .soft { color: var(--soft); font-size: .9rem; }
.tag { font-size: .75rem; font-weight: 650; border-radius: 1rem; padding: .1rem .6rem; white-space: nowrap; }
.tag.good { background: var(--good-tint); color: var(--good); } .tag.bad { background: var(--bad-tint); color: var(--bad); }
.tag.none { background: var(--tint); color: var(--soft); }
.tag.open { background: var(--open-tint); color: var(--open); } .tag.kept { background: var(--kept-tint); color: var(--kept); }
.theme > header { display: flex; flex-wrap: wrap; gap: .3rem .75rem; align-items: baseline; justify-content: space-between; }
.theme > header h3 { font-size: 1.05rem; }
details { border-top: 1px solid var(--line); margin-top: .75rem; padding-top: .55rem; }
summary { cursor: pointer; color: var(--soft); font-size: .92rem; }
summary:hover { color: var(--ink); }
summary:focus-visible, .wide:focus-visible, a:focus-visible { outline: 2px solid var(--kept); outline-offset: 3px; border-radius: .2rem; }
ul.rules { list-style: none; margin: .6rem 0 0; padding: 0; }
ul.rules li { padding: .45rem 0 .45rem 1.5rem; position: relative; }
ul.rules li + li { border-top: 1px solid var(--line); }
ul.rules li::before { content: attr(data-sign); position: absolute; left: 0; font-weight: 700; }
ul.rules li.good::before { color: var(--good); } ul.rules li.bad::before { color: var(--bad); }
ul.rules li.open::before { color: var(--open); } ul.rules li.kept::before { color: var(--kept); }
ul.rules li.none::before { color: var(--soft); }
ul.rules li { color: var(--ink); }
ul.rules li > span:not(.tag) { display: block; }
ul.rules details { border: 0; margin: 0; padding: 0; }
ul.rules .soft { display: block; font-size: .9rem; }
ul.plain { margin: .4rem 0; padding-left: 1.1rem; } ul.plain li { margin: .3rem 0; }
.wide { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; font-size: .88rem; min-width: 100%; }
caption { text-align: left; color: var(--soft); font-weight: 600; font-size: .875rem; padding: .9rem 0 .4rem; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.files code { white-space: nowrap; overflow-wrap: normal; }
.matrix td { min-width: 5rem; max-width: 22rem; }
.matrix th:first-child { position: sticky; left: 0; background: var(--card); min-width: 8.5rem; max-width: 16rem; }
.legend { font-size: .85rem; color: var(--soft); margin: .2rem 0 0; }
.legend b { color: var(--ink); font-weight: 600; }
.pairs { display: grid; gap: .8rem; margin: .5rem 0 0; }
.pairs p { margin: 0; }
svg.bars { width: 100%; max-width: 36rem; height: auto; display: block; }
svg.bars text { fill: var(--ink); font: 13px ui-sans-serif, system-ui, sans-serif; }
svg.bars .track { fill: var(--tint); } svg.bars .bar { fill: var(--kept); }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
@media (max-width: 34rem) {
  main { padding: 1.75rem 1rem 3rem; }
  h1 { font-size: 1.55rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: .6rem; }
  .figures { grid-template-columns: repeat(2, 1fr); }
  .card { padding: .85rem .9rem; }
}
@media print {
  :root {
    --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --tint: #eee;
    --good: #0d5a2c; --good-tint: #fff; --bad: #9c1a13; --bad-tint: #fff; --open: #6d4700; --open-tint: #fff; --kept: #33436f; --kept-tint: #fff;
  }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  .finding, ul.rules li, tr { break-inside: avoid; }
  .wide { overflow: visible; }
  thead th { white-space: normal; }
  .matrix th:first-child { position: static; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  summary { list-style: none; }
}
`;
