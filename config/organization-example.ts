import { defineOrganization } from './organization-schema';

/**
 * An organisation's limits by account. Copy it, or edit it here; `npx cdk synth --context organization=config/organization-example.ts`
 * checks it and names every mistake at once. Amounts are whole US dollars a calendar month (UTC).
 */
export default defineOrganization({
  organizationId: 'o-a1b2c3d4e5',
  managementAccount: '111111111111',
  hubRegion: 'us-east-1',
  owner: 'ti@dadosfera.ai', // gets the hub's alerts, its requests for approval and the daily mail
  report: { at: '08:00', timeZone: 'America/Sao_Paulo' },

  brake: {
    approval: 'needsApproval', // 'automatic': put on without asking
    atPercent: 110, // of an account's limit below, for all of its environments together
    neverStop: ['arn:aws:iam::*:role/break-glass'], // spared in every account
  },

  stackSet: {
    organizationalUnits: ['ou-ab12-11111111'], // every account in them has a guard, those of tomorrow too
    mode: 'enforce', // 'watch': the guards deny nobody
    accountWide: true, // counts all of Bedrock in the account
    regions: ['us-east-1'],
  },

  people: { viewers: [], operators: [] }, // ARNs of roles and users that may ask, and order

  defaultLimitUsd: 25, // of each account that is not named here
  accounts: {
    '222222222222': { limitUsd: 500, email: 'search@dadosfera.ai' },
    '333333333333': { limitUsd: 100, brake: 'automatic' },
    '444444444444': { limitUsd: 100 },
  },
});
