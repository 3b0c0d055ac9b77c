// Duplicates, losses and mixed-up messages.
import { ClaimUnproved, type Sender } from '../../src/engine/ports.ts';
import type { Mutant } from './mutant.ts';

const neverAnswered = 'the provider takes a message and never answers';
const lost = 'the provider loses a message and never answers';
const refused = 'a message is refused for now, and the address changes meanwhile';
const callbacks = 'callbacks out of order, and one twice';
const brands = 'two businesses with words and accounts of their own';
const life = 'three touches by email and SMS, for three people';

const ambiguity = "p_outcome = 'ambiguous' and p_state = 'sending' then 'unknown'";

/** A sender that changes what is answered. */
const answering =
  (change: (send: () => ReturnType<Sender['send']>) => ReturnType<Sender['send']>) =>
  (sender: Sender): Sender => ({ ...sender, send: (...message) => change(() => sender.send(...message)) });

const promise: Mutant[] = [
  {
    name: 'sends-again-when-nobody-answers',
    what: 'hands over once more where the provider does not answer',
    scenario: neverAnswered,
    breaks: ['01_one_acceptance_per_touch'],
    wrap: {
      file: 'src/engine/hand-over.ts',
      sender: answering(async (send) => {
        const outcome = await send();
        return outcome.kind === 'ambiguous' ? send() : outcome;
      }),
    },
  },
  {
    name: 'retries-without-proof',
    what: 'makes a touch due again whose outcome nobody knows',
    scenario: neverAnswered,
    breaks: ['01_one_acceptance_per_touch', '06_retry_needs_proof'],
    changes: [{ function: 'judge_outcome', from: ambiguity, to: ambiguity.replace("'unknown'", 'v_again') }],
  },
  {
    name: 'resends-at-the-horizon',
    what: 'sends again at the horizon, where the policy presumes that it was sent',
    scenario: neverAnswered,
    breaks: ['01_one_acceptance_per_touch', '06_retry_needs_proof'],
    changes: [
      {
        function: 'judge_outcome',
        from: "p_state = 'unknown' then 'presumed_sent'",
        to: "p_state = 'unknown' then v_again",
      },
    ],
  },
  {
    name: 'silence-of-a-worker-is-a-refusal',
    what: 'takes the message of a worker that died for refused',
    scenario: 'a worker dies between the provider and the database',
    breaks: ['01_one_acceptance_per_touch'],
    changes: [
      {
        function: 'reconcile_touches',
        from: "when l.state = 'sending' then 'ambiguous'",
        to: "when l.state = 'sending' then 'retry'",
      },
    ],
  },
  {
    name: 'sends-without-a-commit',
    what: "hands over what it claimed although the commit's reply was lost",
    scenario: "a claim's commit gets no reply",
    breaks: ['03_acceptance_has_intent'],
    wrap: {
      file: 'src/engine/claim.ts',
      store: (store) => ({
        ...store,
        claim: (request) =>
          store.claim(request).catch((error: unknown) => {
            if (error instanceof ClaimUnproved) return [...error.intents];
            throw error;
          }),
      }),
    },
  },
  {
    name: 'no-answer-is-success',
    what: 'calls sent what the provider never confirmed',
    scenario: lost,
    breaks: ['04_sent_was_accepted'],
    changes: [{ function: 'judge_outcome', from: ambiguity, to: ambiguity.replace("'unknown'", "'sent'") }],
  },
  {
    name: 'no-answer-is-a-refusal',
    what: 'calls failed what the provider may have taken',
    scenario: neverAnswered,
    breaks: ['05_acceptance_is_not_lost'],
    wrap: {
      file: 'src/engine/hand-over.ts',
      sender: answering(async (send) => {
        const outcome = await send();
        return outcome.kind === 'ambiguous' ? { ...outcome, kind: 'rejected' } : outcome;
      }),
    },
  },
  {
    name: 'a-stop-hides-an-acceptance',
    what: 'calls cancelled what was accepted after a stop',
    scenario: 'a stop while the provider has the message',
    breaks: ['05_acceptance_is_not_lost'],
    changes: [
      {
        function: 'judge_outcome',
        from: "then nullif('sent', p_state)",
        to: "then case when p_stopped then 'cancelled' else nullif('sent', p_state) end",
      },
    ],
  },
];

const intents: Mutant[] = [
  {
    name: 'a-new-intent-for-each-attempt',
    what: 'writes a second intent for a further attempt',
    scenario: refused,
    breaks: ['02_one_intent_per_touch'],
    changes: [
      {
        function: 'claim_lanes',
        from: "where d.verdict = 'send' and d.send_log_id is null",
        to: "where d.verdict = 'send'",
      },
    ],
    drops: 'idx_send_logs_enrollment',
  },
  {
    name: 'sends-to-the-address-of-today',
    what: "sends a further attempt to the customer's present address instead of the frozen one",
    scenario: refused,
    breaks: ['07_same_message_every_time'],
    changes: [
      {
        function: 'claim_due_touches',
        from: 'l.recipient, l.template_version_id',
        to: `(select k.email from touchline.customers k where (k.business_id, k.id) = (l.business_id, l.customer_id)),
        l.template_version_id`,
      },
    ],
  },
  {
    name: 'retries-for-ever',
    what: 'does not count attempts against the limit',
    scenario: 'a message is refused for now, again and again',
    breaks: ['08_attempts_are_limited'],
    changes: [{ function: 'judge_outcome', from: 'p_attempts + 1 >= p_max_attempts', to: 'false' }],
  },
  {
    name: 'unknown-for-ever',
    what: 'never lets the policy decide',
    scenario: lost,
    breaks: ['09_unknown_is_resolved'],
    changes: [
      {
        function: 'judge_outcome',
        from: "p_state = 'unknown' then 'presumed_sent'",
        to: "p_state = 'unknown' then null",
      },
    ],
  },
  {
    name: 'forgets-unknown-messages',
    what: 'forgets a claim of which a message is still unknown',
    scenario: 'the provider is slow to tell, and later touches wait',
    breaks: ['09_unknown_is_resolved'],
    changes: [{ function: 'reconcile_touches', from: 'if v_next_at is not null then', to: 'if false then' }],
  },
  {
    name: 'a-dead-worker-is-not-noticed',
    what: 'looks a year later at what a worker left open',
    scenario: 'a worker dies between the provider and the database',
    breaks: ['25_sending_has_an_end'],
    changes: [
      {
        function: 'claim_lanes',
        from: 'p_now + v_leases[s.lane], p_now + v_leases[s.lane],',
        to: "p_now + v_leases[s.lane], p_now + interval '1 year',",
      },
    ],
  },
  {
    name: 'a-late-refusal-counts',
    what: 'lets a refusal that comes late undo what the policy decided',
    scenario: 'a worker reports an hour late, once the policy has decided',
    breaks: ['26_legal_transitions'],
    changes: [
      {
        function: 'judge_outcome',
        from: "in ('rejected', 'template_error') and p_state in ('sending', 'unknown')",
        to: "in ('rejected', 'template_error')",
      },
    ],
  },
];

const firstAccount = (sender: Sender): Sender => {
  let first: Parameters<Sender['send']>[0]['sender'] | undefined;
  return {
    ...sender,
    send: (message, ...rest) => {
      first ??= message.sender;
      return sender.send({ ...message, sender: first }, ...rest);
    },
  };
};

const businesses: Mutant[] = [
  {
    name: 'an-intent-of-another-campaign',
    what: 'writes the intent for another campaign of the business',
    scenario: life,
    breaks: ['30_one_business'],
    changes: [
      {
        function: 'touch_decisions',
        from: 'q.late_after, e.customer_id, e.campaign_id,',
        to: `q.late_after, e.customer_id,
      (select x.id from touchline.campaigns x where x.business_id = q.business_id and x.id <> e.campaign_id) as campaign_id,`,
      },
    ],
  },
  {
    name: 'an-account-of-the-other-channel',
    what: 'takes the account of the other channel',
    scenario: life,
    breaks: ['31_own_sender'],
    changes: [
      {
        function: 'rate_slots',
        from: 'where a.business_id = p_business_id and a.channel = p_channel and a.in_use',
        to: 'where a.business_id = p_business_id and a.channel <> p_channel and a.in_use',
      },
    ],
  },
  {
    name: 'the-account-it-used-first',
    what: 'hands everything over through the account it used first',
    scenario: brands,
    breaks: ['31_accepted_from_own_sender'],
    wrap: { file: 'src/engine/hand-over.ts', sender: firstAccount },
  },
  {
    name: "another-business's-words",
    what: 'fills texts with the name of another business',
    scenario: brands,
    breaks: ['32_no_canary_elsewhere'],
    changes: [
      {
        function: 'touch_decisions',
        from: 'join touchline.businesses b on b.id = d.business_id',
        to: `join touchline.businesses b on b.id = (
      select x.id from touchline.businesses x where x.id <> d.business_id and x.user_id is not null limit 1)`,
      },
    ],
  },
  {
    name: 'a-callback-counts-twice',
    what: 'stores a repeated callback again',
    scenario: callbacks,
    breaks: ['33_webhooks_once'],
    changes: [
      {
        function: 'record_provider_event',
        from: 'on conflict (business_id, provider, event_id) do nothing',
        to: '',
      },
    ],
    drops: 'webhook_inbox webhook_inbox_event_key',
  },
  {
    name: 'the-last-callback-wins',
    what: 'takes the status of the callback that came last',
    scenario: callbacks,
    breaks: ['34_delivery_is_monotone'],
    changes: [{ function: 'record_provider_event', from: 'order by m.rank desc', to: 'order by m.created_at desc' }],
  },
];

export const mutantsOfSending: readonly Mutant[] = [...promise, ...intents, ...businesses];
