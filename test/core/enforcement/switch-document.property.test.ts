import fc from 'fast-check';
import {
  openDocument,
  sameDocument,
  stateOf,
  switchDocument,
  SWITCH_STATES,
} from '../../../core/enforcement/switch-document';
import { sha256 } from '../../../lambda/digest';

const anyState = fc.constantFrom(...SWITCH_STATES);
const anyScope = fc.record({
  partition: fc.constantFrom('aws', 'aws-us-gov'),
  account: fc.stringMatching(/^\d{12}$/),
  smallModels: fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}\.[a-z0-9-]{3,20}$/), { maxLength: 6 }),
});

test('each version tells its state by its content alone, whichever release and scope wrote it', () => {
  fc.assert(
    fc.property(anyState, anyScope, (state, scope) => {
      expect(stateOf(switchDocument(state, scope, sha256), sha256)).toBe(state);
      expect(stateOf(JSON.parse(JSON.stringify(switchDocument(state, scope, sha256))), sha256)).toBe(state);
    }),
  );
});

test('the open version is the same in every environment: what the template makes is what a deploy writes', () => {
  fc.assert(
    fc.property(anyScope, (scope) => sameDocument(openDocument(sha256), switchDocument('open', scope, sha256))),
  );
});
