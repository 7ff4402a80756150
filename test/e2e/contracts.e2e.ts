import { startEmulator } from '../../local/emulator';
import { attachmentsContract } from '../contracts/suites/attachments';
import { Account } from './contracts/account';
import { attachments } from './contracts/iam';

/** The real adapters on the local AWS, held to the contracts that the fakes are held to. */
const account = new Account();
beforeAll(async () => account.use(await startEmulator({ scheduleSeconds: 3600 })), 120_000);
afterAll(() => account.aws.stop());

attachmentsContract(
  'IAM',
  account.ground(() => attachments(account)),
);
