import { spentByCaller } from '../../../core/spenders/by';
import { arnOf, MONTH, NOVEMBER_23, type Callers } from '../../helpers/spenders';

export const by = (division: 'person' | 'role' | 'session', of: Callers) =>
  spentByCaller(MONTH, of, division, NOVEMBER_23);

/** The bill of November is complete, as far as anybody knows. */
export const DECEMBER_3 = Date.parse('2026-12-03T00:00:00Z');

export const ANA = arnOf.user('ana');
