// What an SMS costs: carriers count segments, and one character outside GSM-7 more than halves what fits into each.
import { SegmentedMessage } from 'sms-segments-calculator';

export interface SmsSegments {
  /** GSM-7 holds 160 characters (153 in each of several segments), UCS-2 holds 70 (67). */
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
  /** As carriers count them: some signs of GSM-7, such as €, count twice. */
  characters: number;
  /** The characters that make it UCS-2, each once, in the order of the text. */
  costly: string[];
}

/** Counts the segments of a text as it is sent. An empty text has none. */
export function smsSegments(text: string): SmsSegments {
  if (text === '') return { encoding: 'GSM-7', segments: 0, characters: 0, costly: [] };
  const message = new SegmentedMessage(text);
  return {
    encoding: message.encodingName,
    segments: message.segmentsCount,
    characters: message.numberOfCharacters,
    costly: [...new Set(message.getNonGsmCharacters())],
  };
}
