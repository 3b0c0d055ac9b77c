// The three businesses of the demo. Names, addresses and people are made up; numbers are of the range kept for fiction.
import type { ServiceType } from '../../generated/rows.ts';

interface DemoCampaign {
  preset: 'gentle' | 'standard' | 'assertive';
  /** Null: all services without a campaign of their own. */
  serviceType: ServiceType | null;
  name: string;
}

export interface DemoBusiness {
  /** In the ids of its jobs and customers. */
  key: string;
  name: string;
  timeZone: string;
  profile: Readonly<Record<string, string | string[]>>;
  overlap: 'skip' | 'queue_after' | 'replace';
  /** Its part of all jobs. */
  share: number;
  areaCodes: readonly string[];
  work: readonly DemoWork[];
  campaigns: readonly DemoCampaign[];
  /** The campaign that is paused for two days. */
  pauses?: string;
}

interface DemoWork {
  serviceType: ServiceType;
  titles: readonly string[];
}

export const demoBusinesses: readonly DemoBusiness[] = [
  {
    key: 'nh',
    name: 'Northway Heating & Cooling',
    timeZone: 'America/New_York',
    profile: {
      state: 'NY',
      postal_address: '48 Canal Street, Albany, NY 12207',
      sender_name: 'Dana at Northway',
      contact_phone: '+15185550100',
      contact_email: 'office@northway-heating.example.com',
      review_url: 'https://reviews.example.com/northway-heating',
      service_types: ['hvac', 'electrical'],
    },
    overlap: 'skip',
    share: 0.4,
    areaCodes: ['518', '838'],
    work: [
      {
        serviceType: 'hvac',
        titles: ['Furnace tune-up', 'Heat pump service', 'Thermostat replaced', 'No heat: igniter replaced'],
      },
      {
        serviceType: 'hvac',
        titles: ['AC season check', 'Boiler flushed', 'Ducts sealed', 'Mini split installed'],
      },
      { serviceType: 'electrical', titles: ['Dedicated circuit for heat pump', 'Panel check'] },
    ],
    campaigns: [
      { preset: 'assertive', serviceType: 'hvac', name: 'After heating and cooling work' },
      { preset: 'gentle', serviceType: null, name: 'After everything else' },
    ],
  },
  {
    key: 'fr',
    name: 'Front Range Plumbing',
    timeZone: 'America/Denver',
    profile: {
      state: 'CO',
      postal_address: '2210 Larimer Street, Denver, CO 80205',
      sender_name: 'Luis',
      contact_phone: '+13035550100',
      contact_email: 'hello@frontrange-plumbing.example.com',
      review_url: 'https://reviews.example.com/front-range-plumbing',
      service_types: ['plumbing', 'other'],
    },
    overlap: 'queue_after',
    share: 0.35,
    areaCodes: ['303', '720'],
    work: [
      {
        serviceType: 'plumbing',
        titles: ['Drain cleared', 'Water heater replaced', 'Leak under sink', 'Toilet rebuilt', 'Sump pump installed'],
      },
      { serviceType: 'plumbing', titles: ['Main line camera', 'Faucet replaced', 'Frozen pipe repaired'] },
      { serviceType: 'other', titles: ['Water softener serviced', 'Backflow test'] },
    ],
    campaigns: [
      { preset: 'standard', serviceType: 'plumbing', name: 'After plumbing' },
      { preset: 'gentle', serviceType: null, name: 'After tests and service' },
    ],
    pauses: 'After plumbing',
  },
  {
    key: 'hl',
    name: 'Harbor Light Cleaning',
    timeZone: 'America/Los_Angeles',
    profile: {
      state: 'CA',
      postal_address: '915 Grand Avenue, Oakland, CA 94610',
      sender_name: 'The Harbor Light team',
      contact_phone: '+15105550100',
      contact_email: 'team@harborlight-cleaning.example.com',
      review_url: 'https://reviews.example.com/harbor-light-cleaning',
      service_types: ['cleaning'],
    },
    overlap: 'replace',
    share: 0.25,
    areaCodes: ['510', '341'],
    work: [
      { serviceType: 'cleaning', titles: ['Deep clean', 'Move-out clean', 'Regular clean', 'Windows inside and out'] },
    ],
    campaigns: [{ preset: 'standard', serviceType: null, name: 'After every clean' }],
  },
];
