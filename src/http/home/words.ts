// Plain words for every code that the pages show: the one table. A code that is not here is shown with spaces instead of _.
import type { Channel, EnrollmentStatus, TouchStatus } from '../../generated/rows.ts';
import type { Icon } from '../icons.ts';
import type { CampaignSummary } from './port.ts';

export type Tone = 'good' | 'wait' | 'bad' | 'calm' | 'mute';

/** A state as people see it: words, a sign and a tone, so that colour is never all there is. */
export interface Sign {
  words: string;
  icon: Icon;
  tone: Tone;
}

export const campaignSigns: Readonly<Record<CampaignSummary['status'], Sign>> = {
  draft: { words: 'Draft', icon: 'ring', tone: 'mute' },
  active: { words: 'Live', icon: 'check', tone: 'good' },
  paused: { words: 'Paused', icon: 'pause', tone: 'wait' },
  archived: { words: 'Archived', icon: 'skip', tone: 'mute' },
};

export const enrollmentSigns: Readonly<Record<EnrollmentStatus, Sign>> = {
  active: { words: 'Active', icon: 'ring', tone: 'calm' },
  completed: { words: 'Completed', icon: 'check', tone: 'good' },
  stopped: { words: 'Stopped', icon: 'stop', tone: 'mute' },
};

export const touchSigns: Readonly<Record<TouchStatus, Sign>> = {
  pending: { words: 'planned', icon: 'ring', tone: 'calm' },
  sending: { words: 'on its way', icon: 'plane', tone: 'calm' },
  unknown: { words: 'unclear', icon: 'question', tone: 'bad' },
  held: { words: 'held', icon: 'hand', tone: 'bad' },
  sent: { words: 'sent', icon: 'check', tone: 'good' },
  presumed_sent: { words: 'counted as sent', icon: 'check', tone: 'good' },
  failed: { words: 'failed', icon: 'cross', tone: 'bad' },
  skipped: { words: 'skipped', icon: 'skip', tone: 'mute' },
  cancelled: { words: 'not sent', icon: 'skip', tone: 'mute' },
};

export const channelWords: Readonly<Record<Channel, string>> = { email: 'Email', sms: 'SMS' };

export const serviceWords: Readonly<Record<string, string>> = {
  hvac: 'Heating and cooling',
  plumbing: 'Plumbing',
  electrical: 'Electrical',
  cleaning: 'Cleaning',
  roofing: 'Roofing',
  painting: 'Painting',
  handyman: 'Handyman',
  other: 'Other work',
};

const sent = { email: 'emailed', sms: 'texted' } as const;

// {sent} is "emailed" or "texted", {channel} "email" or "SMS".
const reasons: Readonly<Record<string, string>> = {
  // Why something waits.
  quiet_hours: 'nobody is {sent} outside your sending hours, by the clock where they live',
  min_gap: 'the last message is too fresh, and two never follow each other closely',
  minimum_gap: 'the last message is too fresh, and two never follow each other closely',
  frequency_cap: 'they already got as many messages as one person may get in a day',
  rate: 'your sender takes only so many messages at a time',
  sender: 'the account that sends your {channel} is paused',
  account_paused: 'the account that sends your {channel} is paused',
  enrollment: 'an earlier message is not settled yet',
  retry: 'the first try did not go through; it is tried again',
  rate_limited: 'the provider asked for a break',
  account_error: 'the provider refused the account, not the message',
  campaign_paused: 'the campaign is paused',
  business_suspended: 'the business is suspended',
  missing_setting:
    'a setting is missing, such as the postal address that every email needs (touchline doctor names it)',
  unknown: 'it is not clear whether the message before it arrived',
  held: 'a message whose fate is unclear waits for you to decide',
  resumed: 'the campaign was paused for a while, so everything moved by as much',
  late_start: 'the job was entered late, so everything moved by as much',
  // Why a touch was left out.
  too_late: 'it would have come too late to make sense',
  no_email: 'there is no email address',
  no_phone: 'there is no phone number',
  no_consent: 'they never agreed to get text messages',
  opted_out: 'they asked for no more {channel} messages',
  suppressed: 'messages to this address are blocked',
  no_open_window: 'your sending hours leave no time for it',
  customer_archived: 'the customer is archived',
  held_by_operator: 'somebody decided not to send it',
  skipped_by_operator: 'somebody decided not to send it',
  // Why a touch failed.
  rejected: 'the provider refused it',
  attempts_exhausted: 'it was tried as often as is sensible',
  template_error: 'its text could not be filled in',
  // Why the whole thing ended.
  review_clicked: 'they followed the review link',
  feedback_submitted: 'they gave feedback',
  opted_out_sms: 'they asked for no more text messages',
  opted_out_email: 'they asked for no more emails',
  owner_stopped: 'somebody of your business stopped it',
  campaign_deleted: 'the campaign was archived',
  repeat_job: 'a newer job took its place',
  replied: 'they answered',
  booked_again: 'they booked again',
  bounced: 'the address does not exist',
  complained: 'they marked a message as spam',
  customer_erased: 'their data was erased on request',
  // Why a completed job was not followed up.
  already_active: 'they are already being written to',
  campaign_not_live: 'its campaign is not live',
  enrolled_recently: 'they were written to not long ago',
  job_not_completed: 'the job is not completed',
  no_campaign: 'no live campaign answers to this kind of work',
  no_reachable_channel: 'none of its messages can reach them: address or consent is missing',
  none_chosen: 'no campaign was chosen',
  reviewed_recently: 'they left a review not long ago',
  too_old: 'the job is too long ago',
};

/** Part of a sentence, without a full stop. */
export function reasonWords(code: string, channel: Channel | null = null): string {
  const words = reasons[code] ?? code.replaceAll('_', ' ');
  const [verb, noun] =
    channel === null ? ['written to', 'message'] : [sent[channel], channel === 'sms' ? 'SMS' : 'email'];
  return words.replaceAll('{sent}', verb).replaceAll('{channel}', noun);
}

/** Whether a code has words of its own; for tests, which hold the table complete. */
export const hasWords = (code: string): boolean => Object.hasOwn(reasons, code);

/** As a sentence of its own. */
export function sentence(words: string): string {
  const text = words.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** `1 person`, `2 people`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}
