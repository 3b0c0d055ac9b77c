// A campaign as text: its state, its versions, and each touch with its text and its time.
import type { CampaignDetail, TouchDetail, VersionDetail } from '../db/read/campaigns.ts';
import { plain } from './table.ts';
import { describeDelay } from './touches.ts';

const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The options that write the same touches, to be copied and changed. */
function asOptions(touches: readonly TouchDetail[]): string {
  return touches
    .map(({ channel, delay_hours, template_name, template_id }) => {
      const template = template_name ?? template_id;
      return `--touch ${shellWord(plain(`${channel}:${delay_hours}h${template === null ? '' : `:${template}`}`))}`;
    })
    .join(' ');
}

function describeTouch({
  touch_number,
  channel,
  delay_hours,
  hours_after_completion,
  template_name,
}: TouchDetail): string {
  const when = `+${describeDelay(delay_hours)}`.padEnd(8);
  const after = `(${describeDelay(hours_after_completion)} after the work)`.padEnd(24);
  return `    ${touch_number}  ${channel.padEnd(5)}  ${when} ${after} ${template_name === null ? 'no text yet' : plain(template_name)}`;
}

function describeVersion({ number, state, published_at, touches }: VersionDetail): string[] {
  const published = published_at === null ? '' : `, published ${published_at.toISOString()}`;
  const none = touches.length === 0 ? ['    no touches yet'] : [];
  return [`  version ${number}, ${state}${published}`, ...none, ...touches.map(describeTouch)];
}

function describeState({ status, paused_at, pause_reason, archived_at }: CampaignDetail): string {
  if (paused_at !== null) {
    return `paused since ${paused_at.toISOString()}${pause_reason === null ? '' : `: ${pause_reason}`}`;
  }
  return archived_at === null ? status : `archived at ${archived_at.toISOString()}`;
}

export function describeCampaign(campaign: CampaignDetail): string {
  const { name, id, preset_key, service_type, description, versions } = campaign;
  const touches = versions.at(-1)?.touches ?? [];
  return [
    plain(name),
    preset_key === null ? `  id            ${id}` : `  preset        ${preset_key}`,
    `  status        ${plain(describeState(campaign))}`,
    `  service type  ${service_type ?? 'all'}`,
    ...(description === null ? [] : [`  description   ${plain(description)}`]),
    ...versions.flatMap(describeVersion),
    ...(preset_key === null && touches.length > 0 ? [`  as options    ${asOptions(touches)}`] : []),
  ].join('\n');
}
