// What stands in the way of deciding about messages that nobody can prove: a part of the table of errors.

export const unprovedErrors = {
  TL313: {
    name: 'touch_state',
    status: 409,
    exitCode: 3,
    what: 'The state of the message does not allow that.',
    why: 'Only a message that is unknown or held waits for a decision, and only a sequence that runs sends again.',
    fix: 'Look at the message; touchline unknown list shows those that are open.',
  },
  TL314: {
    name: 'risk_not_acknowledged',
    status: 409,
    exitCode: 3,
    what: 'The customer may get this message twice.',
    why: 'Nothing proves that the first one did not arrive.',
    fix: 'Ask the provider or the customer; or acknowledge the risk of a duplicate.',
  },
  TL315: {
    name: 'doubts_open',
    status: 409,
    exitCode: 3,
    what: 'Not everything that may have been sent is resolved.',
    why: 'Messages that may have left in the time this database lost are open.',
    fix: 'Run touchline reconcile --since MOMENT until it says that nothing is open.',
  },
} as const;
