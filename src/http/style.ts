// The one stylesheet of all pages. It stands inside each page, so that nothing is loaded and its hash is all that the policy allows.
import { createHash } from 'node:crypto';

const tokens = `
:root {
  color-scheme: light dark;
  --paper: #f6f6f2; --card: #ffffff; --ink: #1a211f; --soft: #55605c; --line: #dcdfd8; --edge: #80897f;
  --accent: #0b6450; --on-accent: #ffffff; --accent-wash: #e2f1ea;
  --good: #0b6450; --good-wash: #e2f1ea; --wait: #7a4b00; --wait-wash: #fcefd3;
  --bad: #a02020; --bad-wash: #fbe7e4; --calm: #2a4d85; --calm-wash: #e6edf8; --mute: #4d5754; --mute-wash: #ebede8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #111514; --card: #191e1c; --ink: #e8ecea; --soft: #a5afab; --line: #303836; --edge: #7c8782;
    --accent: #78d3b8; --on-accent: #06231b; --accent-wash: #17332b;
    --good: #84d8bf; --good-wash: #17332b; --wait: #f0c274; --wait-wash: #3a2c11;
    --bad: #ff9c93; --bad-wash: #43201d; --calm: #a7c5f5; --calm-wash: #1d2c45; --mute: #b8c1bd; --mute-wash: #272d2b;
  }
}`;

const text = `
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: break-word; }
h1, h2, h3 { overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; font-weight: 680; letter-spacing: -.018em; margin: 0; text-wrap: balance; }
h2 { font-size: 1.125rem; line-height: 1.3; font-weight: 650; letter-spacing: -.006em; margin: 0; }
h3 { font-size: 1rem; font-weight: 600; margin: 0; }
p { margin: 0; text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: .06em; }
a:hover { text-decoration-thickness: .12em; }
time, .figure { font-variant-numeric: tabular-nums; }
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: .5rem 0 0; padding: .75rem 1rem; background: var(--mute-wash); border: 1px solid var(--line); border-radius: .5rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
svg.icon { width: 1.125em; height: 1.125em; flex: none; vertical-align: -.2em; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.aside { max-width: 42rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 2; padding: .625rem 1rem; background: var(--card); color: var(--accent);
  border-radius: .5rem; }
.skip:focus { top: .75rem; }`;

const frame = `
.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.bar > div, .banner > div, main, .foot { max-width: 66rem; margin: 0 auto; padding-inline: clamp(1rem, 4vw, 2rem); }
.bar > div { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.5rem; padding-block: .5rem; }
.brand { display: inline-flex; align-items: center; gap: .5rem; min-height: 2.75rem; font-weight: 680; letter-spacing: -.01em;
  color: var(--ink); text-decoration: none; }
.brand svg { flex: none; width: 1.375rem; height: 1.375rem; color: var(--accent); }
.brand span { white-space: nowrap; }
.brand span + span { color: var(--soft); font-weight: 450; }
.bar nav { margin-inline-end: auto; }
.bar nav ul { display: flex; flex-wrap: wrap; gap: .25rem; }
.bar nav a { display: flex; align-items: center; min-height: 2.75rem; padding: 0 .75rem; border-radius: .5rem; color: var(--soft);
  text-decoration: none; font-weight: 550; }
.bar nav a:hover { background: var(--mute-wash); color: var(--ink); }
.bar nav a[aria-current] { color: var(--ink); box-shadow: inset 0 -3px 0 var(--accent); border-radius: .5rem .5rem 0 0; }
.out { margin-inline-start: auto; }
@media (max-width: 47.99rem) {
  .bar > div { column-gap: .5rem; padding-block: .25rem 0; }
  .brand { flex: 1; min-width: 0; }
  .brand span + span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .out.plain, .out .plain { padding-inline: .25rem; font-size: .9375rem; }
  .bar nav { order: 3; flex-basis: 100%; margin: 0 -.375rem; }
  .bar nav ul { gap: 0; }
  .bar nav a { padding: 0 .375rem; font-size: .9375rem; }
}
.banner { background: var(--wait-wash); color: var(--wait); border-bottom: 1px solid var(--line); font-size: .9375rem; }
.banner > div { padding-block: .625rem; display: flex; gap: .625rem; align-items: baseline; }
.banner svg.icon { align-self: start; margin-top: .2rem; }
main { padding-block: clamp(1.5rem, 4vw, 2.75rem) 4rem; display: grid; gap: 1.75rem; grid-template-columns: minmax(0, 1fr); }
main:focus { outline: none; }
.head { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 1rem 2rem; }
.head > div { display: grid; gap: .5rem; min-width: 0; }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .875rem; }
.back { display: inline-flex; align-items: center; gap: .375rem; min-height: 1.75rem; font-size: .9375rem; }
.foot { padding-block: 1.25rem 2.5rem; color: var(--soft); font-size: .875rem; }
.said { display: flex; gap: .75rem; padding: .875rem 1.125rem; border: 1px solid currentColor; border-radius: .625rem;
  background: var(--good-wash); color: var(--good); }
.said p { color: var(--ink); }
.said.wait { background: var(--wait-wash); color: var(--wait); }
.said svg.icon { margin-top: .2rem; }
.actions { display: flex; flex-wrap: wrap; gap: .625rem; align-items: center; }
button, .button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-height: 2.75rem; padding: .5rem 1.125rem;
  border: 1px solid var(--edge); border-radius: .5rem; background: var(--card); color: var(--ink); font: inherit; font-weight: 600;
  text-decoration: none; cursor: pointer; }
button:hover, .button:hover { border-color: var(--ink); }
.first { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.first:hover { border-color: var(--ink); }
.grave { background: var(--bad); border-color: var(--bad); color: var(--paper); }
.plain { border-color: transparent; background: none; color: var(--soft); padding-inline: .625rem; }
@media (forced-colors: active) { .bar nav a[aria-current] { text-decoration: underline; } }`;

const lists = `
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
.pad { padding: clamp(1rem, 3vw, 1.5rem); }
.stack { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
.stack.wide { gap: 1.75rem; }
.pill { display: inline-flex; align-items: center; gap: .375rem; padding: .125rem .625rem .125rem .5rem; border-radius: 1rem;
  font-size: .8125rem; line-height: 1.5; font-weight: 600; white-space: nowrap; background: var(--mute-wash); color: var(--mute); }
.pill.good { background: var(--good-wash); color: var(--good); }
.pill.wait { background: var(--wait-wash); color: var(--wait); }
.pill.bad { background: var(--bad-wash); color: var(--bad); }
.pill.calm { background: var(--calm-wash); color: var(--calm); }
.campaign { display: grid; gap: 1rem 2rem; padding: clamp(1rem, 3vw, 1.5rem); }
.campaign h2 { font-size: 1.25rem; }
.campaign h2 a { color: inherit; display: inline-block; min-height: 1.75rem; }
.campaign > header { display: grid; gap: .375rem; min-width: 0; }
.counts { display: flex; flex-wrap: wrap; gap: .75rem 1.75rem; }
.counts dt { font-size: .8125rem; color: var(--soft); }
.counts dd { font-size: 1.375rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
.counts .zero dd { color: var(--soft); font-weight: 450; }
.next { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .75rem 1.5rem; padding-top: 1rem;
  border-top: 1px solid var(--line); }
@media (min-width: 52rem) {
  .campaign { grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
  .campaign .next { grid-column: 1 / -1; }
}
.results { display: grid; gap: .75rem; padding: clamp(1rem, 3vw, 1.5rem); }
.results .wide { overflow-x: auto; }
.results table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.results th, .results td { padding: .375rem .75rem; text-align: right; white-space: nowrap; font-weight: 450; }
.results thead th { color: var(--soft); font-size: .8125rem; }
.results th:first-child { text-align: left; padding-left: 0; }
.results th:last-child, .results td:last-child { padding-right: 0; }
.results tbody tr { border-top: 1px solid var(--line); }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem; border-bottom: 1px solid var(--line); }
.tabs a { display: flex; align-items: center; gap: .5rem; min-height: 2.75rem; padding: 0 .875rem; color: var(--soft); text-decoration: none;
  font-weight: 550; border-bottom: 3px solid transparent; margin-bottom: -1px; }
.tabs a:hover { color: var(--ink); }
.tabs a[aria-current] { color: var(--ink); border-color: var(--accent); }
.rows > li { border-bottom: 1px solid var(--line); }
.rows > li:last-child { border-bottom: 0; }
.row { display: grid; grid-template-columns: minmax(0, 1fr); gap: .375rem 1.5rem; padding: .875rem clamp(1rem, 3vw, 1.5rem); }
.row h2, .row h3 { font-size: 1.0625rem; }
.row h2 a { color: inherit; display: inline-block; min-height: 1.5rem; }
.track { display: flex; flex-wrap: wrap; gap: .25rem .875rem; font-size: .875rem; color: var(--soft); }
.track li { display: inline-flex; align-items: center; gap: .3rem; white-space: nowrap; }
.track .done { color: var(--good); } .track .off { color: var(--mute); } .track .trouble { color: var(--bad); }
@media (min-width: 52rem) {
  .person { grid-template-columns: minmax(0, 1.1fr) minmax(0, 1.1fr) minmax(0, 1.3fr); align-items: center; }
  .mail { grid-template-columns: minmax(0, 13rem) minmax(0, 1fr) auto; align-items: baseline; }
}
.mail h2 { font-weight: 600; }
.mail > * { min-width: 0; overflow-wrap: anywhere; }
.mail .preview { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; color: var(--soft); font-size: .8125rem; }
.legend li { display: inline-flex; gap: .35rem; align-items: center; }
.empty { display: grid; gap: .75rem; justify-items: start; padding: clamp(1.25rem, 4vw, 2.25rem); }`;

const timeline = `
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .375rem 1.25rem; }
.facts dt { color: var(--soft); }
.facts dd { min-width: 0; overflow-wrap: anywhere; }
dd > a { display: inline-block; min-height: 1.5rem; }
.two { display: grid; gap: 1.75rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 58rem) { .two { grid-template-columns: minmax(0, 1fr) 19rem; } }
.way > li { position: relative; display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: 0 .875rem; padding-bottom: 1.5rem; }
.way > li::before { content: ""; position: absolute; left: calc(1rem - 1px); top: 2rem; bottom: 0; border-left: 2px solid var(--line); }
.way > li:last-child { padding-bottom: .25rem; }
.way > li:last-child::before { content: none; }
.way.ahead > li::before { border-left-style: dashed; border-color: var(--edge); }
.dot { width: 2rem; height: 2rem; border-radius: 50%; display: grid; place-items: center; font-size: .9375rem; background: var(--mute-wash);
  color: var(--mute); }
.dot.good { background: var(--good); color: var(--card); }
.dot.wait { background: var(--wait-wash); color: var(--wait); box-shadow: inset 0 0 0 2px currentColor; }
.dot.bad { background: var(--bad); color: var(--card); }
.ahead .dot { background: none; box-shadow: inset 0 0 0 2px var(--edge); color: var(--soft); }
.ahead .dot.wait { background: var(--wait-wash); color: var(--wait); box-shadow: inset 0 0 0 2px currentColor; }
.what { display: grid; gap: .125rem; padding-top: .2rem; min-width: 0; }
.what time { color: var(--soft); font-size: .9375rem; }
.what .why { max-width: 34rem; }
.what a { justify-self: start; display: inline-flex; align-items: center; min-height: 1.75rem; font-size: .9375rem; }
.ahead .what h3 { font-weight: 500; }
@media (min-width: 40rem) {
  .way > li { grid-template-columns: 13.75rem 2rem minmax(0, 1fr); }
  .way > li::before { left: calc(13.75rem + .875rem + 1rem - 1px); }
  .way .dot { grid-column: 2; grid-row: 1; }
  .way .what { display: contents; }
  .way .what > time { grid-column: 1; grid-row: 1; text-align: right; padding-top: .25rem; }
  .way .what > div { grid-column: 3; grid-row: 1; padding-top: .2rem; display: grid; gap: .125rem; }
}`;

const messages = `
.letter { overflow: hidden; }
.letter .facts { padding: clamp(1rem, 3vw, 1.5rem); border-bottom: 1px solid var(--line); }
.letter iframe { display: block; width: 100%; height: min(30rem, 70vh); border: 0; background: #ffffff; color-scheme: light; }
.phone { max-width: 24rem; padding: 1.5rem 1.25rem; display: grid; gap: .5rem; }
.bubble { justify-self: start; max-width: 100%; padding: .75rem 1rem; border-radius: 1.125rem 1.125rem 1.125rem .25rem; background: var(--calm-wash);
  color: var(--ink); white-space: pre-wrap; overflow-wrap: anywhere; }
.words { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
summary { cursor: pointer; min-height: 2.75rem; display: flex; align-items: center; gap: .5rem; font-weight: 600; }
summary::before { content: "+"; display: inline-grid; place-items: center; width: 1.25rem; color: var(--accent); font-size: 1.25rem; line-height: 1; }
details[open] > summary::before { content: "−"; }`;

const forms = `
form.sheet { display: grid; gap: 1.5rem; max-width: 38rem; }
.field { display: grid; gap: .375rem; align-content: start; }
.field > label, legend { font-weight: 600; padding: 0; }
.hint { color: var(--soft); font-size: .9375rem; }
.field > label.hint { font-weight: 500; }
input:not([type=checkbox], [type=radio]), select { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--edge);
  border-radius: .5rem; background: var(--card); color: var(--ink); font: inherit; }
input[type=checkbox], input[type=radio] { width: 1.5rem; height: 1.5rem; margin: 0; flex: none; accent-color: var(--accent); }
input[aria-invalid=true] { border: 2px solid var(--bad); }
.wrong { color: var(--bad); display: flex; gap: .5rem; font-weight: 550; }
.wrong svg.icon { margin-top: .25rem; }
fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 0; min-width: 0; }
.choice { display: flex; gap: .75rem; align-items: start; padding: .5rem 0; min-height: 2.75rem; }
legend { margin-bottom: .25rem; }
fieldset .field { margin-inline-start: 2.125rem; }
.choice label { padding-top: .05rem; }
.pair { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 40rem) { .pair { grid-template-columns: 1fr 1fr; } }
.alert { border: 1px solid var(--bad); background: var(--bad-wash); border-radius: .625rem; padding: .875rem 1.125rem; display: grid; gap: .375rem; }
.alert li + li { margin-top: .375rem; }
.alert a { color: var(--bad); display: inline-block; min-height: 1.5rem; }
.steps { counter-reset: step; display: grid; gap: 1.5rem; }
.steps > li { counter-increment: step; display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: 0 1rem; }
.steps > li::before { content: counter(step); width: 2rem; height: 2rem; border-radius: 50%; display: grid; place-items: center; font-weight: 650;
  background: var(--accent-wash); color: var(--accent); }
.steps > li > div { padding-top: .2rem; min-width: 0; }
.offer { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: center; justify-content: space-between; background: var(--accent-wash);
  border: 1px solid var(--accent); border-radius: .75rem; padding: clamp(1rem, 3vw, 1.5rem); }
.offer > div { display: grid; gap: .25rem; max-width: 36rem; }
progress { width: 100%; height: .625rem; accent-color: var(--accent); }
@media (prefers-reduced-motion: no-preference) { a, button, .button { transition: border-color .12s, background-color .12s, color .12s; } }`;

/** The text between `<style>` and `</style>`. */
export const style = [tokens, text, frame, lists, timeline, messages, forms].join('\n');

/** What the Content-Security-Policy allows as style. */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;
