import {
  BedrockClient,
  CreateInferenceProfileCommand,
  DeleteInferenceProfileCommand,
  ListInferenceProfilesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-bedrock';
import { ServiceError } from '../../../core/errors';
import { VERIFY_TAG } from '../../../core/tags';
import type { Found, TemporaryProfilesPort } from '../../../core/verify';
import { timeout } from '../pace';
import { allPagesOrRefusal, perRegion, regionOf } from '../regional';
import { calling } from '../service-error';

const REQUEST_MS = 10_000;
const LIST_MS = 30_000;
const PAGE = 1000;

/** @param clientFor called once a Region */
export function temporaryProfiles(
  clientFor: (region: string) => BedrockClient = (region) => new BedrockClient({ region, maxAttempts: 5 }),
): TemporaryProfilesPort {
  const clientOf = perRegion(clientFor);
  const options = () => ({ abortSignal: timeout(REQUEST_MS) });
  return {
    async create(region, { name, source, runId }) {
      const { inferenceProfileArn } = await calling(() =>
        clientOf(region).send(
          new CreateInferenceProfileCommand({
            inferenceProfileName: name,
            modelSource: { copyFrom: source },
            tags: [{ key: VERIFY_TAG, value: runId }],
          }),
          options(),
        ),
      );
      if (!inferenceProfileArn) throw new ServiceError('other', 'ArnMissing', `${name} was made without an ARN`);
      return inferenceProfileArn;
    },

    async list(region, namePrefix) {
      const abortSignal = timeout(LIST_MS);
      const client = clientOf(region);
      const all = await allPagesOrRefusal(async (token) => {
        const page = await calling(() =>
          client.send(
            new ListInferenceProfilesCommand({ typeEquals: 'APPLICATION', maxResults: PAGE, nextToken: token }),
            { abortSignal },
          ),
        );
        return { items: page.inferenceProfileSummaries ?? [], next: page.nextToken };
      });
      const found: Found[] = [];
      for (const { inferenceProfileName: name = '', inferenceProfileArn: arn } of all) {
        if (!name.startsWith(namePrefix) || !arn) continue;
        const runId = await tagOf(client, arn);
        found.push({ name, arn, ...(runId === undefined ? {} : { runId }) });
      }
      return found;
    },

    async remove(arn) {
      // By its ARN, which a policy of whoever removes it can name.
      const command = new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: arn });
      try {
        await calling(() => clientOf(regionOf(arn)).send(command, options()));
      } catch (error) {
        if (!(error instanceof ServiceError && error.refusal === 'notFound')) throw error;
      }
    },
  };
}

/** Undefined also where it has gone since it was listed. */
async function tagOf(client: BedrockClient, resourceARN: string): Promise<string | undefined> {
  try {
    const { tags = [] } = await calling(() =>
      client.send(new ListTagsForResourceCommand({ resourceARN }), { abortSignal: timeout(REQUEST_MS) }),
    );
    return tags.find(({ key }) => key === VERIFY_TAG)?.value;
  } catch (error) {
    if (error instanceof ServiceError && error.refusal === 'notFound') return undefined;
    throw error;
  }
}
