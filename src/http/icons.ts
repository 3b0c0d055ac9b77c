// Signs of our own, drawn in the colour of the text around them. They never stand alone: words say the same.
import { html, raw } from 'hono/html';

const paths = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3 2',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  pause: 'M9 5.5v13M15 5.5v13',
  stop: 'M7 7h10v10H7z',
  skip: 'M5 12h14',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  question: 'M9 9.2a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.2-1.6 2.6M12 18v.01',
  hand: 'M12 4v9M12 18.5v.01',
  star: 'M12 4l2.5 5.2 5.5.8-4 4 1 5.7-5-2.7-5 2.7 1-5.7-4-4 5.5-.8z',
  reply: 'M9.5 6L4 11.5l5.5 5.5M4.5 11.5H14a6 6 0 0 1 6 6',
  wrench:
    'M14.5 6.5a4 4 0 0 1 5-1l-2.5 2.5 1.5 1.5L21 7a4 4 0 0 1-5.5 4.7L8 19.2a1.8 1.8 0 0 1-2.6-2.6l7.3-7.4a4 4 0 0 1 1.8-2.7z',
  flag: 'M6 21V4.5M6 5h11l-2.5 3.5L17 12H6',
  email: 'M3.5 6h17v12h-17zM3.5 7l8.5 6.5L20.5 7',
  sms: 'M4 5h16v11H11l-4.5 4v-4H4z',
  ring: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z',
  back: 'M14.5 6l-6 6 6 6',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.5v.01',
  plane: 'M20.5 3.5L10 14M20.5 3.5L14 20.5l-4-6.5-6.5-4z',
} as const;

export type Icon = keyof typeof paths;

export function icon(name: Icon): ReturnType<typeof html> {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="${raw(paths[name])}"/></svg>`;
}

/** The line at the side of a pitch, and what comes to it. */
export const brandMark = html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M6 2v20" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"/><circle cx="15" cy="12" r="5" fill="currentColor"/></svg>`;
