// What became of a campaign's messages in the last weeks: one row per touch, and only the columns in which there is something.
import { html } from 'hono/html';
import { lately } from '../../engine/home.ts';
import type { Html } from '../page.ts';
import type { TouchResults } from './port.ts';
import { channelWords } from './words.ts';

type Measure = Exclude<keyof TouchResults, 'number' | 'channel'>;

const columns: readonly (readonly [Measure, string])[] = [
  ['sent', 'Sent'],
  ['delivered', 'Delivered'],
  ['opened', 'Opened'],
  ['clicked', 'Clicked'],
  ['bounced', 'Bounced'],
  ['complained', 'Complained'],
  ['failed', 'Failed'],
  ['skipped', 'Skipped'],
];

function cell(value: number): Html {
  return html`<td${value === 0 ? html` class="soft"` : ''}>${value.toLocaleString('en-US')}</td>`;
}

export function resultsTable(results: readonly TouchResults[]): Html | '' {
  if (results.length === 0) return '';
  const shown = columns.filter(([measure]) => measure === 'sent' || results.some((row) => row[measure] !== 0));
  const rows = results.map(
    (row) =>
      html`<tr><th scope="row">${row.number}. ${channelWords[row.channel]}</th>${shown.map(([measure]) => cell(row[measure]))}</tr>`,
  );
  return html`<div class="card results"><h2 id="results">Last ${lately} days</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="results"><table><thead><tr><th scope="col">Message</th>${shown.map(
    ([, words]) => html`<th scope="col">${words}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div></div>`;
}
