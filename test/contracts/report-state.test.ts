import { FakeReportState } from '../../simulator/fakes/report-state';
import { onFake } from './suites/contract';
import { reportStateContract } from './suites/report-state';

reportStateContract(
  'the fake',
  onFake(() => ({ port: new FakeReportState() })),
);
