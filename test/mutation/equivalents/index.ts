import type { Equivalent } from '../result';
import { decision } from './decision';
import { enforcement } from './enforcement';
import { inPath } from './in-path';
import { ledger } from './ledger';
import { meter } from './meter';
import { stopLines } from './stop-lines';

export const EQUIVALENTS: readonly Equivalent[] = [
  ...decision,
  ...enforcement,
  ...inPath,
  ...ledger,
  ...meter,
  ...stopLines,
];
