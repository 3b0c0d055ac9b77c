// The made-up customers of the demo, with what a business of this size really knows of them: not everybody said yes to texts,
// some have no email address or no phone, some live in another zone.
import type { CustomerFields } from '../../db/call/jobs.ts';
import type { DemoBusiness } from './businesses.ts';
import { type Chance, chanceOf } from './random.ts';

const firstNames =
  'Ava Ben Carla Dmitri Elena Farid Grace Hugo Imani Jonas Keiko Liam Maya Nora Omar Priya Quinn Rosa Samuel Tessa Uma Viktor Wendy Ximena Yusuf Zoe'.split(
    ' ',
  );
const lastNames =
  'Adler Brooks Castillo Dawson Eriksen Fischer Garza Hayes Ibrahim Jensen Kowalski Lambert Moreno Novak Okafor Park Quigley Rossi Singh Tanaka Ueda Vance Whitfield Young Zeller'.split(
    ' ',
  );
const domains = ['example.com', 'mail.example.com', 'home.example.net'];
// People who moved away and let their house.
const elsewhere = ['America/Chicago', 'America/Phoenix', 'America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu'];
const methods = ['verbal_in_person', 'phone_call', 'website_form', 'service_agreement'];

function consentOf(chance: Chance): CustomerFields {
  // Nobody asked: the usual case of an old customer list.
  if (chance.happens(0.3)) return {};
  if (chance.happens(0.06)) return { sms_consent: { status: 'opted_out', source: 'api', method: 'verbal_in_person' } };
  const consent = { status: 'opted_in', source: 'api', method: chance.pick(methods), consent_form: 'express' };
  return { sms_consent: consent };
}

/**
 * The customer of a number, always the same one.
 * @param index below 100 times the number of area codes: that many numbers are kept for fiction
 */
export function personOf(seed: number, business: DemoBusiness, index: number): CustomerFields {
  const chance = chanceOf(seed, 'person', business.key, index);
  const [first, last] = [chance.pick(firstNames), chance.pick(lastNames)];
  const areaCode = business.areaCodes[Math.floor(index / 100) % business.areaCodes.length];
  const phone = `+1${areaCode}55501${String(index % 100).padStart(2, '0')}`;
  const email = `${first}.${last}.${business.key}${index}@${chance.pick(domains)}`.toLowerCase();
  const has = { email: !chance.happens(0.08), phone: !chance.happens(0.06) };
  return {
    external_id: `${business.key}-c${index}`,
    first_name: first,
    last_name: last,
    state: String(business.profile.state),
    email: has.email ? email : null,
    phone: has.phone ? phone : null,
    ...(chance.happens(0.06) ? { time_zone: chance.pick(elsewhere), time_zone_source: 'address' } : {}),
    ...(has.phone ? consentOf(chance) : {}),
  };
}
