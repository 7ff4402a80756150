import { startEmulator } from '../../local/emulator';
import { attachmentsContract } from '../contracts/suites/attachments';
import { concurrencyStateContract } from '../contracts/suites/concurrency-state';
import { guardStatusContract } from '../contracts/suites/guard-status';
import { statusWriterContract } from '../contracts/suites/guard-status-writer';
import { healthStateContract } from '../contracts/suites/health-state';
import { meterStateContract } from '../contracts/suites/meter-state';
import { reportStateContract } from '../contracts/suites/report-state';
import { sessionsContract } from '../contracts/suites/sessions';
import { Account } from './contracts/account';
import { attachments } from './contracts/iam';
import { status } from './contracts/leases-table';
import { concurrencyRecords, health, meter, reports, sessions, statusWriter } from './contracts/state-table';

/** The real adapters on the local AWS, held to the contracts that the fakes are held to. */
const account = new Account();
beforeAll(async () => account.use(await startEmulator({ scheduleSeconds: 3600 })), 120_000);
afterAll(() => account.aws.stop());

const on = <Subject>(make: (of: Account) => Subject | Promise<Subject>) => account.ground(() => make(account));

attachmentsContract('IAM', on(attachments));
meterStateContract('DynamoDB', on(meter));
statusWriterContract('DynamoDB', on(statusWriter));
guardStatusContract('DynamoDB', on(status));
sessionsContract('DynamoDB', on(sessions));
concurrencyStateContract('DynamoDB', on(concurrencyRecords));
reportStateContract('DynamoDB', on(reports));
healthStateContract('DynamoDB', on(health));
