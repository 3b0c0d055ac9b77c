// Two ways to end a sequence at once: it ends once, with the reason of whoever came first.
import { erase, optOut, reply, reportedOptOut, stop } from './actions.ts';
import { due, sending } from './arrangements.ts';
import { interleavings } from './suite.ts';

const ended = (reason: string): string => `${reason}: cancelled, cancelled`;

const stopped = (reason: string): string => `${reason}: sent, cancelled; message sent`;

interleavings('interleavings_stop', [
  { when: due, first: stop, second: reply, inTurn: [ended('owner_stopped'), ended('replied')] },
  { when: sending, first: stop, second: optOut, inTurn: [stopped('owner_stopped'), stopped('opted_out_email')] },
  {
    when: due,
    first: erase,
    second: optOut,
    inTurn: [`${ended('customer_erased')} | customer erased`, `${ended('opted_out_email')} | customer erased`],
  },
  {
    when: due,
    first: reportedOptOut('report'),
    second: reportedOptOut('same report'),
    inTurn: [ended('opted_out_email'), ended('opted_out_email')],
  },
]);
