import { at } from '../../../helpers/meter-world';

export const FROM = at('2026-11-01T00:00');

export const TO = at('2026-11-10T13:00');
