import { BedrockClient, ListInferenceProfilesCommand, ListTagsForResourceCommand } from '@aws-sdk/client-bedrock';
import type { ApplicationProfilesPort } from '../../../core/meter';
import { ServiceError } from '../../../core/errors';
import { ENVIRONMENT_TAG } from '../../../core/tags';
import { timeout } from '../pace';
import { allPagesOrRefusal, perRegion, regionOf } from '../regional';
import { calling } from '../service-error';

/** Over all pages. */
const LIST_MS = 6_000;
const TAGS_MS = 4_000;
const PAGE = 1000;
const MODEL = 'foundation-model/';

/** @param clientFor called once a Region */
export function applicationProfiles(
  clientFor: (region: string) => BedrockClient = (region) => new BedrockClient({ region, maxAttempts: 2 }),
): ApplicationProfilesPort {
  const clientOf = perRegion(clientFor);
  return {
    async list(region) {
      const abortSignal = timeout(LIST_MS);
      const summaries = await allPagesOrRefusal(async (token) => {
        const command = new ListInferenceProfilesCommand({
          typeEquals: 'APPLICATION',
          maxResults: PAGE,
          nextToken: token,
        });
        const page = await calling(() => clientOf(region).send(command, { abortSignal }));
        return { items: page.inferenceProfileSummaries ?? [], next: page.nextToken };
      });
      return summaries.map(({ inferenceProfileArn: arn, models = [] }) => {
        if (!arn) throw new ServiceError('other', 'ArnMissing', `a profile in ${region} came without an ARN`);
        const modelIds = models.flatMap(({ modelArn = '' }) =>
          modelArn.includes(MODEL) ? [modelArn.slice(modelArn.indexOf(MODEL) + MODEL.length)] : [],
        );
        // One that spans Regions names its model once for each.
        return { arn, id: arn.slice(arn.lastIndexOf('/') + 1), modelIds: [...new Set(modelIds)] };
      });
    },

    async environmentOf(profileArn) {
      return environmentTag(clientOf(regionOf(profileArn)), profileArn);
    },
  };
}

/** The environment tag of something of Bedrock. @throws ServiceError */
export async function environmentTag(client: BedrockClient, resourceARN: string): Promise<string | undefined> {
  const { tags = [] } = await calling(() =>
    client.send(new ListTagsForResourceCommand({ resourceARN }), { abortSignal: timeout(TAGS_MS) }),
  );
  return tags.find(({ key }) => key === ENVIRONMENT_TAG)?.value;
}
