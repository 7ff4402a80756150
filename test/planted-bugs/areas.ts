import { BUGS, type PlantedBug } from './bugs';
import { IN_PATH_BUGS } from './in-path';
import { ORGANIZATION_BUGS } from './organization';
import { SHARED_BUDGET_BUGS } from './shared-budgets';
import { SWITCH_BUGS } from './switch';

interface Area {
  readonly area: string;
  readonly tests: readonly string[];
  readonly bugs: readonly PlantedBug[];
}

/** Which tests must see which bugs. */
export const AREAS: readonly Area[] = [
  { area: 'meter', tests: ['test/simulator/faults', 'test/lambda/spend-meter'], bugs: BUGS },
  {
    area: 'switch',
    tests: [
      'test/core/enforcement',
      'test/lambda/switch',
      'test/lambda/principals',
      'test/lambda/adapters/iam/policy-versions',
    ],
    bugs: SWITCH_BUGS,
  },
  {
    area: 'shared-budgets',
    tests: ['test/core/ledger/tree', 'test/core/ledger/rooms', 'test/core/shared-budgets', 'test/client/budgets'],
    bugs: SHARED_BUDGET_BUGS,
  },
  {
    area: 'organization',
    tests: ['test/core/organization', 'test/lambda/organization', 'test/lambda/spend-meter/standing'],
    bugs: ORGANIZATION_BUGS,
  },
  { area: 'in-path', tests: ['test/client', 'test/core/in-path'], bugs: IN_PATH_BUGS },
];
