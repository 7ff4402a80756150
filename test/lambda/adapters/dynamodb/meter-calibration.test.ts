import { ServiceError } from '../../../../core/errors';
import { meterCalibration } from '../../../../lambda/adapters/dynamodb/meter-calibration';
import { meterState } from '../../../../lambda/adapters/dynamodb/meter-state';
import { MemoryTable } from '../../../helpers/memory-table';

test('what cost-check keeps is what the meter reads; the next one replaces it, and it never expires', async () => {
  const table = new MemoryTable();
  await meterCalibration('state', table.client).keepCalibration({ factor: 1.3, at: 5 });
  await meterCalibration('state', table.client).keepCalibration({ factor: 1.25, at: 99 });
  expect(await meterState('state', table.client).calibration()).toEqual({ factor: 1.25, at: 99 });
  expect(table.items.get('calibration\u0000meter')).toEqual({
    ...{ pk: { S: 'calibration' }, sk: { S: 'meter' }, schemaVersion: { N: '1' } },
    ...{ factor: { N: '1.25' }, at: { N: '99' } },
  });
});

test('a refusal is a ServiceError with the service’s own name', async () => {
  const table = new MemoryTable();
  table.failure = 'ThrottlingException';
  const kept = meterCalibration('state', table.client).keepCalibration({ factor: 1, at: 1 });
  await expect(kept).rejects.toMatchObject({ refusal: 'throttled', errorName: 'ThrottlingException' });
  await expect(kept).rejects.toBeInstanceOf(ServiceError);
});
