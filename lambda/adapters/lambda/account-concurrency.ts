import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { GuardError } from '../../../core/errors';
import type { AccountConcurrencyPort } from '../../../core/concurrency';
import { calling } from '../service-error';

export function accountConcurrency(client = new LambdaClient({})): AccountConcurrencyPort {
  return {
    async unreserved() {
      const { AccountLimit } = await calling(() => client.send(new GetAccountSettingsCommand({})));
      const free = AccountLimit?.UnreservedConcurrentExecutions;
      if (free === undefined)
        throw new GuardError('ANSWER_INVALID', 'GetAccountSettings gave no unreserved concurrency');
      return free;
    },

    async reserved(FunctionName) {
      const answer = await calling(() => client.send(new GetFunctionConcurrencyCommand({ FunctionName })));
      return answer.ReservedConcurrentExecutions;
    },

    async reserve(FunctionName, ReservedConcurrentExecutions) {
      await calling(() =>
        client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions })),
      );
    },
  };
}
